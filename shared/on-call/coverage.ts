import { type Instant, toEpochMillis } from '../kernel/instant.ts';
import { zoneClock } from '../kernel/zone-clock.ts';
import { type Shift, shiftsBetween } from './on-call.ts';
import type { Override } from './override.ts';
import { night } from './person-page.ts';
import { allowedWithin } from './restriction.ts';
import type { Restriction, Schedule } from './schedule.ts';
import { intersect, type Span } from './span.ts';

/** A time in which nobody is on call. Half-open. */
export interface CoverageGap {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/** Time on call, in seconds that pass: a night in which clocks are set back is an hour longer. */
export interface PersonCoverage {
  readonly person: string;
  readonly seconds: number;
  /** From 22:00 to 08:00 on the clocks of the schedule. */
  readonly nightSeconds: number;
  /** Saturdays and Sundays on the clocks of the schedule, their nights included. */
  readonly weekendSeconds: number;
}

export interface Coverage {
  readonly gaps: readonly CoverageGap[];
  /** By name. */
  readonly people: readonly PersonCoverage[];
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const nights: Restriction = { weekdays: everyDay, dates: [], ...night };
const weekends: Restriction = { weekdays: [6, 7], dates: [], startMinute: 0, endMinute: 0 };

/** When is nobody on call between two instants, and who carries how much? */
export function coverageOf(schedule: Schedule, overrides: readonly Override[], from: Instant, to: Instant): Coverage {
  const shifts = shiftsBetween(schedule, overrides, from, to);
  const gaps = shifts.filter(({ onCall }) => onCall === null).map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
  const whole = { startsAt: toEpochMillis(from), endsAt: toEpochMillis(to) };
  const clock = zoneClock(schedule.timeZone, from, to);
  const nightSpans = allowedWithin([nights], clock, whole);
  const weekendSpans = allowedWithin([weekends], clock, whole);
  const people = [...spansByPerson(shifts)].map(([person, spans]) => ({
    person,
    seconds: secondsOf(spans),
    nightSeconds: secondsOf(intersect(spans, nightSpans)),
    weekendSeconds: secondsOf(intersect(spans, weekendSpans)),
  }));
  return { gaps, people: people.sort((a, b) => (a.person < b.person ? -1 : 1)) };
}

function spansByPerson(shifts: readonly Shift[]): ReadonlyMap<string, readonly Span[]> {
  const people = new Map<string, Span[]>();
  for (const { startsAt, endsAt, onCall } of shifts) {
    if (onCall === null) continue;
    const spans = people.get(onCall.person) ?? [];
    spans.push({ startsAt: toEpochMillis(startsAt), endsAt: toEpochMillis(endsAt) });
    people.set(onCall.person, spans);
  }
  return people;
}

const secondsOf = (spans: readonly Span[]): number =>
  spans.reduce((millis, { startsAt, endsAt }) => millis + endsAt - startsAt, 0) / 1000;
