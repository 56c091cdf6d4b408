import type { Instant } from '../kernel/instant.ts';
import { isInAnyInterval } from './in-time-interval.ts';
import { horizonOf, nextBoundary } from './next-boundary.ts';
import type { TimeInterval } from './time-interval.ts';

/** Whether intervals hold, from an instant until the next boundary. */
export interface IntervalState {
  readonly holds: boolean;
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * The last answer for each list: the same for all instants up to its end. Every repeat of every alert below a route asks, and
 * a month without a boundary takes milliseconds to look through.
 */
const lastStates = new WeakMap<readonly TimeInterval[], IntervalState>();

/** Whether any of the intervals holds at an instant, and when to ask again. Quick for a list that is asked about again. */
export function intervalStateAt(intervals: readonly TimeInterval[], instant: Instant): IntervalState {
  const last = lastStates.get(intervals);
  const isKnown =
    last !== undefined &&
    last.from <= instant &&
    instant < last.until &&
    // Else a process that looked long ago would say another horizon than one that looks now.
    horizonOf(last.from) === horizonOf(instant);
  if (isKnown) return last;
  const state = {
    holds: isInAnyInterval(intervals, instant),
    from: instant,
    until: nextBoundary(intervals, instant),
  };
  lastStates.set(intervals, state);
  return state;
}
