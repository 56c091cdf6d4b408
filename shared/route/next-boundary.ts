import { addMillis, earliest, fromEpochMillis, type Instant, toEpochMillis } from '../kernel/instant.ts';
import { nextClockChange, readLocalMillis } from '../kernel/local-clock.ts';
import { dayMillis, isDayIn, isInAnyInterval } from './in-time-interval.ts';
import type { TimeInterval } from './time-interval.ts';

const minuteMillis = 60_000;

/**
 * How far is looked, at least: whatever comes later is looked for then. A fixed grid, so that an answer "not until then" stays the
 * same answer for whoever asks again, and nothing is written for it.
 */
const lookMillis = 32 * dayMillis;

/** Where the look ahead from an instant ends. */
export const horizonOf = (instant: Instant): Instant =>
  fromEpochMillis((Math.floor(toEpochMillis(instant) / lookMillis) + 2) * lookMillis);

/** Milliseconds until the clocks show the next time at which this interval may begin or end, were they never set. */
function millisToNextEdge(interval: TimeInterval, localMillis: number): number {
  const sinceMidnight = ((localMillis % dayMillis) + dayMillis) % dayMillis;
  const toMidnight = dayMillis - sinceMidnight;
  if (interval.times === null || !isDayIn(interval, localMillis)) return toMidnight;
  return interval.times
    .flatMap(({ startMinute, endMinute }) => [startMinute, endMinute])
    .map((minute) => minute * minuteMillis - sinceMidnight)
    .reduce((nearest, millis) => (millis > 0 && millis < nearest ? millis : nearest), toMidnight);
}

/** Walks the edges of one interval; the zone is asked for its next change only when that is reached. */
function edgesOf(interval: TimeInterval, from: Instant): (after: Instant) => Instant | null {
  const { times, weekdays, daysOfMonth, months, years, timeZone } = interval;
  if ([times, weekdays, daysOfMonth, months, years].every((field) => field === null)) return () => null;
  let shift = readLocalMillis(from, timeZone) - toEpochMillis(from);
  let change = nextClockChange(from, timeZone);
  return (after) => {
    while (change !== null && change <= after) {
      shift = readLocalMillis(change, timeZone) - toEpochMillis(change);
      change = nextClockChange(change, timeZone);
    }
    const edge = addMillis(after, millisToNextEdge(interval, toEpochMillis(after) + shift));
    return change === null ? edge : earliest(edge, change);
  };
}

/**
 * The first instant after `instant` at which it changes whether any of the intervals holds; when none is found within a month or
 * two, an instant at which to look again. Never before `instant`, and the same for all instants up to it.
 */
export function nextBoundary(intervals: readonly TimeInterval[], instant: Instant): Instant {
  const held = isInAnyInterval(intervals, instant);
  const horizon = horizonOf(instant);
  const walks = intervals.map((interval) => edgesOf(interval, instant));
  let at = instant;
  while (at < horizon) {
    const edges = walks.map((nextEdge) => nextEdge(at)).filter((edge) => edge !== null);
    at = edges.reduce(earliest, horizon);
    if (at < horizon && isInAnyInterval(intervals, at) !== held) return at;
  }
  return horizon;
}
