import { describe, expect, it } from 'vitest';
import { shiftsBetween } from '#shared/on-call/on-call.ts';
import { changesBetween, minuteMillis, offsetAt } from './clock-reference.ts';
import { aLayer, aSchedule } from './schedule-builders.ts';

const zones = Intl.supportedValuesOf('timeZone');
const dayMinutes = 1440;
const [first, last] = [Date.UTC(2025, 0) / minuteMillis, Date.UTC(2031, 0) / minuteMillis];
const members = ['ann', 'ben', 'cem'];

interface Turns {
  readonly timeZone: string;
  readonly days: number;
  /** What clocks show when the first turn begins, in minutes. */
  readonly localStart: number;
}

interface Turn {
  readonly person: string;
  /** Minutes since the epoch. */
  readonly start: number;
  readonly end: number;
}

/** The first turns of a rotation, each whole. */
function turnsOf({ timeZone, days, localStart }: Turns): readonly Turn[] {
  const start = new Date(localStart * minuteMillis).toISOString().slice(0, 16);
  const schedule = aSchedule([aLayer({ members, shiftMinutes: days * dayMinutes, start })], timeZone);
  const at = (minute: number) => new Date(minute * minuteMillis).toISOString();
  const shifts = shiftsBetween(schedule, [], at(localStart - 2 * dayMinutes), at(localStart + 4 * days * dayMinutes));
  return shifts
    .filter(({ onCall }) => onCall !== null)
    .slice(0, 3)
    .map(({ startsAt, endsAt, onCall }) => ({
      person: onCall?.person ?? '',
      start: Date.parse(startsAt) / minuteMillis,
      end: Date.parse(endsAt) / minuteMillis,
    }));
}

/** Rotations whose first turn lasts over a change of clocks: their hand-over at different times of the day, the changed hour included. */
function* rotationsOver(timeZone: string, change: number): Generator<Turns> {
  const local = change + offsetAt(timeZone, change - 1);
  for (const days of [1, 2, 7]) {
    for (const minutes of [-12 * 60, -60, -1, 0, 20, 30, 60, 6 * 60]) {
      yield { timeZone, days, localStart: local + minutes - dayMinutes };
    }
  }
}

const rotations = zones.flatMap((zone) =>
  changesBetween(zone, first, last).flatMap((change) => [...rotationsOver(zone, change)]),
);
const shownAt = (timeZone: string, minute: number): number => minute + offsetAt(timeZone, minute);

/** A turn and what clocks show when it should begin and end. */
interface DueTurn extends Turn {
  readonly rotation: Turns;
  readonly localStart: number;
  readonly localEnd: number;
}

describe('B25 turns over a change of clocks', () => {
  const all = rotations.map((rotation) => ({ rotation, turns: turnsOf(rotation) }));
  const due = all.flatMap(({ rotation, turns }) =>
    turns.map((turn, index): DueTurn => {
      const localStart = rotation.localStart + index * rotation.days * dayMinutes;
      return { ...turn, rotation, localStart, localEnd: localStart + rotation.days * dayMinutes };
    }),
  );

  it('B25 there are many of them', () => {
    expect(due.length).toBeGreaterThan(100_000);
  });

  it('B25 come in the order of the members, without a hole', () => {
    const wrong = all.filter(({ turns: [a, b, c] }) => {
      const people = [a?.person, b?.person, c?.person];
      return people.join() !== members.join() || a?.end !== b?.start || b?.end !== c?.start;
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('B25 begin when the clocks come to their time, or leap over it', () => {
    const wrong = due.filter(
      ({ rotation: { timeZone }, start, localStart }) =>
        shownAt(timeZone, start) < localStart || shownAt(timeZone, start - 1) >= localStart,
    );
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('B25 of n days last n x 24 hours and what the clocks were set back meanwhile', () => {
    const whole = due.filter(
      ({ rotation: { timeZone }, start, end, localStart, localEnd }) =>
        shownAt(timeZone, start) === localStart && shownAt(timeZone, end) === localEnd,
    );
    const wrong = whole.filter(({ rotation: { timeZone, days }, start, end }) => {
      const setBack = offsetAt(timeZone, start) - offsetAt(timeZone, end);
      return end - start !== days * dayMinutes + setBack;
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    // The rest begins or ends in a gap.
    expect(whole.length).toBeGreaterThan(0.9 * due.length);
  });
});
