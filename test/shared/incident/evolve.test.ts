import { describe, expect, it } from 'vitest';
import { evolve, evolveAll, foldTimeline } from '#shared/incident/evolve.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Commit, IncidentEvent } from '#shared/timeline/events.ts';
import {
  acknowledges,
  alert,
  at,
  carryOut,
  isOpened,
  joins,
  noon,
  pinnedFor,
  play,
  resolves,
  tick,
} from '#test/support/decision-builders.ts';

const meta = (version: number) => ({ incidentId: 'incident-00000000001', version, at: at(60), commandId: null });

it('opens with everything that an incident is', () => {
  expect(isOpened('SEV1')).toEqual({
    schema: 1,
    version: 1,
    id: 'incident-00000000001',
    number: 42,
    incidentKey: 'group:main:hook:{}',
    title: 'HighErrorRate: Too many errors',
    status: 'triggered',
    severity: 'SEV1',
    generation: 1,
    timerPart: 1,
    dueAt: at(300),
    openedAt: noon,
    triggeredAt: noon,
    acknowledgedAt: null,
    acknowledgedBy: null,
    firstAcknowledgedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    resolveReason: null,
    heldUntil: null,
    closedAt: null,
    firstStepPagedAt: noon,
    reopenings: 0,
    source: 'main',
    service: 'checkout',
    owner: 'payments',
    routePath: 'root',
    slackChannelId: 'C-PAYMENTS',
    pinned: pinnedFor('SEV1'),
    escalation: { stepsDone: 1, repeats: 0, fallbackUsed: false, pagerdutyTriggered: ['web'] },
    pagedPeople: [{ person: 'alice', at: noon, severity: 'SEV1' }],
    firing: 1,
    alertsTotal: 1,
    sample: [alert('a')],
    statusUpdate: null,
    recentCommandIds: [],
  } satisfies Incident);
});

describe('the fold of a timeline', () => {
  const opened = carryOut(null, joins('SEV1', ['a', 'b']), noon);
  const acknowledged = carryOut(opened.incident, acknowledges, at(60), { commandId: 'action-1' });
  const expired = carryOut(acknowledged.incident, tick(acknowledged.incident), at(3660));
  const resolved = carryOut(expired.incident, resolves(['a', 'b']), at(4000));
  const commits = [opened, acknowledged, expired, resolved].map(({ commit }) => commit);

  it('is the stored state, in whatever order the commits come', () => {
    expect(foldTimeline(commits)).toEqual(resolved.incident);
    expect(foldTimeline([...commits].reverse())).toEqual(resolved.incident);
  });

  it('looks past the outcomes of pages', () => {
    const outcome: Commit = {
      ...opened.commit,
      part: 'page-1-1-1-person:alice',
      events: [{ type: 'FallbackPaged', reason: 'deadline passed', target: 'person:alice', step: 1, round: 1 }],
    };
    expect(foldTimeline([...commits, outcome])).toEqual(resolved.incident);
  });

  it('refuses a gap, and nothing at all', () => {
    expect(() => foldTimeline([opened.commit, expired.commit])).toThrow('has a gap before 3');
    expect(() => foldTimeline([])).toThrow('at least one state commit');
    expect(() => evolveAll(null, [], meta(1))).toThrow('at least one event');
  });
});

it('changes nothing but the version for the outcome of a page', () => {
  const incident = isOpened('SEV1');
  const page = { step: 1, round: 1, target: 'person:alice', generation: 1 } as const;
  const outcomes: readonly IncidentEvent[] = [
    { type: 'PageHandedOver', ...page, claimedAt: noon },
    { type: 'PageCancelled', ...page, reason: 'acknowledged' },
    { type: 'FallbackPaged', reason: 'deadline passed', target: 'person:alice', step: 1, round: 1 },
  ];
  expect(evolveAll(incident, outcomes, meta(1))).toEqual(incident);
});

it('throws on an event that it does not know, and on a wrong beginning', () => {
  const unknown = { type: 'IncidentVanished' } as unknown as IncidentEvent;
  expect(() => evolve(isOpened('SEV1'), unknown, meta(2))).toThrow('unhandled case: IncidentVanished');
  expect(() => evolve(null, { type: 'AcknowledgementExpired' }, meta(1))).toThrow('begins with IncidentTriggered');
  const [triggered] = carryOut(null, joins('SEV1', ['a']), noon).commit.events;
  if (!triggered) throw new Error('no event');
  expect(() => evolve(isOpened('SEV1'), triggered, meta(2))).toThrow('is triggered twice');
});

describe('the sample of firing alerts', () => {
  it('keeps ten, the earliest first, without those that ended', () => {
    const names = Array.from({ length: 12 }, (_, i) => `alert-${String(i).padStart(2, '0')}`);
    const command = joins('SEV1', names.slice(2));
    const joined = command.joined.map((each, i) => ({
      ...each,
      summary: { ...each.summary, startsAt: at(-i) },
    }));
    const incident = play([{ ...command, joined }, noon], [joins('SEV1', names.slice(0, 2)), at(10)]);
    expect(incident.firing).toBe(12);
    expect(incident.sample.map(({ fingerprint }) => fingerprint)).toEqual([
      'alert-11',
      'alert-10',
      'alert-09',
      'alert-08',
      'alert-07',
      'alert-06',
      'alert-05',
      'alert-04',
      'alert-03',
      'alert-00',
    ]);
    const fewer = carryOut(incident, resolves(['alert-11', 'alert-00']), at(20)).incident;
    expect([fewer.firing, fewer.sample.length, fewer.sample[0]?.fingerprint]).toEqual([10, 8, 'alert-10']);
  });

  it('shows an alert that fires again once, as it is now', () => {
    const again = play(
      [joins('SEV1', ['a', 'b']), noon],
      [resolves(['a']), at(10)],
      [joins('SEV1', ['a'], false), at(20)],
    );
    expect([again.sample.map(({ fingerprint }) => fingerprint), again.firing, again.alertsTotal]).toEqual([
      ['a', 'b'],
      2,
      2,
    ]);
  });
});
