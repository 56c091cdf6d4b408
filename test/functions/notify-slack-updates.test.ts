import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/notify-slack.ts';
import { handOver } from '#shared/notification/page-ledger.ts';
import { outcomeCommit } from '#shared/notification/page-outcome.ts';
import { commitItem } from '#shared/store/incident-items.ts';
import { loadLane } from '#shared/store/lane-store.ts';
import { aPolicy, resolves } from '../support/decision-builders.ts';
import {
  acknowledge,
  command,
  incidentId,
  type Kit,
  makeKit,
  nothingFailed,
  openIncident,
  pageMessage,
  pageRow,
  sqsEvent,
  storedIncident,
  updateMessage,
} from '../support/lane-kit.ts';
import { unknownOutcome } from '../support/scripted-vendors.ts';

const working = ['chat.postMessage', 'chat.update', 'conversations.history', 'conversations.replies'] as const;

async function opened(kit = makeKit(), override = {}) {
  await openIncident(kit, 'SEV1', override);
  kit.slack.allow(...working);
  const handle = makeHandler(kit);
  const update = () => handle(sqsEvent('slack-updates', [updateMessage]));
  /** Delivers what the lane postponed to itself, until Slack shows everything. */
  const settle = async () => {
    for (let rounds = 0; rounds < 20; rounds += 1) {
      const before = kit.queues.sent.length;
      await update();
      const postponed = kit.queues.sent.slice(before);
      if (postponed.length === 0) return;
      kit.clock.advance(Math.max(...postponed.map((each) => each.delaySeconds)));
    }
    throw new Error('Slack never showed everything');
  };
  return { kit, handle, update, settle };
}

const note = (kit: Kit, text: string) => command(kit, { type: 'AddNote', text });
const laneOf = async (kit: Kit) => (await loadLane(kit.table, incidentId, 'slack')).state;

describe('an incident in Slack', () => {
  it('is posted once to its channel and told in its thread', async () => {
    const { kit, settle } = await opened();

    await settle();

    expect(kit.slack.posted.map(({ channel, threadTs }) => ({ channel, threadTs }))).toEqual([
      { channel: 'C-PAYMENTS', threadTs: null },
      { channel: 'C-PAYMENTS', threadTs: '1700000000.000001' },
    ]);
    expect(await laneOf(kit)).toMatchObject({ leaseUntil: null, attempt: null, threadedThrough: 1 });
  });

  it('costs no call and no write when Slack shows it already', async () => {
    let writes = 0;
    const kit = makeKit({
      table: {
        inject: ({ name }) => {
          if (name === 'write') writes += 1;
          return null;
        },
      },
    });
    const { settle, update } = await opened(kit);
    await settle();
    const before = { calls: kit.slack.calls.length, writes };

    expect(await update()).toEqual(nothingFailed);

    expect({ calls: kit.slack.calls.length, writes }).toEqual(before);
  });

  it('is edited, not posted again, when it is acknowledged', async () => {
    const { kit, settle } = await opened();
    await settle();
    kit.clock.advance(60);
    await acknowledge(kit);

    await settle();

    expect(kit.slack.callsOf('chat.update')).toHaveLength(1);
    expect(kit.slack.callsOf('chat.update')[0]?.args).toMatchObject({
      channel: 'C-PAYMENTS',
      ts: '1700000000.000001',
      text: expect.stringContaining('(acknowledged)'),
    });
    expect(kit.slack.posted.at(-1)).toMatchObject({
      threadTs: '1700000000.000001',
      text: expect.stringContaining('Acknowledged by Dora'),
    });
  });

  it('is not edited for a commit that changes nothing visible', async () => {
    const { kit, settle } = await opened();
    await settle();
    kit.clock.advance(60);
    await note(kit, 'restarted the database');

    await settle();

    expect(kit.slack.callsOf('chat.update')).toEqual([]);
    expect(kit.slack.posted.at(-1)).toMatchObject({ text: expect.stringContaining('restarted the database') });
  });

  it('is looked up after an unknown outcome and adopted when it is there', async () => {
    const { kit, update, settle } = await opened();
    kit.slack.script('chat.postMessage', 'done, answer lost');
    await update();
    expect(kit.queues.sent).toMatchObject([{ queue: 'slack-updates', delaySeconds: 5 }]);
    kit.clock.advance(5);

    await settle();

    expect(kit.slack.posted.filter((each) => each.threadTs === null)).toHaveLength(1);
    expect((await laneOf(kit)).messages).toMatchObject([{ channelId: 'C-PAYMENTS', ts: '1700000000.000001' }]);
  });

  it('is posted again after an unknown outcome only when it is not there', async () => {
    const { kit, update, settle } = await opened();
    kit.slack.script('chat.postMessage', unknownOutcome);
    await update();
    kit.clock.advance(5);

    await settle();

    expect(kit.slack.callsOf('conversations.history')).toHaveLength(1);
    expect(kit.slack.posted.filter((each) => each.threadTs === null)).toHaveLength(1);
  });

  it('has one message when two notifiers show it at the same time', async () => {
    const { kit, update, settle } = await opened();

    await Promise.all([update(), update(), update()]);
    kit.clock.advance(30);
    await settle();

    expect(kit.slack.posted.filter((each) => each.threadTs === null)).toHaveLength(1);
    expect(kit.slack.posted).toHaveLength(2);
  });

  it('is left to the notifier that works on it, also while its call is under way', async () => {
    const { kit, update, settle } = await opened();
    kit.slack.script('chat.postMessage', async () => {
      await update();
    });

    await update();
    await settle();

    expect(kit.slack.callsOf('conversations.history')).toEqual([]);
    expect(kit.slack.posted.filter((each) => each.threadTs === null)).toHaveLength(1);
  });

  it('waits the five seconds before it looks an unknown outcome up', async () => {
    const { kit, update } = await opened();
    kit.slack.script('chat.postMessage', unknownOutcome);
    await update();

    kit.clock.advance(4);
    await update();

    expect(kit.slack.calls.map((call) => call.method)).toEqual(['chat.postMessage']);
    expect(kit.queues.sent.map((each) => each.delaySeconds)).toEqual([5, 1]);
  });

  it('is posted again when somebody deleted its message', async () => {
    const { kit, settle } = await opened();
    await settle();
    kit.clock.advance(60);
    await acknowledge(kit);
    kit.slack.script('chat.update', { outcome: 'refused', reason: 'message_not_found' });

    await settle();

    const roots = kit.slack.posted.filter((each) => each.threadTs === null);
    expect(roots).toHaveLength(2);
    expect((await laneOf(kit)).messages).toMatchObject([{ ts: roots[1]?.ts }]);
  });

  it('tells more than three waiting commits in one reply', async () => {
    const { kit, settle } = await opened();
    await settle();
    kit.clock.advance(60);
    for (const text of ['one', 'two', 'three', 'four']) await note(kit, text);
    const before = kit.slack.posted.length;

    await settle();

    const replies = kit.slack.posted.slice(before);
    expect(replies).toHaveLength(1);
    for (const text of ['one', 'two', 'three', 'four']) expect(replies[0]?.text).toContain(text);
  });

  it('tells up to three waiting commits one by one, each once', async () => {
    const { kit, settle } = await opened();
    await settle();
    kit.clock.advance(60);
    for (const text of ['first', 'second']) await note(kit, text);
    kit.slack.script('chat.postMessage', 'done, answer lost');
    const before = kit.slack.posted.length;

    await settle();

    const told = kit.slack.posted.slice(before).map(({ text }) => (text.includes('first') ? 'first' : 'second'));
    expect(told).toEqual(['first', 'second']);
  });

  it('backs off from a busy channel, and anew after each step that it took', async () => {
    const { kit, handle } = await opened({ ...makeKit(), random: () => 0.999 });
    const deliver = (postponed: number) => handle(sqsEvent('slack-updates', [{ ...updateMessage, postponed }]));
    kit.slack.script('chat.postMessage', { outcome: 'rate limited', retryAfterSeconds: 1 });

    await deliver(6);
    kit.clock.advance(1);
    await deliver(6);

    expect(kit.queues.sent).toMatchObject([
      { delaySeconds: 65, body: { postponed: 7 } },
      { delaySeconds: 2, body: { postponed: 1 } },
    ]);
  });

  it('is shown in the channels that a step informs, and kept up to date there', async () => {
    const { kit, settle } = await opened(makeKit(), { slackChannelId: 'C-TEAM' });
    await settle();
    kit.clock.advance(60);
    await acknowledge(kit);
    await settle();

    const roots = kit.slack.posted.filter((each) => each.threadTs === null).map((each) => each.channel);
    expect(roots).toEqual(['C-TEAM', 'C-PAYMENTS']);
    expect(kit.slack.callsOf('chat.update').map((call) => call.args.channel)).toEqual(['C-TEAM', 'C-PAYMENTS']);
  });

  it('is nowhere to be shown without a channel', async () => {
    const policy = aPolicy();
    const { sev1 } = policy.escalationPolicies;
    if (!sev1) throw new Error('no escalation policy sev1');
    const steps = [{ afterSeconds: 0, targets: [{ kind: 'owner', role: 'onCall' }] }] as const;
    const kit = makeKit({ policy: { ...policy, escalationPolicies: { sev1: { ...sev1, steps } } } });
    const { update } = await opened(kit, { slackChannelId: null });

    expect(await update()).toEqual(nothingFailed);

    expect(kit.slack.calls).toEqual([]);
  });

  it('goes on in its own channel when an informed channel refuses us', async () => {
    const { kit, settle } = await opened(makeKit(), { slackChannelId: 'C-TEAM' });
    const refused = { outcome: 'refused', reason: 'is_archived' } as const;
    kit.slack.script('chat.postMessage', async () => undefined, refused, refused);

    await settle();

    expect(kit.slack.posted).toMatchObject([
      { channel: 'C-TEAM', threadTs: null },
      { channel: 'C-TEAM', threadTs: '1700000000.000001' },
    ]);
  });

  it('is postponed while Slack limits us, but a page in the same channel goes out', async () => {
    const policy = aPolicy();
    const { sev1 } = policy.escalationPolicies;
    if (!sev1) throw new Error('no escalation policy sev1');
    const targets = [{ kind: 'slack channel', channel: 'payments', mention: 'here' }] as const;
    const steps = [{ afterSeconds: 0, targets }];
    const kit = makeKit({ policy: { ...policy, escalationPolicies: { sev1: { ...sev1, steps } } } });
    const { update, handle } = await opened(kit);
    await update();
    await update();
    const page = pageMessage(await pageRow(kit, 'mention:C-PAYMENTS'));

    await handle(sqsEvent('slack-pages', [page]));

    expect(kit.queues.sent.every((each) => each.queue === 'slack-updates')).toBe(true);
    expect(kit.slack.posted.at(-1)).toMatchObject({ text: expect.stringMatching(/^<!here> /) });
  });

  it('looks again in minutes, not in seconds, while Slack refuses our credentials', async () => {
    const { kit, update } = await opened();
    kit.slack.script('chat.postMessage', { outcome: 'refused', reason: 'invalid_auth' });

    await update();

    expect(kit.queues.sent).toMatchObject([{ queue: 'slack-updates', delaySeconds: 300 }]);
  });

  it('is shown as resolved when its alerts have ended', async () => {
    const { kit, settle } = await opened();
    await settle();
    kit.clock.advance(60);
    await command(kit, resolves(['a']), { kind: 'source', id: 'main', name: 'main' });

    await settle();

    expect(kit.slack.callsOf('chat.update').at(-1)?.args).toMatchObject({
      text: expect.stringContaining('(resolved)'),
    });
  });
});

describe('an incident that paged a whole team', () => {
  it('still tells in its thread what comes behind the outcomes of all those pages', async () => {
    const { kit, settle } = await opened();
    await settle();
    const { version } = await storedIncident(kit);
    const row = await pageRow(kit, 'person:alice');
    for (let person = 0; person < 150; person += 1) {
      const claimed = { ...row, target: `person:p${person}`, state: 'claimed', claimedAt: kit.clock.now() } as const;
      const outcome = outcomeCommit(handOver(claimed, null, kit.clock.now()), version, 'correlation');
      await kit.table.write([{ kind: 'put', item: commitItem(outcome) }]);
    }
    await settle();
    await note(kit, 'all of them are awake');

    await settle();

    expect(kit.slack.posted.at(-1)).toMatchObject({ text: expect.stringContaining('all of them are awake') });
  });
});
