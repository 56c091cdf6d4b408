import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/notify-slack.ts';
import type { Policy } from '#shared/config/policy.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import type { LaneMessage } from '#shared/runtime/messages.ts';
import { runSweep } from '#shared/runtime/sweep/run-sweep.ts';
import { shiftKey } from '#shared/store/keys.ts';
import { saveOverrides } from '#shared/store/override-store.ts';
import { personPageWrites } from '#shared/store/person-page-store.ts';
import { loadShift } from '#shared/store/schedule-state-store.ts';
import type { Write } from '#shared/store/table.ts';
import { aPolicy, noon } from '../support/decision-builders.ts';
import { makeFakeIds } from '../support/fake-ports.ts';
import { aPage } from '../support/incident-builders.ts';
import { acknowledge, type Kit, makeKit, nothingFailed, openIncident, sqsEvent } from '../support/lane-kit.ts';
import { anOverride, aSchedule } from '../support/on-call-kit.ts';
import { unknownOutcome } from '../support/scripted-vendors.ts';

/** Alice and bob take turns of a day from 09:00 in Berlin; the payments team has the schedule as its on-call. */
const primary = aSchedule({ handOffChannel: 'payments' });
const base = aPolicy();
const payments = base.teams.payments;
if (!payments) throw new Error('the policy of the tests has no team payments');
const policy = aPolicy({
  schedules: { primary },
  teams: {
    ...base.teams,
    payments: { ...payments, roles: { ...payments.roles, onCall: 'primary', manager: 'carol' } },
  },
});
/** `noon` is Monday 12:00 UTC: alice since 08:00 UTC. The change to bob is on Tuesday at 08:00 UTC. */
const change: Instant = '2026-03-03T08:00:00.000Z';

function aWorld(given: { readonly policy?: Policy; readonly kit?: Kit } = {}) {
  const kit = given.kit ?? makeKit({ policy: given.policy ?? policy });
  kit.slack.allow('chat.postMessage', 'conversations.history', 'conversations.open');
  const handle = makeHandler(kit);
  const sweep = () => runSweep({ ...kit, ids: makeFakeIds() }, addSeconds(kit.clock.now(), 45));
  const until = (instant: Instant) => kit.clock.advance((Date.parse(instant) - Date.parse(kit.clock.now())) / 1000);
  return { kit, sweep, until, deliver: (message: LaneMessage) => handle(sqsEvent('slack-updates', [message])) };
}

const handOffs = (kit: Kit): readonly LaneMessage[] =>
  kit.queues.sent.flatMap(({ body }) => ((body as LaneMessage).kind === 'hand-off' ? [body as LaneMessage] : []));

/** Seen on Monday, changed on Tuesday: what the sweep asks the lane for. */
async function changed(world = aWorld()) {
  await world.sweep();
  world.until(change);
  await world.sweep();
  const [message = expect.fail()] = handOffs(world.kit);
  return { ...world, message };
}

describe('the sweep', () => {
  it('asks once for a hand-off when the shift changes, and not when it first sees a schedule', async () => {
    const world = aWorld();
    await world.sweep();
    await world.sweep();
    expect(handOffs(world.kit)).toEqual([]);

    world.until(change);
    await world.sweep();
    await world.sweep();

    expect(handOffs(world.kit)).toEqual([
      { kind: 'hand-off', correlationId: expect.any(String), schedule: 'primary', at: change, postponed: 0 },
    ]);
  });

  it('asks once when two of its runs see the change together', async () => {
    const world = aWorld();
    await world.sweep();
    world.until(change);

    await Promise.all([world.sweep(), world.sweep()]);

    expect(handOffs(world.kit)).toHaveLength(1);
  });

  it('asks again in the next minute when it died between storing the change and asking', async () => {
    const world = aWorld();
    await world.sweep();
    world.until(change);
    world.kit.queues.failWith = new AdapterError('sqs', 'unavailable', 'down');
    await expect(world.sweep()).rejects.toThrow('could not be swept');
    expect(await loadShift(world.kit.table, 'primary')).toMatchObject({ onCall: { person: 'bob' }, untold: true });

    world.kit.queues.failWith = null;
    world.kit.clock.advance(60);
    await world.sweep();
    await world.sweep();

    expect(handOffs(world.kit)).toMatchObject([{ at: change }]);
    expect(await loadShift(world.kit.table, 'primary')).not.toHaveProperty('untold');
  });

  it('asks again when it died behind asking, and the change is still told once', async () => {
    let crash = true;
    const takesMarkOff = (write: Write) =>
      write.kind === 'update' && write.key.sk === shiftKey('primary').sk && write.remove?.includes('untold') === true;
    const kit = makeKit({
      policy,
      table: { inject: ({ writes }) => (crash && writes.some(takesMarkOff) ? new Error('the process died') : null) },
    });
    const world = aWorld({ kit });
    await world.sweep();
    world.until(change);
    await expect(world.sweep()).rejects.toThrow('could not be swept');
    crash = false;
    await world.sweep();

    const messages = handOffs(kit);
    expect(messages).toHaveLength(2);
    for (const message of messages) await world.deliver(message);
    expect(kit.slack.posted).toHaveLength(1);
  });

  it('keeps who is on call, and tells nobody, where the schedule has no channel for it', async () => {
    const quiet = { ...policy, schedules: { primary: { ...primary, handOffChannel: null } } };
    const world = aWorld({ policy: quiet });
    await world.sweep();
    world.until(change);
    await world.sweep();

    expect(handOffs(world.kit)).toEqual([]);
    expect(await loadShift(world.kit.table, 'primary')).toMatchObject({ onCall: { person: 'bob' }, since: change });
  });

  it('notices within its minute that somebody takes over by an override', async () => {
    const world = aWorld();
    await world.sweep();
    const override = anOverride({ startsAt: world.kit.clock.now(), endsAt: '2026-03-02T22:00:00.000Z' });
    await saveOverrides(world.kit.table, { version: 0 }, [override], policy);
    world.kit.clock.advance(60);

    await world.sweep();

    expect(handOffs(world.kit)).toMatchObject([{ schedule: 'primary', at: noon }]);
  });
});

const shown = (kit: Kit): string => {
  const [call = expect.fail()] = kit.slack.callsOf('chat.postMessage');
  return JSON.stringify(call.args.blocks);
};

describe('FIELD B36: a hand-off', () => {
  it('says who takes over by which rule until when, pinging nobody', async () => {
    const { kit, deliver, message } = await changed();

    expect(await deliver(message)).toEqual(nothingFailed);

    expect(kit.slack.posted).toMatchObject([{ channel: 'C-PAYMENTS', text: 'alice hands primary over to bob' }]);
    expect(shown(kit)).toContain(
      'bob is on call until <!date^1772611200^{date_short_pretty} {time}|2026-03-04 08:00 UTC>',
    );
    expect(shown(kit)).toContain(', by layer day by day.');
    expect(shown(kit)).toContain('No incident is open.');
    expect(shown(kit)).toContain('Nobody was paged.');
    expect(shown(kit)).not.toMatch(/<[@!](?!date)/);
  });

  it('names the override by which somebody took over', async () => {
    const world = aWorld();
    await world.sweep();
    const override = anOverride({ startsAt: noon, endsAt: '2026-03-02T22:00:00.000Z' });
    await saveOverrides(world.kit.table, { version: 0 }, [override], policy);
    await world.sweep();
    const [message = expect.fail()] = handOffs(world.kit);

    await world.deliver(message);

    expect(world.kit.slack.posted).toMatchObject([{ text: 'alice hands primary over to carol' }]);
    expect(shown(world.kit)).toContain(', by an override of carol instead of alice.');
  });

  it('shows what is open: who acknowledged it since when, and until when', async () => {
    const world = aWorld();
    await world.sweep();
    world.until(addSeconds(change, -1_800));
    await openIncident(world.kit);
    await acknowledge(world.kit);
    const { kit, deliver, message } = await changed(world);

    await deliver(message);

    expect(shown(kit)).toContain('*Acknowledged and still open (1)*');
    expect(shown(kit)).toMatch(
      /• \[SEV1] INC-42 HighErrorRate[^•]*: by Dora since <[^>]*2026-03-03 07:30 UTC>, until <[^>]*2026-03-03 08:30 UTC>/,
    );
  });

  it('shows what still needs somebody', async () => {
    const world = aWorld();
    await world.sweep();
    world.until(addSeconds(change, -1_800));
    await openIncident(world.kit);
    const { kit, deliver, message } = await changed(world);

    await deliver(message);

    expect(shown(kit)).toContain('*Needs somebody (1)*');
    expect(shown(kit)).toMatch(/INC-42 HighErrorRate[^•]*: triggered since <[^>]*2026-03-03 07:30 UTC>/);
  });

  it('counts the pages of the shift per person and night', async () => {
    const world = aWorld();
    const pages = ['2026-03-02T13:00', '2026-03-02T22:30', '2026-03-03T02:00', '2026-03-03T08:00'];
    for (const [index, at] of pages.entries()) {
      const ended = aPage({
        state: 'handed over',
        endedAt: `${at}:00.000Z`,
        incidentNumber: 40 + (index % 2),
        step: index + 1,
      });
      await world.kit.table.write(personPageWrites(ended));
    }
    const { kit, deliver, message } = await changed(world);

    await deliver(message);

    expect(shown(kit)).toContain('• alice: 3 pages for 2 incidents, 2 at night (2026-03-02: 2)');
    expect(shown(kit)).toContain('*Who was paged (1)*');
  });

  it('is not told any more when the shift has changed again', async () => {
    const { kit, deliver, message, sweep } = await changed();
    kit.clock.advance(86_400);
    await sweep();

    await deliver(message);

    expect(kit.slack.posted).toEqual([]);
  });

  it('is told once, however often its message comes', async () => {
    const { kit, deliver, message } = await changed();

    await Promise.all([deliver(message), deliver(message)]);
    await deliver(message);

    expect(kit.slack.posted).toHaveLength(1);
  });

  it('is looked up after an unknown outcome and not told again when it is there', async () => {
    const { kit, deliver, message } = await changed();
    kit.slack.script('chat.postMessage', 'done, answer lost');
    await deliver(message);
    expect(kit.queues.sent.at(-1)).toMatchObject({ queue: 'slack-updates', delaySeconds: 5 });
    await deliver(message);
    expect(kit.slack.callsOf('conversations.history')).toEqual([]);

    kit.clock.advance(5);
    await deliver(message);
    await deliver(message);

    expect(kit.slack.posted).toHaveLength(1);
    expect(await loadShift(kit.table, 'primary')).toMatchObject({ toldAt: kit.clock.now() });
  });

  it('is told again after an unknown outcome when it is not there', async () => {
    const { kit, deliver, message } = await changed();
    kit.slack.script('chat.postMessage', unknownOutcome);
    await deliver(message);
    kit.clock.advance(5);

    await deliver(message);

    expect(kit.slack.posted).toHaveLength(1);
  });

  it('is found, not repeated, when we crash after telling and before remembering', async () => {
    let crash = true;
    const remembers = (write: Write) => write.kind === 'update' && write.set?.toldAt !== undefined;
    const kit = makeKit({
      policy,
      table: { inject: ({ writes }) => (crash && writes.some(remembers) ? new Error('the process died') : null) },
    });
    const { deliver, message } = await changed(aWorld({ kit }));
    await deliver(message);
    crash = false;
    kit.clock.advance(30);

    await deliver(message);

    expect(kit.slack.posted).toHaveLength(1);
  });

  it('waits while Slack fails, and is told when it is back', async () => {
    const { kit, deliver, message } = await changed();
    kit.slack.script('chat.postMessage', { outcome: 'failed', reason: 'ECONNREFUSED' });
    expect(await deliver(message)).toEqual(nothingFailed);
    expect(kit.queues.sent.at(-1)).toMatchObject({ body: { kind: 'hand-off', postponed: 1 }, delaySeconds: 2 });
    kit.clock.advance(2);

    await deliver(message);

    expect(kit.slack.posted).toHaveLength(1);
  });

  it('is given up when Slack refuses it for good', async () => {
    const { kit, deliver, message } = await changed();
    kit.slack.script('chat.postMessage', { outcome: 'refused', reason: 'is_archived' });

    await deliver(message);
    const sent = kit.queues.sent.length;
    await deliver(message);

    expect([kit.slack.posted, kit.queues.sent.length - sent]).toEqual([[], 0]);
  });

  it('is one that Slack takes, whatever names and titles say', async () => {
    const { kit, deliver, message } = await changed();
    await deliver(message);
    const [call = expect.fail()] = kit.slack.callsOf('chat.postMessage');
    expect(findSlackViolations({ text: String(call.args.text), blocks: call.args.blocks as unknown[] })).toEqual([]);
  });
});
