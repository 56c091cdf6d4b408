import { addSeconds, type Instant } from '../kernel/instant.ts';
import { type Outcome, unchanged } from '../kernel/outcome.ts';
import { type OnCall, onCallAt } from './on-call.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule.ts';
import { shiftChangesBetween } from './shift-change.ts';

/** What the sweep last found of one schedule, and what was told about its latest change of shift. */
export interface ShiftRecord {
  readonly schema: 1;
  /** Optimistic lock of the sweep; what the lane writes leaves it alone. */
  readonly version: number;
  readonly schedule: string;
  /** Null: nobody. The rule is the one by which this person took over. */
  readonly onCall: OnCall | null;
  /** Since when: names the change of shift, so no two of one schedule are equal. */
  readonly since: Instant;
  /** Whose shift ended then; null: the schedule was new, and nobody handed over. */
  readonly from: { readonly person: string | null; readonly since: Instant } | null;
  /** The lane must still be asked to tell the change. Absent: it was asked, or there is nothing to tell. */
  readonly untold?: true;
  /** By the lane: until then nobody else posts, and from then on it is looked up whether it was. Absent: not tried. */
  readonly triedUntil?: Instant;
  /** By the lane: the change was told, or never can be. */
  readonly toldAt?: Instant;
  /** The policy file no longer names the schedule. */
  readonly removedAt: Instant | null;
}

export type ShiftDecision = Outcome<{ readonly after: ShiftRecord }, 'nothing changed', never>;

/** Changes that a sweep missed for longer are told as of this long ago. */
export const shiftLookBackSeconds = 86_400;

/**
 * Has the shift of a schedule changed since the sweep last looked? The same person by another rule is no change, and several
 * changes between two looks are one. A schedule that is new, or back, has no shift before it: nothing is told.
 * @param overrides all that end after `shiftLookBackSeconds` ago
 */
export function decideShift(
  before: ShiftRecord | null,
  schedule: Schedule | null,
  overrides: readonly Override[],
  now: Instant,
): ShiftDecision {
  if (schedule === null) return remove(before, now);
  const onCall = onCallAt(schedule, overrides, now);
  const isNew = before === null || before.removedAt !== null;
  if (!isNew && before.onCall?.person === onCall?.person) return unchanged('nothing changed');
  const lookBack = addSeconds(now, -shiftLookBackSeconds);
  const changedAt = shiftChangesBetween(schedule, overrides, lookBack, now).at(-1)?.at;
  return {
    outcome: 'accepted',
    after: {
      schema: 1,
      version: (before?.version ?? 0) + 1,
      schedule: schedule.name,
      onCall,
      since: sinceOf(isNew ? null : before, changedAt, isNew ? lookBack : now),
      from: isNew ? null : { person: before.onCall?.person ?? null, since: before.since },
      ...(isNew || schedule.handOffChannel === null ? {} : { untold: true }),
      removedAt: null,
    },
  };
}

/** An edit of the policy file can change who is on call without any change of shift: that counts from when it is seen. */
const sinceOf = (before: ShiftRecord | null, changedAt: Instant | undefined, otherwise: Instant): Instant =>
  changedAt !== undefined && (before === null || changedAt > before.since) ? changedAt : otherwise;

function remove(before: ShiftRecord | null, now: Instant): ShiftDecision {
  if (before === null || before.removedAt !== null) return unchanged('nothing changed');
  const { untold: _, ...rest } = before;
  return { outcome: 'accepted', after: { ...rest, version: before.version + 1, removedAt: now } };
}
