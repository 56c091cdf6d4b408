import { byId, clock, el, redraw } from './dom.js';

/** The tabs of PagerDuty, the fallback and the events. */

export function drawPagerDuty(pagerduty) {
  byId('pagerduty-absent').hidden = pagerduty !== null;
  if (pagerduty === null) return;
  const { notifications, alerts, calls } = pagerduty;
  redraw(byId('notifications'), notifications, () =>
    orEmpty(notifications, 'Nobody was called.', (one) =>
      el(
        'li',
        {},
        el('span', { class: 'ring' }, '📟 '),
        el('b', {}, one.summary),
        el('div', { class: 'quiet' }, `${clock(one.at)}  ${one.service}  ${one.severity}  ${one.dedupKey}`),
      ),
    ),
  );
  redraw(byId('pagerduty-alerts'), alerts, () =>
    alerts.map((one) => row(one.status, one.summary, one.service, one.dedupKey, one.repeats)),
  );
  redraw(byId('pagerduty-calls'), calls, () =>
    calls.map((one) => row(clock(one.at), one.action, one.effect, one.dedupKey)),
  );
}

export function drawNotices(id, notices, none) {
  redraw(byId(id), notices, () =>
    orEmpty(notices, none, (one) =>
      el(
        'li',
        {},
        el('b', {}, one.subject ?? titleOf(one)),
        el('div', { class: 'quiet' }, `${clock(one.at)}  ${one.topic}${one.to ? ` to ${one.to}` : ''}`),
        el('div', { class: 'block' }, drawMessage(one.message)),
      ),
    ),
  );
}

const orEmpty = (list, none, draw) => (list.length === 0 ? [el('li', { class: 'empty' }, none)] : list.map(draw));
const row = (...cells) =>
  el(
    'tr',
    {},
    cells.map((cell) => el('td', {}, String(cell))),
  );

function titleOf({ topic, message }) {
  if (topic === 'sms') return 'SMS';
  const { incident, events = [] } = parse(message) ?? {};
  return incident ? `${incident.name}: ${events.map((event) => event.type).join(', ')}` : 'Message';
}

const drawMessage = (message) => {
  const value = parse(message);
  return value === null ? message : el('pre', {}, JSON.stringify(value, null, 2));
};

/** Null for what is plain text. */
function parse(message) {
  try {
    return JSON.parse(message);
  } catch {
    return null;
  }
}
