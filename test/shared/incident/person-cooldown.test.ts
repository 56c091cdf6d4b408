import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import {
  acknowledges,
  at,
  carryOut,
  escalates,
  joins,
  noon,
  resolves,
  resolvesByHand,
  tick,
} from '#test/support/decision-builders.ts';
import { onCallPolicy, person, stepAfter, withSteps } from '#test/support/on-call-builders.ts';

/** Rule: who was paged for an alert is paged for it again only after their own cooldown. */

const policy: Policy = withSteps(
  onCallPolicy({ alice: { cooldownSeconds: 4 * 3_600 } }),
  [stepAfter(0, person('alice')), stepAfter(600, person('bob'))],
  { repeatEverySeconds: 900 },
);
type Severity = 'SEV1' | 'SEV2';

interface Told {
  readonly afterSeconds: number;
  readonly paged: readonly string[];
  readonly skipped: readonly string[];
}

const toldIn = (incident: Incident | null, command: Parameters<typeof carryOut>[1], now: Instant) => {
  const { incident: after, commit } = carryOut(incident, command, now, { policy });
  const told = commit.events.flatMap((event): Told[] =>
    event.type === 'IncidentEscalated'
      ? [
          {
            afterSeconds: (Date.parse(now) - Date.parse(noon)) / 1000,
            paged: event.pages.map(({ target }) => ('person' in target ? target.person : target.kind)),
            skipped: event.skipped.map(({ named, reason }) => `${named}: ${reason}`),
          },
        ]
      : [],
  );
  return { after, told };
};

const resolvedAt300 = (severity: Severity): Incident => {
  const { after } = toldIn(null, joins(severity, ['a']), noon);
  return toldIn(after, resolves(['a']), at(300)).after;
};
const afterHalfAnHour = at(1_800);

describe('an alert that fires again after it was told', () => {
  it('spares who is in their cooldown; the next step comes after its delay, and the repeat pages them', () => {
    const { after, told } = toldIn(resolvedAt300('SEV2'), joins('SEV2', ['a'], false), afterHalfAnHour);
    expect([told, after.dueAt]).toEqual([
      [{ afterSeconds: 1_800, paged: [], skipped: ['alice: cooldown'] }],
      at(2_400),
    ]);
    const second = toldIn(after, tick(after), at(2_400));
    expect(second.told).toEqual([{ afterSeconds: 2_400, paged: ['bob'], skipped: [] }]);
  });

  it('pages them when the cooldown is over', () => {
    const { told } = toldIn(resolvedAt300('SEV2'), joins('SEV2', ['a'], false), at(4 * 3_600));
    expect(told).toEqual([{ afterSeconds: 14_400, paged: ['alice'], skipped: [] }]);
  });

  it('pages them for SEV1, and for what has become worse', () => {
    const again = (before: Severity, now: Severity) =>
      toldIn(resolvedAt300(before), joins(now, ['a'], false), afterHalfAnHour).told.map(({ paged }) => paged);
    expect([again('SEV1', 'SEV1'), again('SEV2', 'SEV1')]).toEqual([[['alice']], [['alice']]]);
  });

  it('pages them when another alert, of which they know nothing, re-opens the incident', () => {
    const { told } = toldIn(resolvedAt300('SEV2'), joins('SEV2', ['b']), afterHalfAnHour);
    expect(told).toEqual([{ afterSeconds: 1_800, paged: ['alice'], skipped: [] }]);
  });

  it('spares them too when a hold ends and it still fires', () => {
    const opened = toldIn(null, joins('SEV2', ['a']), noon).after;
    const held = toldIn(opened, resolvesByHand, at(300)).after;
    const { told } = toldIn(held, tick(held), held.dueAt ?? noon);
    expect(told).toEqual([{ afterSeconds: 2_100, paged: [], skipped: ['alice: cooldown'] }]);
  });

  it('pages them when a person escalates, and in a generation that a person began', () => {
    const reopened = toldIn(resolvedAt300('SEV2'), joins('SEV2', ['a'], false), afterHalfAnHour).after;
    const acknowledged = toldIn(reopened, acknowledges, at(1_900)).after;
    const byHand = toldIn(acknowledged, escalates, at(2_000));
    expect(byHand.told).toEqual([{ afterSeconds: 2_000, paged: ['bob'], skipped: [] }]);
    expect(byHand.after.escalation.toldBefore).toBeUndefined();
  });
});

it('remembers the latest page of each person, over generations, whatever way it took', () => {
  const sev1 = toldIn(null, joins('SEV1', ['a']), noon).after;
  const both = toldIn(sev1, tick(sev1), at(600)).after;
  const resolved = toldIn(both, resolves(['a']), at(700)).after;
  const reopened = toldIn(resolved, joins('SEV1', ['a'], false), at(3_600)).after;
  expect(reopened.pagedPeople).toEqual([
    { person: 'alice', at: at(3_600), severity: 'SEV1' },
    { person: 'bob', at: addSeconds(noon, 600), severity: 'SEV1' },
  ]);
});
