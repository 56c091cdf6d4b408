import { el, link } from './dom.js';

/** Draws Slack's mrkdwn as nodes. `names` turns user and channel ids into names. */

const emoji = {
  rotating_light: '🚨',
  fire: '🔥',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  warning: '⚠️',
  eyes: '👀',
  bell: '🔔',
  no_bell: '🔕',
  mute: '🔇',
  x: '❌',
  red_circle: '🔴',
  large_orange_circle: '🟠',
  orange_circle: '🟠',
  large_yellow_circle: '🟡',
  yellow_circle: '🟡',
  large_green_circle: '🟢',
  green_circle: '🟢',
  large_blue_circle: '🔵',
  blue_circle: '🔵',
  white_circle: '⚪',
  information_source: 'ℹ️',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  speech_balloon: '💬',
  memo: '📝',
  arrow_up: '⬆️',
  arrow_down: '⬇️',
  zzz: '💤',
  sos: '🆘',
  pager: '📟',
  lock: '🔒',
  repeat: '🔁',
  tada: '🎉',
  question: '❓',
  mag: '🔍',
};

const plain = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** In this order: what is inside code or angle brackets is not looked at again. */
const token =
  /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+):|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;

export function mrkdwn(text, names) {
  // A line that begins with > is a quote, but not inside a code block, which may hold anything.
  if (text.includes('```')) return inline(text, names);
  return text.split(/^(&gt;.*)\n?/m).flatMap((part) => {
    const quoted = /^&gt; ?(.*)$/.exec(part);
    return quoted ? el('blockquote', {}, inline(quoted[1], names)) : inline(part, names);
  });
}

function inline(text, names) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(token)) {
    nodes.push(plain(text.slice(from, match.index)));
    nodes.push(drawToken(match, names));
    from = match.index + match[0].length;
  }
  nodes.push(plain(text.slice(from)));
  return nodes.filter((node) => node !== '');
}

function drawToken([whole, block, code, angle, short, bold, italic, strike], names) {
  if (block !== undefined) return el('pre', {}, plain(block.replace(/^\n/, '')));
  if (code !== undefined) return el('code', {}, plain(code));
  if (angle !== undefined) return drawAngle(angle, names);
  if (short !== undefined) return emoji[short] ?? whole;
  if (bold !== undefined) return el('b', {}, ...inline(bold, names));
  if (italic !== undefined) return el('i', {}, ...inline(italic, names));
  return el('s', {}, ...inline(strike, names));
}

/** `<url|text>`, `<@U1>`, `<#C1>`, `<!here>`, `<!date^unix^format|fallback>`. */
function drawAngle(content, names) {
  const [target, label] = content.split(/\|(.*)/s);
  const mention = (text) => el('span', { class: 'mention' }, text);
  if (target.startsWith('@')) return mention(`@${names(target.slice(1))}`);
  if (target.startsWith('#')) return mention(`#${label || names(target.slice(1))}`);
  if (target.startsWith('!date^')) return drawDate(target, label);
  if (target.startsWith('!')) return mention(`@${label || target.slice(1).split('^')[0]}`);
  return link(plain(target), plain(label ?? target));
}

function drawDate(target, fallback) {
  const [, seconds] = target.split('^');
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return fallback ?? '';
  return el('time', { datetime: at.toISOString(), title: fallback }, at.toLocaleString());
}
