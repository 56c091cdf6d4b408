import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { readLocalMillis } from '#shared/kernel/local-clock.ts';
import { addDays, localDateOf } from '#shared/kernel/local-time.ts';
import type { MaintenanceWindow, Recurrence } from '#shared/silence/maintenance-window.ts';
import { nextOccurrences, occurrencesOf } from '#shared/silence/window-occurrences.ts';

const window = (recurrence: Recurrence, fields: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  name: 'patching',
  matchers: [{ name: 'team', operator: '=', value: 'database' }],
  comment: 'patching',
  timeZone: 'UTC',
  start: '02:00',
  durationSeconds: 2 * 3600,
  recurrence,
  from: null,
  until: null,
  ...fields,
});

/** `2026-03-01T02:00Z+2h`: start and length. */
const show = (occurrences: ReturnType<typeof occurrencesOf>): string[] =>
  occurrences.map(
    ({ startsAt, endsAt }) => `${startsAt.slice(0, 16)}Z+${(Date.parse(endsAt) - Date.parse(startsAt)) / 3_600_000}h`,
  );

const daily: Recurrence = { kind: 'daily' };

describe('the next occurrences of a maintenance window', () => {
  const now = '2026-02-27T12:00:00.000Z';
  it.each<readonly [string, MaintenanceWindow, readonly string[]]>([
    ['come every day', window(daily), ['2026-02-28T02:00Z+2h', '2026-03-01T02:00Z+2h', '2026-03-02T02:00Z+2h']],
    [
      'come on the days of the week',
      window({ kind: 'weekly', weekdays: [1, 6] }),
      ['2026-02-28T02:00Z+2h', '2026-03-02T02:00Z+2h', '2026-03-07T02:00Z+2h'],
    ],
    [
      'come on the days of the month, the last included',
      window({ kind: 'monthly', daysOfMonth: [1, -1] }),
      ['2026-02-28T02:00Z+2h', '2026-03-01T02:00Z+2h', '2026-03-31T02:00Z+2h'],
    ],
    [
      'leave out a month without the day',
      window({ kind: 'monthly', daysOfMonth: [30] }),
      ['2026-03-30T02:00Z+2h', '2026-04-30T02:00Z+2h', '2026-05-30T02:00Z+2h'],
    ],
    [
      'leave out a month without the day from its end',
      window({ kind: 'monthly', daysOfMonth: [-31] }),
      ['2026-03-01T02:00Z+2h', '2026-05-01T02:00Z+2h', '2026-07-01T02:00Z+2h'],
    ],
    [
      'come on the second Tuesday',
      window({ kind: 'monthly by weekday', nth: 2, weekday: 2 }),
      ['2026-03-10T02:00Z+2h', '2026-04-14T02:00Z+2h', '2026-05-12T02:00Z+2h'],
    ],
    [
      'come on the last Saturday',
      window({ kind: 'monthly by weekday', nth: -1, weekday: 6 }),
      ['2026-02-28T02:00Z+2h', '2026-03-28T02:00Z+2h', '2026-04-25T02:00Z+2h'],
    ],
    [
      'come on a fifth Monday only where there is one',
      window({ kind: 'monthly by weekday', nth: 5, weekday: 1 }),
      ['2026-03-30T02:00Z+2h', '2026-06-29T02:00Z+2h', '2026-08-31T02:00Z+2h'],
    ],
    ['come once', window({ kind: 'once', date: '2031-05-05' }), ['2031-05-05T02:00Z+2h']],
    ['do not come when the one is over', window({ kind: 'once', date: '2026-02-27' }), []],
    [
      'begin at the first date, however far',
      window(daily, { from: '2040-02-28' }),
      ['2040-02-28T02:00Z+2h', '2040-02-29T02:00Z+2h', '2040-03-01T02:00Z+2h'],
    ],
    ['end with the last date, which is in', window(daily, { until: '2026-02-28' }), ['2026-02-28T02:00Z+2h']],
    ['do not come after the last date', window(daily, { until: '2026-02-26' }), []],
    [
      'begin with the one that runs',
      window(daily, { start: '11:00' }),
      ['2026-02-27T11:00Z+2h', '2026-02-28T11:00Z+2h', '2026-03-01T11:00Z+2h'],
    ],
    [
      'begin with the first of those that run',
      window({ kind: 'weekly', weekdays: [1, 3] }, { durationSeconds: 5 * 86_400 }),
      ['2026-02-23T02:00Z+120h', '2026-02-25T02:00Z+120h', '2026-03-02T02:00Z+120h'],
    ],
    [
      'are local',
      window(daily, { timeZone: 'Pacific/Auckland', start: '23:00' }),
      ['2026-02-28T10:00Z+2h', '2026-03-01T10:00Z+2h', '2026-03-02T10:00Z+2h'],
    ],
  ])('%s', (_, given, expected) => {
    expect(show(nextOccurrences(given, now, 3))).toEqual(expected);
  });

  it('begin with one that runs since yesterday', () => {
    const overMidnight = window(daily, { start: '23:00' });
    expect(show(nextOccurrences(overMidnight, '2026-03-02T00:30:00.000Z', 2))).toEqual([
      '2026-03-01T23:00Z+2h',
      '2026-03-02T23:00Z+2h',
    ]);
  });

  it('come once in a month that ends with the weekday', () => {
    const lastSaturday = window({ kind: 'monthly by weekday', nth: -1, weekday: 6 });
    expect(show(nextOccurrences(lastSaturday, '2026-02-01T00:00:00.000Z', 2))).toEqual([
      '2026-02-28T02:00Z+2h',
      '2026-03-28T02:00Z+2h',
    ]);
  });

  it('know the leap day', () => {
    const lastDay = window({ kind: 'monthly', daysOfMonth: [-1] });
    expect(show(nextOccurrences(lastDay, '2028-02-10T00:00:00.000Z', 1))).toEqual(['2028-02-29T02:00Z+2h']);
  });
});

describe('the occurrences in a time', () => {
  it('are those that touch it: an end at its start and a start at its end are out', () => {
    const given = window(daily);
    expect(show(occurrencesOf(given, '2026-03-01T04:00:00.000Z', '2026-03-02T02:00:00.000Z'))).toEqual([]);
    expect(show(occurrencesOf(given, '2026-03-01T03:59:59.999Z', '2026-03-02T02:00:00.001Z'))).toEqual([
      '2026-03-01T02:00Z+2h',
      '2026-03-02T02:00Z+2h',
    ]);
  });
});

describe('when clocks change', () => {
  const inBerlin = (start: string, hours = 2) =>
    window(daily, { timeZone: 'Europe/Berlin', start, durationSeconds: hours * 3600 });
  const spring = ['2026-03-28T12:00:00.000Z', '2026-03-29T12:00:00.000Z'] as const;
  const autumn = ['2026-10-24T12:00:00.000Z', '2026-10-25T12:00:00.000Z'] as const;

  it('a start that they skip moves to the first instant after the gap', () => {
    expect(show(occurrencesOf(inBerlin('02:30'), ...spring))).toEqual(['2026-03-29T01:00Z+2h']);
  });

  it('a start that comes twice is the first', () => {
    expect(show(occurrencesOf(inBerlin('02:30'), ...autumn))).toEqual(['2026-10-25T00:30Z+2h']);
  });

  it('four hours are four hours', () => {
    expect(show(occurrencesOf(inBerlin('01:00', 4), ...spring))).toEqual(['2026-03-29T00:00Z+4h']);
    expect(show(occurrencesOf(inBerlin('01:00', 4), ...autumn))).toEqual(['2026-10-24T23:00Z+4h']);
  });

  it('half an hour counts (Lord Howe)', () => {
    const given = window(daily, { timeZone: 'Australia/Lord_Howe', start: '02:10' });
    expect(show(occurrencesOf(given, '2026-10-03T12:00:00.000Z', '2026-10-04T12:00:00.000Z'))).toEqual([
      '2026-10-03T15:30Z+2h',
    ]);
  });

  it('a day that a zone left out has no occurrence (Apia)', () => {
    const given = window(daily, { timeZone: 'Pacific/Apia', start: '09:00' });
    const dates = occurrencesOf(given, '2011-12-29T12:00:00.000Z', '2012-01-01T12:00:00.000Z').map(({ date }) => date);
    expect(dates).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  it('a midnight that they skip is one in the morning of the same day (Beirut)', () => {
    const given = window(daily, { timeZone: 'Asia/Beirut', start: '00:00', durationSeconds: 60 });
    const [first] = occurrencesOf(given, '2026-03-28T21:00:00.000Z', '2026-03-29T12:00:00.000Z');
    expect(first).toMatchObject({ date: '2026-03-29', startsAt: '2026-03-28T22:00:00.000Z' });
  });
});

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const dayMillis = 86_400_000;
const days = fc.integer({ min: Date.UTC(1990, 0) / dayMillis, max: Date.UTC(2037, 0) / dayMillis });
const starts = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((clock) => clock.map((part) => String(part).padStart(2, '0')).join(':'));
/** Changes happen at night: half of the starts are there. */
const nightly = fc.oneof(
  starts,
  starts.map((start) => `0${Number(start[1]) % 4}${start.slice(2)}`),
);

describe('in every zone and on every day', () => {
  it('a window begins when clocks first show its start, or right after they skip it, and lasts its time', async () => {
    await fc.assert(
      fc.property(zones, days, nightly, fc.integer({ min: 1, max: 3000 }), (timeZone, day, start, minutes) => {
        const from = new Date(day * dayMillis).toISOString();
        const given = window(daily, { timeZone, start, durationSeconds: minutes * 60 });
        const occurrences = occurrencesOf(given, from, addSeconds(from, 3 * 86_400));
        expect(occurrences.length).toBeGreaterThanOrEqual(1);
        for (const { date, startsAt, endsAt } of occurrences) {
          const wanted = Date.parse(`${date}T${start}:00.000Z`);
          const shown = readLocalMillis(startsAt, timeZone);
          expect(endsAt).toBe(addSeconds(startsAt, minutes * 60));
          expect(shown).toBeGreaterThanOrEqual(wanted);
          // At no instant of the four hours before did clocks show the start or anything after it.
          for (let back = 1; back <= 240 * 60_000; back += back === 1 ? 59_999 : 60_000) {
            const before = new Date(Date.parse(startsAt) - back).toISOString();
            expect(readLocalMillis(before, timeZone)).toBeLessThan(wanted);
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('a daily window comes once on each day, and a time cut in two has the occurrences of the whole', async () => {
    const someHours = fc.integer({ min: 1, max: 96 });
    await fc.assert(
      fc.property(zones, days, nightly, someHours, someHours, (timeZone, day, start, first, second) => {
        const given = window(daily, { timeZone, start, durationSeconds: 3600 });
        const from = new Date(day * dayMillis).toISOString();
        const middle = addSeconds(from, first * 3600);
        const until = addSeconds(middle, second * 3600);
        const whole = occurrencesOf(given, from, until);
        const parts = [...occurrencesOf(given, from, middle), ...occurrencesOf(given, middle, until)];
        expect(whole).toEqual([...new Map(parts.map((each) => [each.date, each])).values()]);
        for (const [index, { date, startsAt }] of whole.entries()) {
          expect(localDateOf(startsAt, timeZone)).toBe(date);
          const before = whole[index - 1];
          // A day may be left out altogether, as Apia's was; then the next one follows.
          if (before) expect([addDays(before.date, 1), addDays(before.date, 2)]).toContain(date);
        }
        expect(new Set(whole.map(({ date }) => date)).size).toBe(whole.length);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('the next occurrences are those of the time ahead', async () => {
    const recurrences = fc.oneof(
      fc.constant(daily),
      fc
        .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
        .map((weekdays) => ({ kind: 'weekly' as const, weekdays })),
      fc.integer({ min: 1, max: 31 }).map((each) => ({ kind: 'monthly' as const, daysOfMonth: [each, -each] })),
      fc
        .tuple(fc.constantFrom(-1, 1, 2, 3, 4, 5), fc.integer({ min: 1, max: 7 }))
        .map(([nth, weekday]) => ({ kind: 'monthly by weekday' as const, nth, weekday })),
    );
    await fc.assert(
      fc.property(zones, days, recurrences, (timeZone, day, recurrence) => {
        const given = window(recurrence, { timeZone });
        const now = new Date(day * dayMillis).toISOString();
        const next = nextOccurrences(given, now, 5);
        const last = next.at(-1);
        expect(next).toHaveLength(5);
        expect(last && occurrencesOf(given, now, addSeconds(last.startsAt, 1))).toEqual(next);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
