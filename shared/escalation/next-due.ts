import type { WorkingHours } from '../config/policy.ts';
import type { EscalationProgress, PinnedPolicy } from '../incident/incident.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import { interrupts } from './step-target.ts';
import { nextWorkingInstant } from './working-hours.ts';

/** A step to run: round 1 for a step's first time in a generation, above that a repeat. */
export interface StepToRun {
  readonly step: number;
  readonly round: number;
}

/**
 * Which step comes next? The first one not run in this generation, then the last one again, or all of them again one by one; null:
 * there is none. Invariant: no (step, round) comes twice in a generation, also when the steps change under it.
 */
export function nextStep(pinned: PinnedPolicy, progress: EscalationProgress): StepToRun | null {
  const { steps, repeats: repeated } = pinned.escalation;
  const { stepsDone, repeats, roundSteps } = progress;
  const last = steps.length;
  if (last === 0) return null;
  if (stepsDone < last) return { step: stepsDone + 1, round: 1 };
  if (repeated !== 'all steps') return { step: last, round: repeats + 2 };
  const inRound = roundSteps !== undefined && roundSteps < last;
  return inRound ? { step: roundSteps + 1, round: repeats + 1 } : { step: 1, round: repeats + 2 };
}

/** A repeat that waits `repeatEvery`, in place of the step's distance from the one before. */
export const beginsRound = ({ round }: StepToRun, { repeats }: EscalationProgress): boolean => round > repeats + 1;

/** Seconds between a step and the one after it; a step may not come before its predecessor. */
export function delayAfter(pinned: PinnedPolicy, step: number): number {
  const { steps } = pinned.escalation;
  return Math.max(0, (steps[step]?.afterSeconds ?? 0) - (steps[step - 1]?.afterSeconds ?? 0));
}

export interface DueInput {
  readonly pinned: PinnedPolicy;
  readonly progress: EscalationProgress;
  /** Start of the generation. */
  readonly triggeredAt: Instant;
  /** When the latest step ran; unused before the first. */
  readonly ranAt: Instant;
  /** No step runs before it: now, or the end of a flapping hold. */
  readonly notBefore: Instant;
  readonly workingHours: WorkingHours;
  /** The latest step found nobody: the next is not waited for, unless it begins a repeat. Absent: it told somebody. */
  readonly foundNobody?: boolean;
}

/**
 * When does the timer run the next step or repeat? Null: never. Delays count from the start of the generation; a step
 * that ran late, early or by hand moves all later ones, so that nobody is paged twice in a row for a delay of ours. Pages that
 * wait for working hours wait for their next start.
 */
export function nextDueAt(input: DueInput): Instant | null {
  const { pinned, progress, notBefore, workingHours } = input;
  const next = nextStep(pinned, progress);
  if (next === null) return null;
  const repeatsNever = pinned.escalation.repeatEverySeconds === null || pinned.pages === 'never';
  if (next.round > 1 && repeatsNever) return null;
  const dueAt = latest(undelayed(next, input), notBefore);
  const waits = pinned.pages === 'working hours' && pinned.escalation.steps[next.step - 1]?.targets.some(interrupts);
  return waits ? nextWorkingInstant(workingHours, dueAt) : dueAt;
}

/** By the delays of the policy alone. */
function undelayed(next: StepToRun, { pinned, progress, triggeredAt, ranAt, foundNobody = false }: DueInput): Instant {
  const { repeatEverySeconds, repeats, steps } = pinned.escalation;
  const first = steps[0]?.afterSeconds ?? 0;
  if (beginsRound(next, progress)) {
    return addSeconds(ranAt, (repeatEverySeconds ?? 0) + (repeats === 'all steps' ? first : 0));
  }
  if (foundNobody) return ranAt;
  return progress.stepsDone === 0
    ? addSeconds(triggeredAt, first)
    : addSeconds(ranAt, delayAfter(pinned, next.step - 1));
}
