import type { Instant } from '../kernel/instant.ts';
import { type ChangeContext, makeSwap, type OverrideDecision } from './decide-override.ts';
import { nextShiftOf } from './next-shift.ts';
import type { Schedule } from './schedule.ts';

export interface SwapWish {
  readonly schedule: Schedule;
  readonly people: readonly [string, string];
  readonly from: Instant;
}

/** Two people swap the first shifts that each of them begins from an instant on. A shift that runs then stays as it is. */
export function swapNextShifts(
  { schedule, people, from }: SwapWish,
  reason: string,
  context: ChangeContext,
): OverrideDecision {
  const [one = null, other = null] = people.map((person) => nextShiftOf(person, schedule, from, context));
  if (one !== null && other !== null) return makeSwap([one, other], reason, context);
  const problem = `${people[one === null ? 0 : 1]} begins no shift of ${schedule.name} in the 400 days from ${from}. Name somebody of its rotation.`;
  return { outcome: 'rejected', reason: 'no such shift', problem };
}
