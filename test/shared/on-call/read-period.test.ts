import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromEpochMillis, toEpochMillis } from '#shared/kernel/instant.ts';
import { nextClockChange, readLocalMillis } from '#shared/kernel/local-clock.ts';
import { parseOverride } from '#shared/notification/parse-on-call-command.ts';
import { parseMoment } from '#shared/on-call/moment.ts';
import { readPeriod } from '#shared/on-call/read-period.ts';

/** `18:00 to 22:00` on clocks of a zone, as it is typed behind the person. */
function periodOf(when: string, now: string, timeZone = 'Europe/Berlin') {
  const read = parseOverride(`primary carol ${when}`);
  if (!read.ok || read.value.kind !== 'override') throw new Error(`not an override: ${when}`);
  const period = readPeriod(read.value.period, { timeZone, now });
  return period.ok ? `${period.value.startsAt} ${period.value.endsAt}` : period.problem;
}
/** A Monday, 13:00 in Berlin. */
const noon = '2026-03-02T12:00:00.000Z';

describe('a time on the clocks of a schedule', () => {
  it.for([
    ['18:00 to 22:00', '2026-03-02T17:00:00.000Z 2026-03-02T21:00:00.000Z'],
    ['22:00 to 06:00', '2026-03-02T21:00:00.000Z 2026-03-03T05:00:00.000Z'],
    ['for 2h', '2026-03-02T12:00:00.000Z 2026-03-02T14:00:00.000Z'],
    ['until 22:00', '2026-03-02T12:00:00.000Z 2026-03-02T21:00:00.000Z'],
    ['tomorrow 18:00 for 90m', '2026-03-03T17:00:00.000Z 2026-03-03T18:30:00.000Z'],
    ['18:00 to 24:00', '2026-03-02T17:00:00.000Z 2026-03-02T23:00:00.000Z'],
    ['2026-03-04T18:00 to 22:00', '2026-03-04T17:00:00.000Z 2026-03-04T21:00:00.000Z'],
    ['fri 18:00 to mon 09:00', '2026-03-06T17:00:00.000Z 2026-03-09T08:00:00.000Z'],
    ['18:00 to wednesday 09:00', '2026-03-02T17:00:00.000Z 2026-03-04T08:00:00.000Z'],
  ] as const)('%s is the next that fits', ([when, period]) => {
    expect(periodOf(when, noon)).toBe(period);
  });

  it('has begun already when it still runs, and is tomorrow or next week when it is over', () => {
    expect(periodOf('10:00 to 14:00', noon)).toBe('2026-03-02T09:00:00.000Z 2026-03-02T13:00:00.000Z');
    expect(periodOf('10:00 to 12:00', noon)).toBe('2026-03-03T09:00:00.000Z 2026-03-03T11:00:00.000Z');
    expect(periodOf('monday 10:00 to 12:00', noon)).toBe('2026-03-09T09:00:00.000Z 2026-03-09T11:00:00.000Z');
    expect(periodOf('2026-03-02T10:00 to 12:00', noon)).toBe('2026-03-02T09:00:00.000Z 2026-03-02T11:00:00.000Z');
  });

  it('keeps the clocks when they change in between (FIELD B 25)', () => {
    expect(periodOf('2026-03-28T18:00 to 2026-03-29T18:00', noon)).toBe(
      '2026-03-28T17:00:00.000Z 2026-03-29T16:00:00.000Z',
    );
  });

  it('that the clocks skip is refused with the first time behind the gap (FIELD B 25)', () => {
    expect(periodOf('2026-03-29T02:30 to 06:00', noon)).toBe(
      'Clocks in Europe/Berlin skip 02:30 on 2026-03-29. Write 2026-03-29T03:00, the first time behind the gap.',
    );
    expect(periodOf('2026-10-04T02:15 to 06:00', noon, 'Australia/Lord_Howe')).toBe(
      'Clocks in Australia/Lord_Howe skip 02:15 on 2026-10-04. Write 2026-10-04T02:30, the first time behind the gap.',
    );
  });

  it('that the clocks show twice is refused with both ways to write it (FIELD B 25)', () => {
    expect(periodOf('2026-10-25T01:00 to 2026-10-25T02:30', noon)).toBe(
      'Clocks in Europe/Berlin show 02:30 on 2026-10-25 twice. Write 2026-10-25T02:30+02:00 for the first or 2026-10-25T02:30+01:00 for the second.',
    );
    expect(periodOf('2026-10-25T02:30+02:00 to 2026-10-25T02:30+01:00', noon)).toBe(
      '2026-10-25T00:30:00.000Z 2026-10-25T01:30:00.000Z',
    );
    expect(periodOf('2026-11-01T01:30 for 1h', noon, 'America/New_York')).toBe(
      'Clocks in America/New_York show 01:30 on 2026-11-01 twice. Write 2026-11-01T01:30-04:00 for the first or 2026-11-01T01:30-05:00 for the second.',
    );
  });

  it('is not longer than a year', () => {
    expect(periodOf('for 999999999y', noon)).toBe('That is longer than a year.');
  });
});

describe('a local time in any zone of the database', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const anyMinute = fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 });
  const timeOf = (text: string, timeZone: string) =>
    readPeriod(
      { from: parseMoment(text) ?? { kind: 'now' }, end: { seconds: 60 } },
      { timeZone, now: '2025-06-01T00:00:00.000Z' },
    );
  /** Half of the times lie within two hours of a change of the clocks. */
  const nearChange = (minute: number, timeZone: string, offset: number) => {
    const change = nextClockChange(fromEpochMillis(minute * 60_000), timeZone);
    return change === null ? minute : Math.floor(toEpochMillis(change) / 60_000) + offset;
  };

  it('is the one instant that the clocks show it at, or is refused with times that are taken (FIELD B 25)', async () => {
    await fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        anyMinute,
        fc.option(fc.integer({ min: -120, max: 120 })),
        (timeZone, minute, offset) => {
          const near = offset === null ? minute : nearChange(minute, timeZone, offset);
          // Clocks read as if they were UTC, so that times are met that no clock shows.
          const local = fromEpochMillis(
            readLocalMillis(fromEpochMillis(near * 60_000), timeZone) + 60_000 * (offset ?? 0),
          );
          const text = local.slice(0, 16);
          const read = timeOf(text, timeZone);
          if (read.ok) {
            expect(fromEpochMillis(readLocalMillis(read.value.startsAt, timeZone)).slice(0, 16)).toBe(text);
            return;
          }
          const better = read.problem.match(/\d{4}-\d\d-\d\dT\d\d:\d\d(?:[+-]\d\d:\d\d)?/g) ?? [];
          expect(better.length).toBe(read.problem.includes('twice') ? 2 : 1);
          expect(better.map((each) => timeOf(each, timeZone).ok)).toEqual(better.map(() => true));
        },
      ),
      { numRuns: 20_000 },
    );
  }, 120_000);
});
