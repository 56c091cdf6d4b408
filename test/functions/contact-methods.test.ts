import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler as makeDispatch } from '#functions/dispatch-timeline.ts';
import { makeHandler as makePagerDutyLane } from '#functions/notify-pagerduty.ts';
import { makeHandler as makeSlackLane } from '#functions/notify-slack.ts';
import { makeHandler as makeSnsLane } from '#functions/notify-sns.ts';
import type { Policy } from '#shared/config/policy.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import type { OwedPage, PageTarget } from '#shared/notification/page.ts';
import { balance, owePages } from '#shared/notification/page-ledger.ts';
import { endInFallback } from '#shared/runtime/lanes/end-page.ts';
import { runSweep } from '#shared/runtime/sweep/run-sweep.ts';
import { commitWrites } from '#shared/store/commit-writes.ts';
import { loadPages } from '#shared/store/incident-store.ts';
import { commitKey } from '#shared/store/keys.ts';
import type { Write } from '#shared/store/table.ts';
import { aPolicy, at, carryOut, joins } from '../support/decision-builders.ts';
import { makeFakeIds } from '../support/fake-ports.ts';
import {
  acknowledge,
  eventTypes,
  incidentId,
  type Kit,
  makeKit,
  nothingFailed,
  pageMessage,
  pageRow,
  sqsEvent,
} from '../support/lane-kit.ts';
import { unknownOutcome } from '../support/scripted-vendors.ts';

/** What one step owes to alice: Slack at once, her phone 5 minutes later, a mention after 10, her PagerDuty after 15. */
const slack: PageTarget = { kind: 'person', person: 'alice', lane: 'slack' };
const phone: PageTarget = { kind: 'person', person: 'alice', lane: 'sns', contact: 'alice-phone' };
const mention: PageTarget = { kind: 'person mention', person: 'alice', channelId: 'C-PAYMENTS' };
const pagerDuty: PageTarget = { kind: 'pagerduty', service: 'web' };
const owedAfter = (target: PageTarget, seconds: number): OwedPage => ({
  step: 1,
  round: 1,
  target,
  deadlineAt: at(seconds + 60),
  ...(seconds === 0 ? {} : { notBeforeAt: at(seconds) }),
  because: 'layer nights of schedule payments',
});
const methods = [owedAfter(slack, 0), owedAfter(phone, 300), owedAfter(mention, 600), owedAfter(pagerDuty, 900)];

const policy = aPolicy({
  snsContacts: { 'alice-phone': { name: 'alice-phone', topic: null, phone: '+4915112345678' } },
});

/** Opens the incident as ingest stores it, with these pages owed by its first step. */
async function opened(kit: Kit = makeKit({ policy })) {
  const { incident, commit: decided } = carryOut(null, joins('SEV1', ['a']), kit.clock.now(), { policy });
  const events = decided.events.map((event) =>
    event.type === 'IncidentEscalated' ? { ...event, pages: methods } : event,
  );
  const commit = { ...decided, events };
  const pages = owePages(commit, incident);
  await kit.table.write(commitWrites({ before: null, after: incident, commit, pages, pointerBefore: null, policy }));
  kit.slack.allow('conversations.open', 'chat.postMessage', 'conversations.history');
  const lanes = {
    'slack-pages': makeSlackLane(kit),
    'sns-pages': makeSnsLane(kit),
    'pagerduty-pages': makePagerDutyLane(kit),
  } as const;
  const deliver = async (queue: keyof typeof lanes, target: string) =>
    lanes[queue](sqsEvent(queue, [pageMessage(await pageRow(kit, target))]));
  const dispatch = () => makeDispatch(kit)(streamEvent);
  const sweep = () => runSweep({ ...kit, ids: makeFakeIds() }, addSeconds(kit.clock.now(), 45));
  return { kit, deliver, dispatch, sweep };
}

const { pk, sk } = commitKey(incidentId, 1, '');
const streamEvent: DynamoDBStreamEvent = {
  Records: [{ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: '1' } }],
};

const slackKey = 'person:alice';
const phoneKey = 'person:alice:sns:alice-phone';
const mentionKey = 'mention:C-PAYMENTS:alice';

/** Delay in seconds by queue and target, of the page messages sent so far. */
const delays = (kit: Kit) =>
  kit.queues.sent.flatMap(({ queue, body, delaySeconds }) => {
    const { page } = body as { readonly page?: { readonly target: string } };
    return page === undefined ? [] : [`${queue} ${page.target} ${delaySeconds}`];
  });

const balanceOf = async (kit: Kit) => balance(await loadPages(kit.table, incidentId));

describe('the contact methods of a person', () => {
  it('leave dispatch with the delay of each, and never with more than a queue can delay', async () => {
    const { kit, dispatch } = await opened();

    await dispatch();

    expect(delays(kit)).toEqual([
      `slack-pages ${slackKey} 0`,
      `sns-pages ${phoneKey} 300`,
      `slack-pages ${mentionKey} 600`,
      'pagerduty-pages pagerduty:web 900',
    ]);
  });

  it('are delayed by what is left when the commit is dispatched late, and not at all when nothing is', async () => {
    const { kit, dispatch } = await opened();
    kit.clock.advance(400.2);

    await dispatch();

    expect(delays(kit)).toEqual([
      `slack-pages ${slackKey} 0`,
      `sns-pages ${phoneKey} 0`,
      `slack-pages ${mentionKey} 200`,
      'pagerduty-pages pagerduty:web 500',
    ]);
  });

  it('are never sent early: a message that comes before its time waits for it', async () => {
    const { kit, deliver } = await opened();
    kit.clock.advance(299);

    expect(await deliver('sns-pages', phoneKey)).toEqual(nothingFailed);

    expect(kit.topics.published).toEqual([]);
    expect(await pageRow(kit, phoneKey)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(delays(kit)).toEqual([`sns-pages ${phoneKey} 1`]);
    kit.clock.advance(1);
    await deliver('sns-pages', phoneKey);
    expect(kit.topics.published).toMatchObject([
      { to: '+4915112345678', message: 'SEV1 INC-42: HighErrorRate: Too many errors' },
    ]);
    expect(await pageRow(kit, phoneKey)).toMatchObject({ state: 'handed over', claimedAt: at(300) });
  });

  it('are pending until their time, in a ledger that balances at every instant', async () => {
    const { kit, deliver, sweep } = await opened();
    await deliver('slack-pages', slackKey);
    expect(await balanceOf(kit)).toEqual({ owed: 4, handedOver: 1, cancelled: 0, fallback: 0, pending: 3 });

    kit.clock.advance(299);
    await sweep();
    expect(await balanceOf(kit)).toEqual({ owed: 4, handedOver: 1, cancelled: 0, fallback: 0, pending: 3 });

    await acknowledge(kit);
    kit.clock.advance(1);
    await deliver('sns-pages', phoneKey);
    expect(await balanceOf(kit)).toEqual({ owed: 4, handedOver: 1, cancelled: 1, fallback: 0, pending: 2 });
  });

  it('are cancelled by an acknowledgement, also before their time', async () => {
    const { kit, deliver } = await opened();
    await acknowledge(kit);

    await deliver('slack-pages', mentionKey);

    expect(kit.slack.calls).toEqual([]);
    expect(await pageRow(kit, mentionKey)).toMatchObject({
      state: 'cancelled',
      endReason: 'acknowledged',
      attempts: 0,
    });
  });

  it('whose message was lost go to the fallback at their own deadline, not at that of the first method', async () => {
    const { kit, deliver, sweep } = await opened();
    await deliver('slack-pages', slackKey);
    kit.clock.advance(359);
    await sweep();
    expect(await pageRow(kit, phoneKey)).toMatchObject({ state: 'pending' });

    kit.clock.advance(1);
    await sweep();

    expect(await pageRow(kit, phoneKey)).toMatchObject({ state: 'fallback', endReason: 'deadline passed' });
    expect(await pageRow(kit, mentionKey)).toMatchObject({ state: 'pending' });
  });

  it('set aside before their time page no fallback yet: somebody may still acknowledge', async () => {
    const { kit } = await opened();
    const row = await pageRow(kit, phoneKey);

    expect(await endInFallback(kit, row, 'dead-lettered', 'correlation')).toBe(true);

    expect(await pageRow(kit, phoneKey)).toMatchObject({ state: 'pending' });
  });

  it('FIELD B6: one that fails does not hold up the next of the same person', async () => {
    const { kit, deliver } = await opened();
    kit.slack.script('conversations.open', { outcome: 'refused', reason: 'user_disabled' });
    await deliver('slack-pages', slackKey);
    expect(await pageRow(kit, slackKey)).toMatchObject({ state: 'fallback', endReason: 'target is gone' });

    kit.clock.advance(300);
    await deliver('sns-pages', phoneKey);
    expect(await pageRow(kit, phoneKey)).toMatchObject({ state: 'handed over' });

    kit.clock.advance(300);
    await deliver('slack-pages', mentionKey);
    expect(kit.slack.posted.map(({ channel }) => channel)).toEqual(['C-PAYMENTS']);
    expect(await pageRow(kit, mentionKey)).toMatchObject({ state: 'handed over' });
  });

  it('FIELD B6: one whose vendor hangs is tried on while the next is handed over', async () => {
    const { kit, deliver } = await opened();
    kit.topics.failWith = new AdapterError('sns', 'unavailable', 'HTTP 503');
    kit.clock.advance(600);
    await deliver('sns-pages', phoneKey);

    await deliver('slack-pages', mentionKey);

    expect(await pageRow(kit, phoneKey)).toMatchObject({ state: 'fallback', endReason: 'deadline passed' });
    expect(await pageRow(kit, mentionKey)).toMatchObject({ state: 'handed over' });
  });

  it('by a service of PagerDuty trigger it under the key of the generation, like any other', async () => {
    const { kit, deliver } = await opened();
    kit.clock.advance(900);

    await deliver('pagerduty-pages', 'pagerduty:web');

    expect(kit.pagerduty.sent).toEqual([`trigger ${incidentId}:1`]);
  });
});

describe('the mention of a person in a channel', () => {
  const due = async (kit?: Kit) => {
    const world = await opened(kit);
    world.kit.clock.advance(600);
    return world;
  };

  it('names the person as Slack does, and says why this person', async () => {
    const { kit, deliver } = await due();

    await deliver('slack-pages', mentionKey);

    const [{ args } = expect.fail()] = kit.slack.callsOf('chat.postMessage');
    expect(args).toMatchObject({ channel: 'C-PAYMENTS', text: expect.stringMatching(/^<@U-ALICE> \[SEV1] INC-42 /) });
    expect(JSON.stringify(args.blocks)).toContain('*<@U-ALICE> INC-42 needs somebody now*');
    expect(JSON.stringify(args.blocks)).toContain('Why this person: layer nights of schedule payments.');
  });

  it('is looked up after an unknown outcome, from the instant on at which it could have been sent', async () => {
    const { kit, deliver } = await due();
    kit.slack.script('chat.postMessage', 'done, answer lost');
    await deliver('slack-pages', mentionKey);
    kit.clock.advance(5);

    await deliver('slack-pages', mentionKey);

    expect(kit.slack.posted).toHaveLength(1);
    expect(await pageRow(kit, mentionKey)).toMatchObject({ state: 'handed over', attempts: 1 });
    // Slack takes epoch seconds; a minute is left for clocks that differ.
    const [{ args } = expect.fail()] = kit.slack.callsOf('conversations.history');
    expect(args).toMatchObject({ channel: 'C-PAYMENTS', oldest: `${Date.parse(at(540)) / 1000}.000000` });
  });

  it('FIELD B7: is found, not repeated, when its sender died between sending and recording', async () => {
    let crash = true;
    const records = (write: Write) => write.kind === 'put' && String(write.item.part).startsWith('page-');
    const kit = makeKit({
      policy,
      table: { inject: ({ writes }) => (crash && writes.some(records) ? new Error('the process died') : null) },
    });
    const { deliver } = await due(kit);
    expect(await deliver('slack-pages', mentionKey)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    crash = false;
    kit.clock.advance(30);

    await deliver('slack-pages', mentionKey);

    expect(kit.slack.posted).toHaveLength(1);
    expect(await pageRow(kit, mentionKey)).toMatchObject({ state: 'handed over', attempts: 1 });
  });

  it('is sent again after an unknown outcome when it is not there', async () => {
    const { kit, deliver } = await due();
    kit.slack.script('chat.postMessage', unknownOutcome);
    await deliver('slack-pages', mentionKey);
    kit.clock.advance(5);

    await deliver('slack-pages', mentionKey);

    expect(kit.slack.posted).toHaveLength(1);
  });
});

describe('a contact method that left the policy file', () => {
  const withoutAlice: Policy = { ...policy, people: {} };

  it.each<[string, Policy, 'slack-pages' | 'sns-pages', string]>([
    ['a direct message to somebody who is gone', withoutAlice, 'slack-pages', slackKey],
    ['a mention of somebody who is gone', withoutAlice, 'slack-pages', mentionKey],
    ['a contact of somebody who is gone', withoutAlice, 'sns-pages', phoneKey],
    ['a mention in a channel that is gone', { ...policy, slackChannels: {} }, 'slack-pages', mentionKey],
    ['a contact that is gone', { ...policy, snsContacts: {} }, 'sns-pages', phoneKey],
  ])('goes to the fallback at once: %s', async (_, today, queue, target) => {
    const { kit, deliver } = await opened({ ...makeKit({ policy }), policy: today });
    kit.clock.advance(600);

    await deliver(queue, target);

    expect([kit.slack.posted, kit.topics.published]).toEqual([[], []]);
    expect(await pageRow(kit, target)).toMatchObject({ state: 'fallback', endReason: 'target is gone' });
    expect(await eventTypes(kit)).toContain('FallbackPaged');
  });
});
