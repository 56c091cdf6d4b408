import { fromEpochMillis, type Instant, toEpochMillis } from './instant.ts';
import { nextClockChange, readLocalMillis } from './local-clock.ts';

/** A time in which a zone keeps one offset. All in milliseconds since the epoch; half-open. */
interface ClockPiece {
  readonly startsAt: number;
  readonly endsAt: number;
  /** What the clocks show is the instant plus this. */
  readonly offset: number;
}

/**
 * The clocks of a zone around a time, so that many local times are found by arithmetic alone: a look at the zone's rules costs ten
 * thousand times as much. Exact for two days on either side of that time; what lies further back is only known to lie there.
 */
export type ZoneClock = readonly ClockPiece[];

/** No clock was ever set by more than a day, so a local time of the window is at most so far from what clocks show in it. */
const slackMillis = 3 * 86_400_000;

/** Looked up besides, because the next question is mostly about the same month. */
const marginMillis = 30 * 86_400_000;

interface KnownClock {
  readonly from: number;
  readonly to: number;
  readonly clock: ZoneClock;
}

/** What was looked up last of each zone: rules of zones do not change while a process runs. */
const known = new Map<string, KnownClock>();

export function zoneClock(timeZone: string, from: Instant, to: Instant): ZoneClock {
  const [first, last] = [toEpochMillis(from) - slackMillis, toEpochMillis(to) + slackMillis];
  const before = known.get(timeZone);
  if (before && before.from <= first && before.to >= last) return before.clock;
  const clock = lookUp(timeZone, first - marginMillis, last + marginMillis);
  known.set(timeZone, { from: first - marginMillis, to: last + marginMillis, clock });
  return clock;
}

function lookUp(timeZone: string, first: number, last: number): ZoneClock {
  const pieces: ClockPiece[] = [];
  for (let startsAt = first; startsAt < last; ) {
    const instant = fromEpochMillis(startsAt);
    const change = nextClockChange(instant, timeZone);
    const endsAt = change === null ? Number.POSITIVE_INFINITY : toEpochMillis(change);
    pieces.push({ startsAt, endsAt, offset: readLocalMillis(instant, timeZone) - startsAt });
    startsAt = endsAt;
  }
  return pieces;
}

/** What the clocks show at an instant, as if it were UTC. */
export function clocksAt(clock: ZoneClock, at: number): number {
  const piece = clock.find(({ endsAt }) => at < endsAt) ?? clock.at(-1);
  return at + (piece?.offset ?? 0);
}

/**
 * The first instant at which the clocks show a local time or a later one. So a time that they skip is the first instant after the
 * gap, one that they show twice is the first of the two, and a later local time is never an earlier instant.
 */
export function firstShowing(clock: ZoneClock, local: number): number {
  for (const { startsAt, endsAt, offset } of clock) {
    const at = Math.max(startsAt, local - offset);
    if (at < endsAt) return at;
  }
  return Number.POSITIVE_INFINITY;
}
