import { addMillis, addSeconds, type Instant } from '../kernel/instant.ts';
import { type OnCall, shiftsBetween } from './on-call.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule.ts';

/** An instant at which another person comes on call, or nobody does. The same person by another rule is no change. */
export interface ShiftChange {
  readonly at: Instant;
  /** Null: nobody. */
  readonly from: OnCall | null;
  readonly to: OnCall | null;
}

/** The changes after one instant until another, which is in: so that who asks again from `until` misses none and sees none twice. */
export function shiftChangesBetween(
  schedule: Schedule,
  overrides: readonly Override[],
  after: Instant,
  until: Instant,
): readonly ShiftChange[] {
  const shifts = shiftsBetween(schedule, overrides, after, addMillis(until, 1));
  return shifts.flatMap(({ startsAt, onCall }, index) => {
    const before = shifts[index - 1];
    if (before === undefined || before.onCall?.person === onCall?.person) return [];
    return [{ at: startsAt, from: before.onCall, to: onCall }];
  });
}

/** Hourly turns are answered by the first look, yearly ones by the last. */
const looksAheadDays = [2, 30, 400];

/** The next change after an instant; null: none within 400 days. */
export function nextShiftChange(
  schedule: Schedule,
  overrides: readonly Override[],
  after: Instant,
): ShiftChange | null {
  for (const days of looksAheadDays) {
    const [next] = shiftChangesBetween(schedule, overrides, after, addSeconds(after, days * 86_400));
    if (next !== undefined) return next;
  }
  return null;
}

/** Until when whoever is on call at an instant stays it (or the gap lasts); null: beyond 400 days. */
export const onCallUntil = (schedule: Schedule, overrides: readonly Override[], at: Instant): Instant | null =>
  nextShiftChange(schedule, overrides, at)?.at ?? null;
