import { describe, expect, it } from 'vitest';
import { onCallAt, type Shift, shiftsBetween } from '#shared/on-call/on-call.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Schedule } from '#shared/on-call/schedule.ts';
import { type ClockTable, changesBetween, clockTable, minuteMillis, offsetAt } from './clock-reference.ts';
import { type Draw, drawOverrides, drawSchedule, randomOf } from './random-schedule.ts';
import { anOverride } from './schedule-builders.ts';
import { readMinutes } from './schedule-reference.ts';

const zones = Intl.supportedValuesOf('timeZone');
const toMinute = (date: string): number => Date.parse(date) / minuteMillis;
const [first, last] = [toMinute('1972-02-01T00:00Z'), toMinute('2037-12-31T00:00Z')];

/** Leap days and ends of years, which no clock may mind. */
const plainDays = ['2023-12-31T23:59Z', '2024-02-29T00:00Z', '2027-02-28T23:30Z', '2028-02-29T12:00Z'].map(toMinute);

/** The table begins before what is compared, because clocks may have shown later times by then. */
const leadMinutes = 36 * 60;

interface Case {
  readonly schedule: Schedule;
  readonly overrides: readonly Override[];
  readonly table: ClockTable;
  /** In minutes since the epoch: [from, to). */
  readonly from: number;
  readonly to: number;
}

const instantOf = (minute: number): string => new Date(minute * minuteMillis).toISOString();

/** The shifts spelt out minute by minute, and whether they tile the time in whole minutes. */
function spellOut(shifts: readonly Shift[], from: number, to: number): { minutes: (string | null)[]; tiles: boolean } {
  const minutes: (string | null)[] = [];
  let tiles = true;
  for (const { startsAt, endsAt, onCall } of shifts) {
    const end = Date.parse(endsAt) / minuteMillis;
    tiles &&=
      Date.parse(startsAt) === (from + minutes.length) * minuteMillis && Number.isInteger(end) && endsAt > startsAt;
    while (from + minutes.length < end) minutes.push(onCall?.person ?? null);
  }
  return { minutes, tiles: tiles && from + minutes.length === to };
}

/** What is wrong with a case: null, or where the answers differ first. */
function findFault({ schedule, overrides, table, from, to }: Case): unknown {
  const shifts = shiftsBetween(schedule, overrides, instantOf(from), instantOf(to));
  const { minutes, tiles } = spellOut(shifts, from, to);
  const expected = readMinutes(schedule, overrides, table, [from, to]);
  const index = expected.findIndex((person, minute) => person !== minutes[minute]);
  if (tiles && index < 0) return null;
  return { tiles, at: instantOf(from + index), expected: expected[index], found: minutes[index], schedule, overrides };
}

/** At each edge, just before and just after, the answer for the instant is the one of the shifts. */
function findDisagreement({ schedule, overrides, from, to }: Case): unknown {
  const shifts = shiftsBetween(schedule, overrides, instantOf(from), instantOf(to));
  for (const [index, { startsAt, endsAt, onCall }] of shifts.entries()) {
    const before = shifts[index - 1];
    const edge = Date.parse(startsAt);
    const asked = [edge, edge + 1, Date.parse(endsAt) - 1].map((millis) => new Date(millis).toISOString());
    const wrong = asked.find((at) => !same(onCallAt(schedule, overrides, at), onCall));
    if (wrong !== undefined) return { at: wrong, onCall, schedule, overrides };
    if (before && same(before.onCall, onCall)) return { at: startsAt, twice: onCall, schedule, overrides };
  }
  return null;
}

/** An override of the middle of the window, made after all others. */
function findWrongOverride({ schedule, overrides, from, to }: Case): unknown {
  const middle = { startsAt: instantOf(from + 100), endsAt: instantOf(from + 200) };
  const last = anOverride({ ...middle, id: 'last', person: 'last', createdAt: instantOf(to) });
  const read = (all: readonly Override[]) => {
    const shifts = shiftsBetween(schedule, all, instantOf(from), instantOf(to));
    return spellOut(shifts, from, to).minutes;
  };
  const before = read(overrides);
  const cancelled = read([{ ...last, cancelledAt: middle.startsAt }, ...overrides]);
  const expected = before.map((person, minute) => (minute >= 100 && minute < 200 ? 'last' : person));
  const isRight = same(cancelled, before) && same(read([last, ...overrides]), expected);
  return isRight ? null : { schedule, overrides };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Cases {
  readonly minutesOf: (timeZone: string) => readonly number[];
  /** What is compared lies around the minute, so many to either side. */
  readonly windowMinutes: number;
  /** Schedules for each minute. */
  readonly perMinute: number;
  readonly seed: number;
}

function* drawCases({ minutesOf, windowMinutes, perMinute, seed }: Cases): Generator<Case> {
  const random = randomOf(seed);
  for (const timeZone of zones) {
    for (const minute of minutesOf(timeZone)) {
      const [from, to] = [minute - windowMinutes, minute + windowMinutes];
      const table = clockTable(timeZone, from - leadMinutes, to - from + leadMinutes);
      const draw: Draw = { random, utc: minute, local: table.shown[minute - table.from] ?? 0 };
      for (let count = 0; count < perMinute; count++) {
        yield { schedule: drawSchedule(draw, timeZone), overrides: drawOverrides(draw), table, from, to };
      }
    }
  }
}

function check(cases: Iterable<Case>, find: (each: Case) => unknown): number {
  let count = 0;
  for (const each of cases) {
    const fault = find(each);
    if (fault !== null) expect.fail(`case ${count}: ${JSON.stringify(fault)}`);
    count++;
  }
  return count;
}

const changes = new Map(zones.map((zone) => [zone, changesBetween(zone, first, last)]));
const changesOf = (timeZone: string): readonly number[] => changes.get(timeZone) ?? [];
const changesOf2026 = (timeZone: string) =>
  changesOf(timeZone).filter((at) => at >= toMinute('2026-01-01T00:00Z') && at < toMinute('2027-01-01T00:00Z'));
/** Clocks set by half a day or more: zones that moved across the date line. */
const leapsOf = (timeZone: string) =>
  changesOf(timeZone).filter((at) => Math.abs(offsetAt(timeZone, at) - offsetAt(timeZone, at - 1)) >= 12 * 60);

describe('B25 DST and zones in rotations, in every zone of the database', () => {
  it('B25 the shifts around each change of clocks since 1972 are those read off the clocks minute by minute: gaps, folds, Lord Howe', () => {
    const cases = drawCases({ minutesOf: changesOf, windowMinutes: 2 * 60, perMinute: 5, seed: 25 });
    const count = check(cases, findFault);
    expect(count).toBeGreaterThan(100_000);
  });

  it('B25 a day that a zone left out (Apia, Kwajalein) is read off the clocks, too', () => {
    const leaping = zones.filter((zone) => leapsOf(zone).length > 0);
    expect(leaping).toEqual(expect.arrayContaining(['Pacific/Apia', 'Pacific/Kiritimati', 'Pacific/Kwajalein']));
    const cases = drawCases({ minutesOf: leapsOf, windowMinutes: 30 * 60, perMinute: 200, seed: 26 });
    expect(check(cases, findFault)).toBe(leaping.length * 200);
  });

  it('B25 leap days and ends of years are days like all others', () => {
    const cases = drawCases({ minutesOf: () => plainDays, windowMinutes: 6 * 60, perMinute: 2, seed: 27 });
    expect(check(cases, findFault)).toBe(zones.length * plainDays.length * 2);
  });

  it('B25 who is on call at an edge, just before and just after it, is whom the shifts name', () => {
    const cases = drawCases({ minutesOf: changesOf2026, windowMinutes: 3 * 60, perMinute: 4, seed: 28 });
    expect(check(cases, findDisagreement)).toBeGreaterThan(1_000);
  });

  it('B25 the override made last has its whole time, a cancelled one none, and both leave the rest as it is', () => {
    const cases = drawCases({ minutesOf: changesOf2026, windowMinutes: 3 * 60, perMinute: 4, seed: 29 });
    expect(check(cases, findWrongOverride)).toBeGreaterThan(1_000);
  });
});
