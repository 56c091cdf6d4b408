import { addSeconds, fromEpochMillis, type Instant, toEpochMillis } from '../kernel/instant.ts';
import {
  checkOverride,
  type OverrideCheck,
  type OverrideContext,
  type OverrideDraft,
  type OverrideRefusal,
  type Refused,
  refuse,
} from './check-override.ts';
import { type OnCall, shiftsBetween } from './on-call.ts';
import type { Override } from './override.ts';
import { turnAt } from './rotation.ts';
import type { Schedule } from './schedule.ts';

/** Names a shift: the one of this person that runs at `at`, or else the first that begins in the day after it. */
export interface ShiftName {
  readonly schedule: string;
  readonly person: string;
  readonly at: Instant;
}

export type SwapRefusal = OverrideRefusal | 'no such shift' | 'the same person';

export type SwapPlan =
  | {
      readonly outcome: 'accepted';
      /** To be stored in one transaction, with one swapId: each takes over the other's shift. */
      readonly drafts: readonly [OverrideDraft, OverrideDraft];
      /** Earlier overrides that they cover. */
      readonly covers: readonly Override[];
    }
  | Refused<SwapRefusal>;

const daySeconds = 86_400;

/**
 * Two people swap a shift each, in one schedule or in two. Of a shift that runs what is left is swapped. Each half counts only
 * while the other would be on call, so what somebody else has taken over of a shift stays theirs.
 */
export function planSwap(one: ShiftName, other: ShiftName, context: OverrideContext): SwapPlan {
  if (one.person === other.person) {
    return refuse('the same person', `Both shifts are ${one.person}'s. Name two people.`);
  }
  const first = takeOver(one, other.person, context);
  if (first.outcome === 'rejected') return first;
  const second = takeOver(other, one.person, context);
  if (second.outcome === 'rejected') return second;
  return {
    outcome: 'accepted',
    drafts: [first.draft, second.draft],
    covers: [...new Set([...first.covers, ...second.covers])],
  };
}

type TakeOver = Extract<OverrideCheck, { outcome: 'accepted' }> | Refused<SwapRefusal>;

function takeOver(name: ShiftName, by: string, context: OverrideContext): TakeOver {
  const shift = findShift(name, context);
  if (shift === null) {
    const { schedule, person, at } = name;
    return refuse('no such shift', `${person} has no shift in ${schedule} at ${at} or in the day after it.`);
  }
  const draft = { schedule: name.schedule, person: by, replaces: name.person, ...shift };
  const check = checkOverride(draft, context);
  // Who takes over is not the one who is replaced, so something always changes.
  return check.outcome === 'unchanged' ? refuse('replaces nobody', `${by} has that shift already.`) : check;
}

type Period = Pick<OverrideDraft, 'startsAt' | 'endsAt'>;

/** From when to when a shift lasts; null: there is none. That of a layer is its whole turn, whatever covers parts of it. */
export function findShift(
  { schedule: name, person, at }: ShiftName,
  { policy, overrides }: OverrideContext,
): Period | null {
  const schedule = policy.schedules[name];
  if (schedule === undefined) return null;
  const shifts = shiftsBetween(schedule, overrides, at, addSeconds(at, daySeconds));
  const found = shifts.find(({ onCall }) => onCall?.person === person);
  return found?.onCall ? boundsOf(found.onCall, found.startsAt, schedule, overrides) : null;
}

function boundsOf({ by }: OnCall, at: Instant, schedule: Schedule, overrides: readonly Override[]): Period | null {
  if (by.kind === 'override') {
    const override = overrides.find(({ id }) => id === by.id);
    return override ? { startsAt: override.startsAt, endsAt: override.endsAt } : null;
  }
  const layer = schedule.layers.find((each) => each.name === by.layer);
  const turn = layer ? turnAt(layer, schedule.timeZone, toEpochMillis(at)) : null;
  return turn && { startsAt: fromEpochMillis(turn.startsAt), endsAt: fromEpochMillis(turn.endsAt) };
}
