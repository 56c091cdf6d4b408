import { describe, expect, it } from 'vitest';
import { makeHandler as makeSlackLane } from '#functions/notify-slack.ts';
import { makeHandler as makeSweep } from '#functions/sweep.ts';
import { makeHandler as makeTick } from '#functions/tick-escalation.ts';
import type { Policy, SeverityRow } from '#shared/config/policy.ts';
import { timerAt } from '#shared/incident/dues.ts';
import type { Severity } from '#shared/incident/severity.ts';
import { secondsBetween } from '#shared/kernel/instant.ts';
import type { TimerInput } from '#shared/runtime/ports.ts';
import { runCommand } from '#shared/runtime/run-command.ts';
import { loadPages, loadTimeline } from '#shared/store/incident-store.ts';
import { makeCountingTable } from '../support/counting-table.ts';
import { acknowledges, aPolicy, at, dora, mondayMorning, noon, saturday } from '../support/decision-builders.ts';
import { makeFakeIds } from '../support/fake-ports.ts';
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

/** Timers, sweep and people over one incident, with the real handlers and a clock that is moved. */

const day = 86_400;

const policyWith = (row: Partial<SeverityRow>, override: Partial<Policy> = {}): Policy => {
  const { severities } = aPolicy();
  const rows = Object.entries(severities).map(([name, each]) => [name, { ...each, ...row }]);
  return aPolicy({ severities: Object.fromEntries(rows) as Policy['severities'], ...override });
};

async function opened(policy: Policy, severity: Severity = 'SEV1', startsAt = noon) {
  const kit = makeKit({ policy });
  kit.clock.advance(secondsBetween(noon, startsAt));
  await openIncident(kit, severity);
  return { kit, sweep: () => makeSweep({ ...kit, ids: makeFakeIds('sweep') })({}) };
}

const timerOf = async (kit: Kit): Promise<TimerInput> => {
  const { generation, timerPart: part } = await storedIncident(kit);
  return { incidentId, generation, part, ticks: 0 };
};

/** The state machine: asks, waits until the answer, asks again, and starts again as the incident's present part. */
async function liveFor(kit: Kit, seconds: number): Promise<void> {
  const end = secondsBetween(noon, kit.clock.now()) + seconds;
  const tick = makeTick(kit);
  for (let asked = 0; asked < 500; asked += 1) {
    const input = await timerOf(kit);
    const answer = await tick(input);
    if (answer.next === 'done' || answer.dueAt === null) {
      const { part } = await timerOf(kit);
      if (part === input.part) break;
      continue;
    }
    if (answer.dueAt > at(end)) break;
    kit.clock.advance(secondsBetween(kit.clock.now(), answer.dueAt));
  }
  kit.clock.advance(secondsBetween(kit.clock.now(), at(end)));
}

const countOf = async (kit: Kit, type: string) => (await eventTypes(kit)).filter((each) => each === type).length;
/** Seconds after noon at which events of a kind were stored. */
const instantsOf = async (kit: Kit, type: string) =>
  (await loadTimeline(kit.table, incidentId))
    .filter(({ events }) => events.some((event) => event.type === type))
    .map((commit) => secondsBetween(noon, commit.at));

describe('B1 paged after the acknowledgement', () => {
  const policy = policyWith({
    acknowledgeWithinSeconds: 300,
    resolveWithinSeconds: 7200,
    updateEverySeconds: 600,
    acknowledgementExpiresSeconds: null,
    missedDeadline: 'remind',
  });

  it('B1 no timer, reminder, deadline or sweep owes a page after it, for a day', async () => {
    const { kit, sweep } = await opened(policy);
    const staleTimer = await timerOf(kit);
    kit.clock.advance(60);
    await acknowledge(kit);
    for (let hour = 0; hour < 24; hour += 1) {
      await liveFor(kit, 3600);
      await makeTick(kit)(staleTimer);
      await sweep();
    }
    expect(await countOf(kit, 'UpdateDue')).toBe(144);
    expect(await instantsOf(kit, 'DeadlineMissed')).toEqual([7200]);
    expect((await loadPages(kit.table, incidentId)).filter(({ owedAt }) => owedAt > at(60))).toEqual([]);
    expect([await countOf(kit, 'IncidentEscalated'), (await storedIncident(kit)).status]).toEqual([1, 'acknowledged']);
  });

  it('B1 a page that was owed before it is not sent after it', async () => {
    const { kit } = await opened(policy);
    const row = await pageRow(kit, 'person:alice');
    await acknowledge(kit);
    await makeSlackLane(kit)(sqsEvent('slack-pages', [pageMessage(row)]));
    expect(await pageRow(kit, 'person:alice')).toMatchObject({ state: 'cancelled', endReason: 'acknowledged' });
    expect(kit.slack.calls).toEqual([]);
  });
});

describe('B2 an acknowledgement that lands as the incident resolves', () => {
  it('B2 changes nothing: resolved beats acknowledged', async () => {
    const { kit } = await opened(aPolicy());
    let isResolved = false;
    const table = makeCountingTable(kit.table, async () => {
      if (isResolved || table.depth < 2) return;
      isResolved = true;
      await resolve(kit);
    });
    const request = { incidentId, command: acknowledges, actor: dora, commandId: null, correlationId: 'by-hand' };
    const { decision, incident } = await runCommand({ ...kit, table }, request);
    expect(decision).toEqual({ outcome: 'rejected', reason: 'incident is resolved' });
    expect([incident?.status, (await storedIncident(kit)).acknowledgedAt]).toEqual(['resolved', null]);
  });

  it('B2 given again is told to nobody and stored nowhere', async () => {
    const { kit } = await opened(aPolicy());
    await acknowledge(kit);
    const before = await eventTypes(kit);
    expect((await acknowledge(kit)).decision).toEqual({ outcome: 'unchanged', reason: 'already acknowledged' });
    expect(await eventTypes(kit)).toEqual(before);
  });
});

describe('B3 an acknowledged incident that escalates months later', () => {
  it('B3 has nothing due where its policy lets nothing expire: no timer, no entry of the sweep, no commit', async () => {
    const { kit, sweep } = await opened(policyWith({ acknowledgementExpiresSeconds: null }));
    const staleTimer = await timerOf(kit);
    await acknowledge(kit);
    const { version } = await storedIncident(kit);
    for (let month = 0; month < 6; month += 1) {
      await liveFor(kit, 30 * day);
      await makeTick(kit)(staleTimer);
      await sweep();
    }
    const stored = await storedIncident(kit);
    expect([timerAt(stored), stored.version, stored.status]).toEqual([null, version, 'acknowledged']);
    const state = kit.table.allItems().find(({ pk, sk }) => pk.includes(incidentId) && sk === 'STATE');
    expect([state?.pk === undefined, state?.dueAt]).toEqual([false, undefined]);
  });

  it('B3 pages again only when its policy says, to the second', async () => {
    const { kit } = await opened(policyWith({ acknowledgementExpiresSeconds: 90 * day }));
    await acknowledge(kit);
    await liveFor(kit, 90 * day - 1);
    expect(await countOf(kit, 'IncidentEscalated')).toBe(1);
    await liveFor(kit, 1);
    expect((await instantsOf(kit, 'IncidentEscalated'))[1]).toBe(90 * day);
  });
});

describe('B17 acknowledgements with an end for each severity', () => {
  const { severities } = aPolicy();
  const policy = aPolicy({
    severities: {
      ...severities,
      SEV1: { ...severities.SEV1, acknowledgementExpiresSeconds: 3600 },
      SEV2: { ...severities.SEV2, acknowledgementExpiresSeconds: 4 * 3600 },
      SEV3: { ...severities.SEV3, acknowledgementExpiresSeconds: null },
    },
  });

  it.each([
    ['SEV1', [3000], [3600]],
    ['SEV2', [13_800], [14_400]],
    ['SEV3', [], []],
  ] as const)('B17 %s is told at %j that it will, and expires at %j', async (severity, announced, expired) => {
    const { kit } = await opened(policy, severity);
    await acknowledge(kit);
    await liveFor(kit, 4.2 * 3600);
    expect((await instantsOf(kit, 'AcknowledgementExpiring')).slice(0, 1)).toEqual(announced);
    expect((await instantsOf(kit, 'AcknowledgementExpired')).slice(0, 1)).toEqual(expired);
  });

  it('B17 lasts as long once more for who answers the reminder', async () => {
    const { kit } = await opened(policy);
    await acknowledge(kit);
    await liveFor(kit, 3000);
    expect((await command(kit, acknowledges)).decision.outcome).toBe('accepted');
    await liveFor(kit, 3599);
    expect(await countOf(kit, 'AcknowledgementExpired')).toBe(0);
    await liveFor(kit, 1);
    expect(await instantsOf(kit, 'AcknowledgementExpired')).toEqual([6600]);
  });
});

describe('B5 escalation that never goes on', () => {
  it('B5 goes on after a wait for working hours, which outlasts one wait of the state machine', async () => {
    const { kit } = await opened(aPolicy(), 'SEV3', saturday);
    await liveFor(kit, secondsBetween(saturday, mondayMorning) - 1);
    expect(await countOf(kit, 'IncidentEscalated')).toBe(1);
    await liveFor(kit, 1);
    expect((await loadPages(kit.table, incidentId)).map(({ step, owedAt }) => [step, owedAt])).toEqual([
      [2, mondayMorning],
    ]);
    await liveFor(kit, 4 * 3600);
    expect(await countOf(kit, 'IncidentEscalated')).toBe(3);
  });

  it('B5 goes on after a restart that lost its timer: the sweep finds it a minute later and starts another', async () => {
    const { kit, sweep } = await opened(aPolicy());
    kit.clock.advance(359);
    await sweep();
    expect(await countOf(kit, 'IncidentEscalated')).toBe(1);
    kit.clock.advance(1);
    await sweep();
    await sweep();
    expect(await instantsOf(kit, 'IncidentEscalated')).toEqual([0, 360]);
    expect(await timerOf(kit)).toMatchObject({ generation: 1, part: 2 });
    await liveFor(kit, 300);
    expect(await instantsOf(kit, 'IncidentEscalated')).toEqual([0, 360, 660]);
  });

  it('B5 a lost reminder is found as well, and does not stop the steps behind it', async () => {
    const { kit, sweep } = await opened(policyWith({ acknowledgeWithinSeconds: 200 }));
    kit.clock.advance(260);
    await sweep();
    expect(await instantsOf(kit, 'DeadlineMissed')).toEqual([260]);
    expect(await timerOf(kit)).toMatchObject({ part: 2 });
    await liveFor(kit, 40);
    expect(await instantsOf(kit, 'IncidentEscalated')).toEqual([0, 300]);
  });

  it('B5 no wait is skipped: a timer that is late runs one step, and the next keeps its distance', async () => {
    const { kit } = await opened(aPolicy());
    kit.clock.advance(7200);
    await liveFor(kit, 299);
    expect(await instantsOf(kit, 'IncidentEscalated')).toEqual([0, 7200]);
    await liveFor(kit, 1);
    expect(await instantsOf(kit, 'IncidentEscalated')).toEqual([0, 7200, 7500]);
  });
});

it('a deploy changes nothing that runs: the timer of an open incident pages by what it pinned', async () => {
  const { kit } = await opened(aPolicy());
  const { escalationPolicies } = aPolicy();
  const sev1 = { name: 'sev1', steps: [], repeatEverySeconds: null };
  const deployed = { ...kit, policy: aPolicy({ hash: 'feed', escalationPolicies: { ...escalationPolicies, sev1 } }) };
  await liveFor(deployed, 600);
  expect(await instantsOf(kit, 'IncidentEscalated')).toEqual([0, 300, 600]);
  expect((await storedIncident(kit)).pinned.policyHash).toBe('abcdef012345');
});
