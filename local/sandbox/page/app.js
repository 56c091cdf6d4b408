import { act, listen, readState } from './api.js';
import { byId, el, redraw } from './dom.js';
import { wireModal } from './modal.js';
import { drawSlack, wireCommandBox } from './slack.js';
import { drawNotices, drawPagerDuty } from './vendors.js';

const tabs = [...document.querySelectorAll('[role="tab"]')];

function selectTab(tab) {
  for (const one of tabs) {
    const selected = one === tab;
    one.setAttribute('aria-selected', String(selected));
    one.tabIndex = selected ? 0 : -1;
    byId(one.getAttribute('aria-controls')).hidden = !selected;
  }
}

/** Arrow keys move between tabs, as people who use a keyboard expect. */
function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = tabs[(tabs.indexOf(event.currentTarget) + step + tabs.length) % tabs.length];
  selectTab(next);
  next.focus();
}

function count(id, number) {
  const tab = byId(id);
  tab.querySelector('.count')?.remove();
  if (number > 0) tab.append(el('span', { class: 'count' }, String(number)));
}

function drawFiring(firing) {
  redraw(byId('firing'), firing, () =>
    firing.map((alert, index) =>
      el(
        'button',
        { type: 'button', onclick: () => act('resolve', { index }) },
        `Resolve ${alert.alertname} (${alert.service}, ${alert.severity})`,
      ),
    ),
  );
}

function drawOutage(vendor, state) {
  const box = byId(`outage-${vendor}`);
  box.disabled = state === null;
  box.checked = state?.outage ?? false;
}

async function refresh() {
  const state = await readState();
  redraw(byId('services'), state.services, () => state.services.map((name) => el('option', { value: name }, name)));
  byId('status-page').href = state.statusPage;
  drawFiring(state.firing);
  drawOutage('slack', state.slack);
  drawOutage('pagerduty', state.pagerduty);
  drawSlack(state.slack);
  drawPagerDuty(state.pagerduty);
  drawNotices('fallback', state.fallback, 'Nothing: everybody could be reached.');
  drawNotices('events', state.events, 'Nothing yet.');
  count('tab-pagerduty', state.pagerduty?.notifications.length ?? 0);
  count('tab-fallback', state.fallback.length);
  count('tab-events', state.events.length);
}

const showLine = (up) => {
  byId('connection').textContent = up ? 'live' : 'Tocsin is not running: waiting for it';
};

for (const tab of tabs) {
  tab.addEventListener('click', () => selectTab(tab));
  tab.addEventListener('keydown', moveTab);
}
byId('alert-form').addEventListener('submit', (event) => {
  event.preventDefault();
  void act('alert', Object.fromEntries(new FormData(event.target)));
});
for (const vendor of ['slack', 'pagerduty']) {
  byId(`outage-${vendor}`).addEventListener('change', (event) => act('outage', { vendor, on: event.target.checked }));
}
wireCommandBox();
wireModal();

// One refresh at a time; a change that comes meanwhile asks for one more.
let refreshing = false;
let again = false;
async function refreshSoon() {
  again = true;
  if (refreshing) return;
  refreshing = true;
  while (again) {
    again = false;
    await refresh().catch(() => showLine(false));
  }
  refreshing = false;
}
listen(refreshSoon, showLine);
