import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { OverrideContext } from './check-override.ts';
import { shiftsBetween } from './on-call.ts';
import { findShift, type ShiftName } from './plan-swap.ts';
import type { Schedule } from './schedule.ts';

/** Hourly turns are found by the first look, those of a large yearly rotation by the last. */
const looksAheadDays = [8, 60, 400];

/**
 * The first shift of a person that begins at an instant or after it, however much of it others have taken over; null: none
 * within 400 days. A shift that runs already and comes back to its owner in between does not begin then.
 */
export function nextShiftOf(
  person: string,
  schedule: Schedule,
  from: Instant,
  context: OverrideContext,
): ShiftName | null {
  for (const days of looksAheadDays) {
    const shifts = shiftsBetween(schedule, context.overrides, from, addSeconds(from, days * 86_400));
    const theirs = shifts.filter(({ onCall }) => onCall?.person === person);
    const names = theirs.map(({ startsAt }) => ({ schedule: schedule.name, person, at: startsAt }));
    const next = names.find((name) => (findShift(name, context)?.startsAt ?? '') >= from);
    if (next !== undefined) return next;
  }
  return null;
}
