import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Labels } from '#shared/alert/labels.ts';
import { decideHeartbeat, toldHeartbeat } from '#shared/heartbeat/decide-heartbeat.ts';
import { type HeartbeatRecord, heartbeatStateAt, movesLastSeen } from '#shared/heartbeat/heartbeat.ts';
import type { HeartbeatRule } from '#shared/heartbeat/heartbeat-rule.ts';
import { at, noon } from '#test/support/decision-builders.ts';

const rule: HeartbeatRule = {
  name: 'watchdog',
  source: 'main',
  matchers: [],
  everySeconds: 300,
  graceSeconds: 120,
  lateSeverity: 'SEV3',
  missingSeverity: 'SEV2',
  owner: null,
};

describe('the state of a heartbeat', () => {
  it.each([
    ['that never arrived', undefined, 299, 'waiting'],
    ['that never arrived', undefined, 300, 'late'],
    ['that never arrived', undefined, 420, 'missing'],
    ['seen', at(0), 299, 'alive'],
    ['seen', at(0), 300, 'late'],
    ['seen', at(0), 419, 'late'],
    ['seen', at(0), 420, 'missing'],
  ] as const)('%s is counted to the second, start in and end out', (_, lastSeenAt, seconds, state) => {
    const seen = { namedAt: noon, ...(lastSeenAt === undefined ? {} : { lastSeenAt }) };
    expect(heartbeatStateAt(rule, seen, at(seconds))).toBe(state);
  });

  it('without a grace is missing as soon as it is late', () => {
    expect(heartbeatStateAt({ ...rule, graceSeconds: 0 }, { namedAt: noon }, at(300))).toBe('missing');
  });
});

it('is moved by a first arrival, and then once in half of the time between two', () => {
  expect(movesLastSeen(rule, undefined, noon)).toBe(true);
  expect(movesLastSeen(rule, noon, at(149))).toBe(false);
  expect(movesLastSeen(rule, noon, at(150))).toBe(true);
  expect(movesLastSeen(rule, at(200), noon)).toBe(false);
});

it('begins anew under another source or other matchers, because what was seen before proves nothing of it', () => {
  const world = new World();
  world.sweep(null);
  world.carryOut('beat');
  world.seconds = 200;
  for (const present of [
    { ...rule, source: 'other' },
    { ...rule, matchers: [{ name: 'alertname', operator: '=', value: 'Watchdog' } as const] },
  ]) {
    world.present = present;
    world.sweep(null);
    expect(world.stored).toMatchObject({ source: present.source, state: 'waiting', namedAt: at(200) });
    expect(world.stored).not.toHaveProperty('lastSeenAt');
  }
});

/** What may happen in a minute; a sweep can die behind its first write, or behind its sending. */
type Move = 'beat' | 'sweep' | 'sweep dies untold' | 'sweep dies told' | 'remove' | 'rename' | 'worse';
const moves = fc.array(
  fc.record({
    move: fc.constantFrom<Move>(
      'beat',
      'beat',
      'sweep',
      'sweep',
      'sweep dies untold',
      'sweep dies told',
      'remove',
      'rename',
      'worse',
    ),
    waitSeconds: fc.constantFrom(30, 60, 200, 400, 4000),
  }),
  { maxLength: 40 },
);

/** The table, the policy file, and what those who were told believe to be firing. */
class World {
  seconds = 0;
  present: HeartbeatRule | null = rule;
  stored: HeartbeatRecord | null = null;
  readonly believed = new Set<string>();

  sweep(dies: 'untold' | 'told' | null): void {
    const now = at(this.seconds);
    const decision = decideHeartbeat(this.present, this.stored, now);
    if (decision.outcome !== 'accepted') return;
    this.stored = decision.after;
    if (decision.after.toldAt !== null || dies === 'untold') return;
    for (const labels of decision.after.firing) this.believed.add(key(labels));
    for (const labels of decision.after.ending) this.believed.delete(key(labels));
    if (dies === null) this.stored = toldHeartbeat(decision.after, now);
  }

  carryOut(move: Move): void {
    if (move === 'remove') this.present = null;
    if (move === 'rename') this.present = { ...rule, source: this.present?.source === 'main' ? 'other' : 'main' };
    if (move === 'worse') this.present = { ...rule, missingSeverity: 'SEV1' };
    if (move === 'beat' && this.stored !== null && this.stored.removedAt === null) {
      this.stored = { ...this.stored, lastSeenAt: at(this.seconds) };
    }
    if (move === 'sweep') this.sweep(null);
    if (move === 'sweep dies untold') this.sweep('untold');
    if (move === 'sweep dies told') this.sweep('told');
  }
}

const key = (labels: Labels): string => `${labels.alertname} ${labels.severity} ${labels.source}`;

function expected({ present, stored, seconds }: World): readonly string[] {
  if (present === null || stored === null) return [];
  const state = heartbeatStateAt(present, stored, at(seconds));
  if (state === 'late') return [`HeartbeatLate ${present.lateSeverity} ${present.source}`];
  return state === 'missing' ? [`HeartbeatMissing ${present.missingSeverity} ${present.source}`] : [];
}

it('people are told what is so after every sweep, whatever died before it and however the policy file changed', () => {
  fc.assert(
    fc.property(moves, (life) => {
      const world = new World();
      for (const { move, waitSeconds } of life) {
        world.carryOut(move);
        world.seconds += waitSeconds;
      }
      world.sweep(null);
      expect([...world.believed]).toEqual(expected(world));
    }),
    { numRuns: 2000 },
  );
});
