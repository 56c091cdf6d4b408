import type { Instant } from '../../kernel/instant.ts';
import { type OnCall, onCallAt, type Shift } from '../../on-call/on-call.ts';
import type { Override } from '../../on-call/override.ts';
import type { Schedule } from '../../on-call/schedule.ts';
import { nextShiftChange } from '../../on-call/shift-change.ts';

/** An override as the operator API shows it, in one order wherever it comes from. */
export const viewOverride = ({ id, schedule, person, replaces, startsAt, endsAt, ...rest }: Override) => {
  const { reason, createdBy, createdAt, swapId, cancelledAt, cancelledBy, version } = rest;
  const what = { id, schedule, person, replaces, startsAt, endsAt, reason };
  return { ...what, createdBy, createdAt, swapId, cancelledAt, cancelledBy, version };
};

const viewRule = (onCall: OnCall | null) => (onCall === null ? { person: null, by: null } : onCall);

/** Who is on call now (`person` null: nobody), by which rule, until when (null: no end in sight), and who is next. */
export function viewSchedule(schedule: Schedule, overrides: readonly Override[], now: Instant) {
  const change = nextShiftChange(schedule, overrides, now);
  return {
    schedule: schedule.name,
    timeZone: schedule.timeZone,
    ...viewRule(onCallAt(schedule, overrides, now)),
    until: change?.at ?? null,
    next: change === null ? null : { at: change.at, ...viewRule(change.to) },
  };
}

/** Shifts in which somebody is on call, and the gaps between them. */
export const viewShifts = (shifts: readonly Shift[]) => ({
  shifts: shifts.flatMap(({ startsAt, endsAt, onCall }) => (onCall === null ? [] : [{ startsAt, endsAt, ...onCall }])),
  gaps: shifts.flatMap(({ startsAt, endsAt, onCall }) => (onCall === null ? [{ startsAt, endsAt }] : [])),
});
