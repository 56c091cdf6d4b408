import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/notify-slack.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { commitPrefix } from '#shared/store/keys.ts';
import type { Write } from '#shared/store/table.ts';
import { aPolicy, at } from '../support/decision-builders.ts';
import {
  acknowledge,
  eventTypes,
  type Kit,
  makeKit,
  nothingFailed,
  openIncident,
  pageMessage,
  pageRow,
  resolve,
  sqsEvent,
} from '../support/lane-kit.ts';
import { unknownOutcome } from '../support/scripted-vendors.ts';

const alice = 'person:alice';
const working = ['conversations.open', 'chat.postMessage', 'conversations.history'] as const;

async function opened(kit = makeKit()) {
  await openIncident(kit);
  kit.slack.allow(...working);
  const handle = makeHandler(kit);
  const deliver = async (target = alice) => handle(sqsEvent('slack-pages', [pageMessage(await pageRow(kit, target))]));
  return { kit, handle, deliver };
}

const pages = (kit: Kit) => kit.slack.callsOf('chat.postMessage').length;

describe('a page by Slack', () => {
  it('is handed over once, as a direct message, however often its message comes', async () => {
    const { kit, deliver } = await opened();

    expect([await deliver(), await deliver()]).toEqual([nothingFailed, nothingFailed]);

    expect(kit.slack.posted.map((each) => each.channel)).toEqual(['D-U-ALICE']);
    expect(await pageRow(kit, alice)).toMatchObject({
      state: 'handed over',
      vendorRef: 'D-U-ALICE/1700000000.000001',
      attempts: 1,
      leaseUntil: null,
    });
    expect(await eventTypes(kit)).toEqual([
      'IncidentTriggered',
      'AlertsJoined',
      'IncidentEscalated',
      'TimerSet',
      'PageHandedOver',
    ]);
    expect(kit.metrics.counts['PagesHandedOverInTime{lane=slack,severity=SEV1}']).toBe(1);
    expect(kit.queues.sent).toEqual([]);
  });

  it('is not sent after an acknowledgement: it is cancelled, on the timeline', async () => {
    const { kit, deliver } = await opened();
    await acknowledge(kit);

    await deliver();

    expect(kit.slack.calls).toEqual([]);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'cancelled', endReason: 'acknowledged', attempts: 0 });
    expect(await eventTypes(kit)).toContain('PageCancelled');
  });

  it('is not sent when the incident is resolved', async () => {
    const { kit, deliver } = await opened();
    await resolve(kit);

    await deliver();

    expect(kit.slack.calls).toEqual([]);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'cancelled', endReason: 'resolved' });
  });

  it('is not sent when the acknowledgement comes between reading and claiming', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('conversations.open', async () => {
      await acknowledge(kit);
    });

    await deliver();
    expect(pages(kit)).toBe(0);
    expect(kit.queues.sent).toMatchObject([{ queue: 'slack-pages', body: { kind: 'page', postponed: 1 } }]);

    await deliver();
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'cancelled', endReason: 'acknowledged', attempts: 0 });
  });

  it('is handed over when the acknowledgement comes between claim and send, and stands on the timeline behind what it saw', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', async () => {
      kit.clock.advance(2);
      await acknowledge(kit);
    });

    await deliver();

    const row = await pageRow(kit, alice);
    expect(row).toMatchObject({ state: 'handed over', claimedAt: at(0), endedAt: at(2) });
    expect((await eventTypes(kit)).slice(-3)).toEqual(['PageHandedOver', 'IncidentAcknowledged', 'TimerSet']);
  });

  it('is looked up after an unknown outcome and not sent again when it is there', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', 'done, answer lost');

    await deliver();
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'unknown', leaseUntil: at(5) });
    expect(kit.queues.sent).toMatchObject([{ queue: 'slack-pages', delaySeconds: 5 }]);

    kit.clock.advance(5);
    await deliver();

    expect(kit.slack.posted).toHaveLength(1);
    expect(await pageRow(kit, alice)).toMatchObject({
      state: 'handed over',
      vendorRef: 'D-U-ALICE/1700000000.000001',
      attempts: 1,
    });
  });

  it('waits the five seconds before it looks an unknown outcome up', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', unknownOutcome);
    await deliver();

    kit.clock.advance(4);
    await deliver();

    expect(kit.slack.callsOf('conversations.history')).toEqual([]);
    expect(kit.queues.sent.at(-1)).toMatchObject({ delaySeconds: 1 });
  });

  it('is sent again after an unknown outcome when it is not there', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', unknownOutcome);
    await deliver();
    kit.clock.advance(5);

    await deliver();

    expect(kit.slack.posted).toHaveLength(1);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'handed over', attempts: 2 });
  });

  it('is not sent again while nobody can tell whether it was', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', unknownOutcome);
    await deliver();
    kit.clock.advance(5);
    kit.slack.script('conversations.history', unknownOutcome);

    await deliver();

    expect(pages(kit)).toBe(1);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'unknown', attempts: 1 });
  });

  it('is postponed, not failed, while Slack limits us', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', { outcome: 'rate limited', retryAfterSeconds: 17 });

    expect(await deliver()).toEqual(nothingFailed);

    expect(await pageRow(kit, alice)).toMatchObject({ state: 'pending', leaseUntil: null });
    expect(kit.queues.sent).toEqual([
      {
        queue: 'slack-pages',
        delaySeconds: 17,
        body: pageMessage(await pageRow(kit, alice), 1),
      },
    ]);
    kit.clock.advance(10);
    await deliver();
    expect(pages(kit)).toBe(1);
    kit.clock.advance(7);
    await deliver();
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'handed over' });
  });

  it('finds the breaker open after five failures and lets one probe through after 30 seconds', async () => {
    const { kit, deliver } = await opened();
    const failed = { outcome: 'failed', reason: 'ECONNREFUSED' } as const;
    kit.slack.script('chat.postMessage', failed, failed, failed, failed, failed);
    for (let failure = 0; failure < 5; failure += 1) {
      await deliver();
      kit.clock.advance(2);
    }
    expect(pages(kit)).toBe(5);
    expect(kit.metrics.counts['BreakerOpened{vendor=slack}']).toBe(1);

    await deliver();
    expect(pages(kit)).toBe(5);
    expect(kit.queues.sent.at(-1)).toMatchObject({ queue: 'slack-pages', delaySeconds: 28 });

    kit.clock.advance(28);
    const probe = makeHandler(kit);
    const carol = pageMessage(await pageRow(kit, alice));
    await Promise.all([deliver(), probe(sqsEvent('slack-pages', [carol]))]);
    expect(pages(kit)).toBe(6);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'handed over' });
  });

  it('goes to the fallback at its deadline, not a sweep later, while Slack is down', async () => {
    const { kit, deliver } = await opened();
    const failed = { outcome: 'failed', reason: 'ECONNREFUSED' } as const;
    kit.slack.script('chat.postMessage', failed, failed, failed, failed, failed, failed);
    for (let failure = 0; failure < 5; failure += 1) {
      await deliver();
      kit.clock.advance(2);
    }
    await deliver();
    kit.clock.advance(28);
    await deliver();
    expect(pages(kit)).toBe(6);

    await deliver();
    // 38 s of its 60 s are over, and the breaker stays open for longer than the rest.
    expect(kit.queues.sent.at(-1)).toMatchObject({ queue: 'slack-pages', delaySeconds: 22 });
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'pending' });
    kit.clock.advance(22);
    const sent = kit.queues.sent.length;
    await deliver();

    expect(await pageRow(kit, alice)).toMatchObject({ state: 'fallback', endReason: 'deadline passed' });
    expect({ pages: pages(kit), again: kit.queues.sent.length - sent }).toEqual({ pages: 6, again: 0 });
  });

  it('is cancelled, not given to the fallback, when somebody has acknowledged by its deadline', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', { outcome: 'rate limited', retryAfterSeconds: 300 });
    await deliver();
    expect(kit.queues.sent.at(-1)).toMatchObject({ delaySeconds: 60 });
    await acknowledge(kit);
    kit.clock.advance(60);

    await deliver();

    expect(await pageRow(kit, alice)).toMatchObject({ state: 'cancelled', endReason: 'acknowledged' });
  });

  it('is sent by one of two notifiers that race for it', async () => {
    const { kit, deliver } = await opened();

    await Promise.all([deliver(), deliver()]);

    expect(kit.slack.posted).toHaveLength(1);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'handed over', attempts: 1 });
  });

  it('is found, not repeated, when we crash after sending and before recording', async () => {
    let crash = true;
    const recordsHandOver = (writes: readonly Write[]) =>
      writes.some(
        (write) =>
          write.kind === 'put' && write.item.sk.startsWith(commitPrefix) && String(write.item.part).startsWith('page-'),
      );
    const kit = makeKit({
      table: {
        inject: ({ moment, writes }) =>
          crash && moment === 'before' && recordsHandOver(writes) ? new Error('the process died') : null,
      },
    });
    const { deliver } = await opened(kit);

    expect(await deliver()).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    crash = false;
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'claimed' });
    await deliver();
    expect(kit.queues.sent.at(-1)).toMatchObject({ queue: 'slack-pages', delaySeconds: 30 });
    kit.clock.advance(30);
    await deliver();

    expect(kit.slack.posted).toHaveLength(1);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'handed over', attempts: 1 });
  });

  it('gives its claim up when a slow step leaves Slack too little time before the lease ends', async () => {
    const slow: { kit: Kit | null } = { kit: null };
    const kit = makeKit({
      table: {
        inject: ({ moment, writes }) => {
          const claims = writes.some((write) => write.kind === 'put' && write.item.state === 'claimed');
          if (claims && moment === 'after') slow.kit?.clock.advance(23);
          return null;
        },
      },
    });
    const { deliver } = await opened(kit);
    slow.kit = kit;

    await deliver();

    expect(pages(kit)).toBe(0);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'pending', leaseUntil: null });
    expect(kit.queues.sent).toMatchObject([{ queue: 'slack-pages' }]);
  });

  it('goes to the fallback at once when its target has no Slack account any more', async () => {
    const policy = aPolicy();
    const kit = makeKit({ policy: { ...policy, people: {} } });
    await openIncident({ ...kit, policy });
    const handle = makeHandler(kit);

    await handle(sqsEvent('slack-pages', [pageMessage(await pageRow(kit, alice))]));

    expect(await pageRow(kit, alice)).toMatchObject({ state: 'fallback', endReason: 'target is gone' });
    expect(await eventTypes(kit)).toContain('FallbackPaged');
  });

  it('goes to the fallback at once when Slack refuses the message for good', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', { outcome: 'refused', reason: 'is_archived' });

    await deliver();

    expect(await pageRow(kit, alice)).toMatchObject({ state: 'fallback', endReason: 'target is gone' });
  });

  it('pages nobody, the fallback included, when an acknowledgement comes while Slack refuses it', async () => {
    const { kit, deliver } = await opened();
    const { call } = kit.slack;
    kit.slack.call = async (method, args) => {
      if (method !== 'chat.postMessage') return call(method, args);
      await acknowledge(kit);
      return { outcome: 'refused', reason: 'is_archived' };
    };

    await deliver();

    expect(await pageRow(kit, alice)).toMatchObject({ state: 'cancelled', endReason: 'acknowledged' });
  });

  it('waits for its deadline while Slack refuses our credentials', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', { outcome: 'refused', reason: 'invalid_auth' });

    await deliver();

    expect(await pageRow(kit, alice)).toMatchObject({ state: 'pending' });
    expect(kit.queues.sent).toMatchObject([{ queue: 'slack-pages', delaySeconds: 10 }]);
  });

  it('goes to the fallback when its message can never be processed', async () => {
    const kit = makeKit();
    await openIncident(kit);
    const handle = makeHandler(kit);
    const message = pageMessage(await pageRow(kit, alice));

    const answer = await handle(sqsEvent('slack-pages', [message], 3));

    expect(answer).toEqual(nothingFailed);
    expect(kit.queues.dead).toEqual(['slack-pages']);
    expect(await pageRow(kit, alice)).toMatchObject({ state: 'fallback', endReason: 'dead-lettered' });
  });

  it('tells the fallback, once, when its message does not even name it', async () => {
    const kit = makeKit();
    const nameless = { kind: 'page', correlationId: 'correlation', page: null, postponed: 0 };

    const answer = await makeHandler(kit)(sqsEvent('slack-pages', [nameless], 3));

    expect(answer).toEqual(nothingFailed);
    expect(kit.queues.dead).toEqual(['slack-pages']);
    expect(kit.queues.sent).toMatchObject([{ queue: 'sns-pages', body: { kind: 'fallback', incidentId: null } }]);
  });

  it('interrupts a channel by a mention of its own, not in a thread', async () => {
    const policy = aPolicy();
    const sev1 = policy.escalationPolicies.sev1;
    if (!sev1) throw new Error('no escalation policy sev1');
    const targets = [{ kind: 'slack channel', channel: 'payments', mention: 'here' }] as const;
    const kit = makeKit({
      policy: { ...policy, escalationPolicies: { sev1: { ...sev1, steps: [{ afterSeconds: 0, targets }] } } },
    });
    const { deliver } = await opened(kit);

    await deliver('mention:C-PAYMENTS');

    expect(kit.slack.posted).toMatchObject([
      { channel: 'C-PAYMENTS', threadTs: null, text: expect.stringMatching(/^<!here> /) },
    ]);
    expect(kit.slack.callsOf('conversations.open')).toEqual([]);
  });

  it('opens the direct message with a person once in the life of a process', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('chat.postMessage', { outcome: 'failed', reason: 'ECONNREFUSED' });
    await deliver();
    kit.clock.advance(2);
    await deliver();

    expect(kit.slack.callsOf('conversations.open')).toHaveLength(1);
    expect(kit.slack.posted).toHaveLength(1);
  });

  it('is tried again by the queue when the table does not answer', async () => {
    let down = false;
    const kit = makeKit({
      table: { inject: () => (down ? new AdapterError('dynamodb', 'unavailable', 'no answer') : null) },
    });
    const { handle } = await opened(kit);
    const event = sqsEvent('slack-pages', [pageMessage(await pageRow(kit, alice))], 50);
    down = true;

    expect(await handle(event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(kit.queues.dead).toEqual([]);
  });
});

describe('a message of the Slack lane that can never be processed', () => {
  it('tells the fallback which queue it was in', async () => {
    const kit = makeKit();
    const handle = makeHandler(kit);

    await handle(sqsEvent('slack-updates', ['no JSON'], 3));

    expect(kit.queues.sent).toMatchObject([
      { queue: 'sns-pages', body: { kind: 'fallback', text: expect.stringContaining('slack-updates') } },
    ]);
  });
});
