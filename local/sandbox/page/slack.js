import { act } from './api.js';
import { drawBlocks } from './blocks.js';
import { byId, clock, el, redraw } from './dom.js';
import { drawModal } from './modal.js';
import { mrkdwn } from './mrkdwn.js';

/** The Slack tab: who you are, conversations, messages, the command box. */

let chosen = null;
let slack = null;

export function drawSlack(state) {
  byId('slack-absent').hidden = state !== null;
  document.querySelector('.slack').hidden = state === null;
  if (state === null) return;
  slack = state;
  const people = slack.users.filter((user) => user.id !== slack.botUserId);
  redraw(byId('person'), people, () => people.map((user) => el('option', { value: user.id }, user.name)));
  chosen ??= slack.channels[0]?.id ?? null;
  drawList(
    byId('channels'),
    slack.channels.filter((channel) => !channel.direct),
  );
  drawList(
    byId('directs'),
    slack.channels.filter((channel) => channel.direct),
  );
  drawConversation();
  drawModal(slack.view, byId('person').value);
}

function drawList(list, channels) {
  const data = channels.map(({ id, name, messages }) => [id, name, messages.length, id === chosen]);
  redraw(list, data, () => {
    if (channels.length === 0) return el('li', { class: 'empty' }, 'none yet');
    return channels.map((channel) =>
      el(
        'li',
        {},
        el(
          'button',
          { type: 'button', 'aria-current': String(channel.id === chosen), onclick: () => choose(channel.id) },
          `${channel.direct ? '@' : '#'}${channel.name}`,
          el('span', { class: 'count' }, String(channel.messages.length)),
        ),
      ),
    );
  });
}

function choose(id) {
  chosen = id;
  drawSlack(slack);
}

function nameOf(id) {
  const found = [...slack.users, ...slack.channels].find((one) => one.id === id);
  return found?.name ?? id;
}

function drawConversation() {
  const channel = slack.channels.find((one) => one.id === chosen);
  if (!channel) return;
  byId('channel-title').textContent = channel.direct
    ? `Direct messages of Tocsin to ${channel.name}`
    : `#${channel.name}`;
  const list = byId('messages');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const drawn = redraw(list, [channel.id, channel.messages, slack.users], () => {
    if (channel.messages.length === 0) {
      return el('li', { class: 'empty' }, 'Nothing here yet. Send a test alert above and watch.');
    }
    return inThreads(channel.messages).map((message) => drawMessage(channel, message));
  });
  if (drawn && atEnd) list.scrollTop = list.scrollHeight;
}

/** Replies stand below the message that they answer. */
function inThreads(messages) {
  const parents = new Set(messages.map((message) => message.ts));
  const tops = messages.filter((message) => !message.threadTs || !parents.has(message.threadTs));
  return tops.flatMap((top) => [top, ...messages.filter((one) => one.threadTs === top.ts && one.ts !== top.ts)]);
}

function drawMessage(channel, message) {
  const names = nameOf;
  const press = (action) => act('press', { channel: channel.id, ts: message.ts, action, user: byId('person').value });
  const body =
    message.blocks.length > 0
      ? drawBlocks(message.blocks, { names, press })
      : el('div', { class: 'block' }, mrkdwn(message.text, names));
  const kind = `${message.threadTs ? ' reply' : ''}${message.ephemeralFor ? ' ephemeral' : ''}`;
  return el(
    'li',
    { class: `message${kind}`, 'data-ts': message.ts },
    el(
      'div',
      { class: 'by' },
      el('b', {}, nameOf(message.user)),
      ` ${clock(Number(message.ts) * 1000)}`,
      message.editedTs ? ` (edited ${clock(Number(message.editedTs) * 1000)})` : null,
      message.ephemeralFor ? ` only visible to ${nameOf(message.ephemeralFor)}` : null,
    ),
    body,
  );
}

export function wireCommandBox() {
  byId('command-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const box = byId('command');
    const text = box.value.trim().replace(/^\/incident\s*/, '');
    box.value = '';
    await act('command', { text, channel: chosen, user: byId('person').value });
    box.focus();
  });
}
