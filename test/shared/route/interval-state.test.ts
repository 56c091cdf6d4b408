import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInAnyInterval } from '#shared/route/in-time-interval.ts';
import { intervalStateAt } from '#shared/route/interval-state.ts';
import { nextBoundary } from '#shared/route/next-boundary.ts';
import { interval, range, time } from './interval-builders.ts';

describe('the state of time intervals', () => {
  it('is the same as without any memory, in whatever order one asks', async () => {
    const lists = [
      [interval({ times: [time('09:00-17:00')], weekdays: [range(1, 5)], timeZone: 'Europe/Berlin' })],
      [interval({ times: [time('22:00-24:00')] }), interval({ times: [time('00:00-06:00')] })],
      [interval({ months: [range(12)] })],
      [interval()],
    ];
    const minutes = fc.integer({ min: Date.UTC(2026, 0) / 60_000, max: Date.UTC(2028, 0) / 60_000 });
    await fc.assert(
      fc.property(fc.constantFrom(...lists), minutes, fc.integer({ min: -200, max: 60_000 }), (list, first, step) => {
        for (const minute of [first, first + step, first]) {
          const instant = new Date(minute * 60_000).toISOString();
          const { holds, until } = intervalStateAt(list, instant);
          expect({ holds, until }).toEqual({
            holds: isInAnyInterval(list, instant),
            until: nextBoundary(list, instant),
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is not computed again before it can change', () => {
    const list = [interval({ times: [time('09:00-17:00')] })];
    const state = intervalStateAt(list, '2026-03-04T09:00:00.000Z');
    expect(intervalStateAt(list, '2026-03-04T16:59:59.999Z')).toBe(state);
    expect(intervalStateAt(list, '2026-03-04T17:00:00.000Z')).not.toBe(state);
  });
});
