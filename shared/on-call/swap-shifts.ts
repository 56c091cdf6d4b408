import type { Instant } from '../kernel/instant.ts';
import { type ChangeContext, makeSwap, type OverrideDecision } from './decide-override.ts';
import { nextShiftOf } from './next-shift.ts';
import { onCallAt } from './on-call.ts';
import type { Schedule } from './schedule.ts';

export interface SwapWish {
  readonly schedule: Schedule;
  readonly people: readonly [string, string];
  readonly from: Instant;
  /** Also the shift of either that runs at that instant; what is left of it counts. */
  readonly isRunningToo: boolean;
}

/** Two people swap a shift each: the first that begins from an instant on, or the one that runs then. */
export function swapShifts(
  { schedule, people, from, isRunningToo }: SwapWish,
  reason: string,
  context: ChangeContext,
): OverrideDecision {
  const running = isRunningToo ? onCallAt(schedule, context.overrides, from)?.person : undefined;
  const [one = null, other = null] = people.map((person) =>
    person === running ? { schedule: schedule.name, person, at: from } : nextShiftOf(person, schedule, from, context),
  );
  if (one !== null && other !== null) return makeSwap([one, other], reason, context);
  const problem = `${people[one === null ? 0 : 1]} begins no shift of ${schedule.name} in the 400 days from ${from}. Name somebody of its rotation.`;
  return { outcome: 'rejected', reason: 'no such shift', problem };
}
