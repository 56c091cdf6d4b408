/** Builds elements. Text only ever becomes a text node: nothing that comes from an alert is read as HTML. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Only web and mail addresses become links: a `javascript:` one stays text. */
export function link(address, ...children) {
  const safe = /^(https?:|mailto:)/i.test(address);
  return safe
    ? el('a', { href: address, rel: 'noreferrer', target: '_blank' }, ...children)
    : el('span', {}, ...children);
}

export const byId = (id) => document.getElementById(id);

/** Replaces the content when the data behind it changed, so that focus and scroll stay where they are. */
export function redraw(element, data, draw) {
  const key = JSON.stringify(data);
  if (element.drawnFrom === key) return false;
  element.drawnFrom = key;
  element.replaceChildren(...[draw()].flat());
  return true;
}

export const clock = (millis) => new Date(millis).toLocaleTimeString();
