import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInAnyInterval } from '#shared/route/in-time-interval.ts';
import { nextBoundary } from '#shared/route/next-boundary.ts';
import type { TimeInterval } from '#shared/route/time-interval.ts';
import { interval, range, time } from './interval-builders.ts';

const office = [time('09:00-17:00')];

type Row = readonly [name: string, intervals: readonly Partial<TimeInterval>[], instant: string, boundary: string];

const rows: readonly Row[] = [
  ['is the end of the time that holds', [{ times: office }], '2026-03-04T09:00:00.000Z', '2026-03-04T17:00:00.000Z'],
  ['is the next start', [{ times: office }], '2026-03-04T17:00:00.000Z', '2026-03-05T09:00:00.000Z'],
  [
    'leaves out days that do not hold',
    [{ times: office, weekdays: [range(1, 5)] }],
    '2026-03-06T17:00:00.000Z',
    '2026-03-09T09:00:00.000Z',
  ],
  [
    'goes over a midnight at which one time follows the other',
    [{ times: [time('22:00-24:00'), time('00:00-06:00')] }],
    '2026-03-04T22:30:00.000Z',
    '2026-03-05T06:00:00.000Z',
  ],
  [
    'goes on where another interval of the name takes over',
    [{ times: office }, { times: [time('16:00-20:00')] }],
    '2026-03-04T10:00:00.000Z',
    '2026-03-04T20:00:00.000Z',
  ],
  [
    'is the midnight at which a month ends',
    [{ months: [range(3)] }],
    '2026-03-30T10:00:00.000Z',
    '2026-04-01T00:00:00.000Z',
  ],
  [
    'finds the last day of February',
    [{ daysOfMonth: [range(-1)] }],
    '2026-02-01T00:00:00.000Z',
    '2026-02-28T00:00:00.000Z',
  ],
  [
    'is local',
    [{ times: office, timeZone: 'America/New_York' }],
    '2026-03-04T12:00:00.000Z',
    '2026-03-04T14:00:00.000Z',
  ],
  [
    'follows a change of the clocks on the way',
    [{ times: office, weekdays: [range(1)], timeZone: 'Europe/Berlin' }],
    '2026-03-27T12:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
  ],
  [
    'is the change itself where clocks jump into the time',
    [{ times: [time('02:30-04:00')], timeZone: 'Europe/Berlin' }],
    '2026-03-29T00:00:00.000Z',
    '2026-03-29T01:00:00.000Z',
  ],
  [
    'is the change itself where clocks jump back into the time',
    [{ times: [time('01:30-02:30')], timeZone: 'Europe/Berlin' }],
    '2026-10-25T00:45:00.000Z',
    '2026-10-25T01:00:00.000Z',
  ],
  [
    'passes a time that clocks skip',
    [{ times: [time('02:10-02:50')], timeZone: 'Europe/Berlin' }],
    '2026-03-29T00:00:00.000Z',
    '2026-03-30T00:10:00.000Z',
  ],
];

const horizon = (instant: string): number => {
  const grid = 32 * 86_400_000;
  return (Math.floor(Date.parse(instant) / grid) + 2) * grid;
};

describe('the next boundary', () => {
  it.each(rows)('%s', (_, intervals, instant, boundary) => {
    expect(nextBoundary(intervals.map(interval), instant)).toBe(boundary);
  });

  it.each([
    ['holds always', [{}]],
    ['holds in a year far away', [{ years: [range(2040)] }]],
    ['never holds', [{ daysOfMonth: [range(31)], months: [range(2)] }]],
    ['is not there', []],
  ])('is an instant at which to look again when an interval %s', (_, intervals) => {
    const first = nextBoundary(intervals.map(interval), '2026-03-04T12:00:00.000Z');
    expect(Date.parse(first)).toBe(horizon('2026-03-04T12:00:00.000Z'));
    // The same answer a minute and a day later: nothing to write.
    expect(nextBoundary(intervals.map(interval), '2026-03-04T12:01:00.000Z')).toBe(first);
    expect(nextBoundary(intervals.map(interval), '2026-03-05T12:00:00.000Z')).toBe(first);
  });
});

const ranges = (min: number, max: number) =>
  fc.option(
    fc
      .array(fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })), { minLength: 1, maxLength: 2 })
      .map((pairs) => pairs.map(([a, b]) => range(Math.min(a, b), Math.max(a, b)))),
  );

const zones = fc.constantFrom(
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/Sao_Paulo'],
  ...['America/St_Johns', 'Africa/Casablanca', 'Asia/Gaza', 'Asia/Kathmandu', 'America/Havana', 'Antarctica/Troll'],
);

const anyInterval = fc.record({
  times: fc.option(
    fc
      .array(fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 2 }), {
        minLength: 1,
        maxLength: 2,
      })
      .map((pairs) => pairs.map(([a = 0, b = 0]) => ({ startMinute: Math.min(a, b), endMinute: Math.max(a, b) }))),
  ),
  weekdays: ranges(0, 6),
  daysOfMonth: ranges(1, 31),
  months: fc.constant(null),
  years: fc.constant(null),
  timeZone: zones,
});

describe('whatever the intervals and the zone', () => {
  it('nothing changes before the boundary, and something does at it', async () => {
    const minute = 60_000;
    const starts = fc.integer({ min: Date.UTC(1995, 0) / minute, max: Date.UTC(2030, 0) / minute });
    await fc.assert(
      fc.property(fc.array(anyInterval, { minLength: 1, maxLength: 2 }), starts, (intervals, start) => {
        const holds = (at: number) => isInAnyInterval(intervals, new Date(at).toISOString());
        const from = start * minute;
        const boundary = Date.parse(nextBoundary(intervals, new Date(from).toISOString()));
        const held = holds(from);
        expect(boundary).toBeGreaterThan(from);
        if (boundary < horizon(new Date(from).toISOString())) expect(holds(boundary)).toBe(!held);
        expect(holds(boundary - 1) || boundary === from).toBe(held || boundary === from);
        // Every quarter of an hour up to it, and every minute of the last six hours.
        for (let at = from; at < boundary; at += 15 * minute) expect(holds(at)).toBe(held);
        for (let at = Math.max(from, boundary - 360 * minute); at < boundary; at += minute)
          expect(holds(at)).toBe(held);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
