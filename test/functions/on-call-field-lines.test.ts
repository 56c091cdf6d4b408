import { describe, expect, it } from 'vitest';
import { makeHandler as makePagerDutyLane } from '#functions/notify-pagerduty.ts';
import { makeHandler as makeSlackLane } from '#functions/notify-slack.ts';
import { makeHandler as makeSweep } from '#functions/sweep.ts';
import { makeHandler as makeTick } from '#functions/tick-escalation.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { addSeconds, secondsBetween } from '#shared/kernel/instant.ts';
import type { TimerInput } from '#shared/runtime/ports.ts';
import { loadPages, loadTimeline } from '#shared/store/incident-store.ts';
import { explainPages } from '#shared/timeline/why.ts';
import { makeCountingTable } from '../support/counting-table.ts';
import { mondayMorning, resolves, saturday, source } from '../support/decision-builders.ts';
import { makeFakeClock, makeFakeIds } from '../support/fake-ports.ts';
import {
  acknowledge,
  command,
  eventTypes,
  incidentId,
  type Kit,
  makeKit,
  openIncident,
  pageMessage,
  pageRow,
  resolve,
  sqsEvent,
  storedIncident,
} from '../support/lane-kit.ts';

/**
 * What other on-call products get wrong, by the numbers that test/docs/field-lines.test.ts explains. Each line that is about
 * acknowledgements, timers and why stands here, on the real handlers; the others stand beside what they are about.
 */

const day = 86_400;
const inputOf = ({ generation, timerPart: part }: Incident): TimerInput => ({ incidentId, generation, part, ticks: 1 });
const lanes = [
  { lane: 'slack', target: 'person:alice', make: makeSlackLane, queue: 'slack-pages' },
  { lane: 'pagerduty', target: 'pagerduty:web', make: makePagerDutyLane, queue: 'pagerduty-pages' },
] as const;

async function opened(severity: 'SEV1' | 'SEV2' | 'SEV3' = 'SEV1', kit: Kit = makeKit()) {
  await openIncident(kit, severity);
  kit.slack.allow('conversations.open', 'chat.postMessage', 'conversations.history');
  return { kit, tick: makeTick(kit), sweep: makeSweep({ ...kit, ids: makeFakeIds() }) };
}

const stepsOf = async (kit: Kit) => (await eventTypes(kit)).filter((type) => type === 'IncidentEscalated').length;
const vendorCalls = (kit: Kit) =>
  kit.slack.callsOf('chat.postMessage').length +
  kit.pagerduty.sent.filter((each) => each.startsWith('trigger ')).length;

describe('B1: paged after the acknowledgement', () => {
  // Each place at which somebody can acknowledge while a lane works on the page: before each call of the table.
  it.each(lanes.flatMap((each) => [1, 2, 3, 4, 5].map((call) => ({ ...each, call }))))(
    'never happens: acknowledged at call $call of the table by lane $lane',
    async ({ target, make, queue, call }) => {
      const { kit } = await opened();
      let acknowledged = false;
      let sent = 0;
      const table = makeCountingTable(kit.table, async () => {
        if (acknowledged || table.depth < call) return;
        acknowledged = true;
        await acknowledge(kit);
        sent = vendorCalls(kit);
      });

      await make({ ...kit, table })(sqsEvent(queue, [pageMessage(await pageRow(kit, target))]));
      if (!acknowledged) await acknowledge(kit);
      const row = await pageRow(kit, target);

      // Claimed before the acknowledgement, or not sent at all.
      const claimedFirst = row.claimedAt !== null && row.state === 'handed over';
      if (!claimedFirst) expect(vendorCalls(kit)).toBe(sent);
      if (!claimedFirst) expect(['cancelled', 'pending']).toContain(row.state);
      await make(kit)(sqsEvent(queue, [pageMessage(await pageRow(kit, target))]));
      expect(vendorCalls(kit)).toBe(claimedFirst ? 1 : 0);
    },
  );

  it('nor by a timer or a sweep that was under way', async () => {
    const { kit, tick, sweep } = await opened();
    const underWay = inputOf(await storedIncident(kit));
    kit.clock.advance(400);
    await acknowledge(kit);

    await Promise.all([tick(underWay), sweep({})]);

    expect(await stepsOf(kit)).toBe(1);
  });
});

describe('B2: an acknowledgement that lands as the incident resolves', () => {
  it('does not un-resolve it, whichever is first, and is told so', async () => {
    for (const order of [
      [acknowledge, resolve],
      [resolve, acknowledge],
    ]) {
      const { kit } = await opened();
      await Promise.all(order.map((act) => act(kit)));
      expect((await storedIncident(kit)).status).toBe('resolved');
    }
    const { kit } = await opened();
    await resolve(kit);
    expect((await acknowledge(kit)).decision).toEqual({ outcome: 'rejected', reason: 'incident is resolved' });
  });

  it('a second acknowledgement changes nothing and tells nobody', async () => {
    const { kit } = await opened();
    await acknowledge(kit);
    const before = await eventTypes(kit);
    expect((await acknowledge(kit)).decision).toEqual({ outcome: 'unchanged', reason: 'already acknowledged' });
    expect(await eventTypes(kit)).toEqual(before);
  });
});

describe('B3: an acknowledged incident that escalates months later', () => {
  it.each([
    ['acknowledged', acknowledge],
    ['resolved', (kit: Kit) => command(kit, resolves(['a']), source)],
  ] as const)('never happens by the timer that it once had (%s)', async (_, end) => {
    const { kit, tick, sweep } = await opened('SEV2');
    const orphan = inputOf(await storedIncident(kit));
    kit.clock.advance(60);
    await end(kit);
    for (const days of [1, 30, 90]) {
      kit.clock.advance(days * day);
      expect(await tick(orphan)).toMatchObject({ next: 'done', dueAt: null });
      await sweep({});
    }
    expect(await stepsOf(kit)).toBe(1);
    expect((await storedIncident(kit)).generation).toBe(1);
  });
});

describe('B5: escalation goes on', () => {
  it('after everything that ran was lost, at the step at which it stood', async () => {
    const { kit, sweep } = await opened();
    kit.clock.advance(400);
    await sweep({});
    // A new process: only the table is left.
    const restarted = { ...makeKit(), table: kit.table, clock: kit.clock };
    restarted.clock.advance(400);
    await makeSweep({ ...restarted, ids: makeFakeIds() })({});

    expect((await storedIncident(kit)).escalation).toMatchObject({ stepsDone: 3 });
  });

  it('after a time window, when the wait is over and not before, and the wait behind it is not skipped', async () => {
    const kit = { ...makeKit(), clock: makeFakeClock(saturday) };
    const { tick, sweep } = await opened('SEV3', kit);
    expect((await storedIncident(kit)).dueAt).toBe(mondayMorning);
    kit.clock.advance(day);
    await sweep({});
    expect(await stepsOf(kit)).toBe(1);

    kit.clock.advance(secondsBetween(kit.clock.now(), mondayMorning));
    const answer = await tick(inputOf(await storedIncident(kit)));

    expect(await stepsOf(kit)).toBe(2);
    expect(answer).toMatchObject({ next: 'wait', dueAt: addSeconds(mondayMorning, 4 * 3600) });
  });
});

describe('B28: why, for each page and each one that was not sent', () => {
  it('names the rule, the policy file and what became of it, from what is stored', async () => {
    const { kit, tick } = await opened();
    await makeSlackLane(kit)(sqsEvent('slack-pages', [pageMessage(await pageRow(kit, 'person:alice'))]));
    kit.clock.advance(600);
    const input = inputOf(await storedIncident(kit));
    await tick(input);
    kit.clock.advance(300);
    await tick(input);
    await acknowledge(kit);
    await command(kit, { type: 'ChangeSeverity', severity: 'SEV3' });

    const pages = await loadPages(kit.table, incidentId);
    const commits = await loadTimeline(kit.table, incidentId);
    const lines = explainPages(commits, pages).map(({ text }) => text);

    for (const { step, why } of pages) {
      expect(why).toMatch(
        new RegExp(`^Step ${step} of 3 of escalation policy "sev1", .*; policy file abcdef012345\\.$`),
      );
      expect(lines.some((line) => line.includes(why))).toBe(true);
    }
    const told = [
      /^Page to alice .*: handed over at /,
      /already triggered in this generation/,
      /^Acknowledged by Dora .*From here on nobody is paged/,
      /A lowering pages nobody/,
    ];
    for (const sentence of told) expect(lines.filter((line) => sentence.test(line))).not.toEqual([]);
    const actors = commits.flatMap(({ events }) => events.flatMap((event) => ('by' in event ? [event.by.name] : [])));
    expect(actors).toContain('Dora');
  });
});
