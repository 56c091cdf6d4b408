import { byId } from './dom.js';

/** Asks the sandbox to do something, and says below the form how it went. */
export async function act(name, input) {
  const notice = byId('notice');
  try {
    const response = await fetch(`/sandbox/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const result = await response.json();
    notice.className = result.ok ? '' : 'bad';
    notice.textContent = result.text ?? result.detail ?? '';
    return result;
  } catch (error) {
    notice.className = 'bad';
    notice.textContent = `Tocsin does not answer: ${error.message}`;
    return { ok: false, text: notice.textContent };
  }
}

export async function readState() {
  const response = await fetch('/sandbox/api/state');
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
  return response.json();
}

/** Calls back at every change, and says whether the line is up. */
export function listen(onChange, onLine) {
  const feed = new EventSource('/sandbox/api/live');
  feed.onmessage = onChange;
  feed.onopen = () => onLine(true);
  feed.onerror = () => onLine(false);
}
