import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { warningsOf } from '#shared/silence/guard-rails.ts';
import type { Silence } from '#shared/silence/silence.ts';
import type { SilenceReach } from '#shared/silence/silence-reach.ts';
import { matcher, one, silence } from './silence-builders.ts';

const reach = (changes: Partial<SilenceReach> = {}): SilenceReach => ({
  looked: 100,
  complete: true,
  hidden: 0,
  alreadySuppressed: 0,
  bySeverity: {},
  sample: [],
  incidents: [],
  ...changes,
});
const warnings = (changes: Partial<Silence>, reached: Partial<SilenceReach> | null = {}) =>
  warningsOf(silence({ startsAt: one, ...changes }), reached === null ? null : reach(reached), one);
const lasting = (seconds: number) => ({ endsAt: addSeconds(one, seconds) });

describe('a silence is called long by the worst severity that it hides now', () => {
  it.each([
    [{ SEV1: 1, SEV4: 3 }, 4 * 3600, 'It is long (4h1s): it hides SEV1 now, for which 4h is the most advised.'],
    [{ SEV2: 1 }, 86_400, 'It is long (1d1s): it hides SEV2 now, for which 1d is the most advised.'],
    [{ SEV3: 1 }, 7 * 86_400, 'It is long (7d1s): it hides SEV3 now, for which 7d is the most advised.'],
    [{ SEV4: 1 }, 30 * 86_400, 'It is long (30d1s): it hides SEV4 now, for which 30d is the most advised.'],
    [{}, 30 * 86_400, 'It is long (30d1s): for any silence 30d is the most advised.'],
  ])('%j: %i s are fine', (bySeverity, seconds, sentence) => {
    const hidden = Object.values(bySeverity).reduce((sum, count) => sum + count, 0);
    expect(warnings(lasting(seconds), { hidden, bySeverity })).toEqual([]);
    expect(warnings(lasting(seconds + 1), { hidden, bySeverity })).toEqual([sentence]);
  });

  it('counts from its start, and not what is over', () => {
    const planned = { startsAt: addSeconds(one, 86_400), endsAt: addSeconds(one, 86_400 + 4 * 3600) };
    const begun = { startsAt: addSeconds(one, -86_400), endsAt: addSeconds(one, 4 * 3600) };
    for (const each of [planned, begun]) expect(warnings(each, { hidden: 1, bySeverity: { SEV1: 1 } })).toEqual([]);
  });
});

describe('a silence is called broad', () => {
  it('by the number of alerts that it hides now', () => {
    const many = (hidden: number) => warnings({}, { looked: 1000, hidden, bySeverity: { SEV2: 1, SEV4: hidden - 1 } });
    expect(many(50)).toEqual([]);
    expect(many(51)).toEqual(['It is broad: it hides 51 of the 1000 alerts that fire now (1 of SEV2, 50 of SEV4).']);
  });

  it('by its share of what fires, once enough fires', () => {
    const share = (hidden: number, looked: number) =>
      warnings({}, { looked, hidden, bySeverity: { SEV4: hidden } }).length;
    expect([share(5, 10), share(6, 10), share(9, 9)]).toEqual([0, 1, 0]);
  });

  it('and says when not all was looked at', () => {
    expect(warnings({}, { complete: false, hidden: 60, bySeverity: { SEV4: 60 } })).toEqual([
      'It is broad: it hides 60 of the first 100 alerts that fire now (60 of SEV4).',
    ]);
  });
});

describe('a silence is called loose when nothing in one of its sets names a value', () => {
  const loose = (...matchers: ReturnType<typeof matcher>[]) => warnings({ matchers }).length > 0;
  it.each([
    [matcher('a', '=~', '.+')],
    [matcher('a', '=~', '.*.+')],
    [matcher('a', '!=', 'b')],
    [matcher('a', '!~', 'b|c')],
    [matcher('a', '=~', '[^%]+')],
  ])('%j', (each) => {
    expect(loose(each)).toBe(true);
    expect(loose(each, matcher('alertname', '=', 'Disk'))).toBe(false);
    const second = warnings({ matcherSets: [[each]] });
    expect(second).toEqual([expect.stringMatching(/ names no value: it also hides almost every alert/)]);
  });

  it('and not because of a prefix or alternatives', () => {
    expect([loose(matcher('a', '=~', 'web.*')), loose(matcher('a', '=~', 'x|y'))]).toEqual([false, false]);
  });
});

describe('nothing is said', () => {
  it('of a silence that ends with its one alert', () => {
    const untilResolved = { source: 'main', fingerprint: 'f1' };
    expect(warnings({ untilResolved, ...lasting(90 * 86_400) }, { hidden: 1, bySeverity: { SEV1: 1 } })).toEqual([]);
  });

  it('of what could not be looked at', () => {
    expect(warnings(lasting(86_400), null)).toEqual([]);
  });
});
