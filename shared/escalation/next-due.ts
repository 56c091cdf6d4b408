import type { WorkingHours } from '../config/policy.ts';
import type { EscalationProgress, PinnedPolicy } from '../incident/incident.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import { interrupts } from './step-target.ts';
import { nextWorkingInstant } from './working-hours.ts';

/** A step to run: round 1 for a step's first time in a generation, above that a repeat of the last step. */
export interface StepToRun {
  readonly step: number;
  readonly round: number;
}

/** Which step comes next? The first one not run in this generation, then the last one again; null: there is none. */
export function nextStep(pinned: PinnedPolicy, progress: EscalationProgress): StepToRun | null {
  const last = pinned.escalation.steps.length;
  if (last === 0) return null;
  if (progress.stepsDone < last) return { step: progress.stepsDone + 1, round: 1 };
  return { step: last, round: progress.repeats + 2 };
}

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
}

/**
 * When does the timer run the next step or repeat? Null: never. Delays count from the start of the generation; a step
 * that ran late or by hand moves all later ones, so that nobody is paged twice in a row for a delay of ours. Pages that
 * wait for working hours wait for their next start.
 */
export function nextDueAt({ pinned, progress, triggeredAt, ranAt, notBefore, workingHours }: DueInput): Instant | null {
  const next = nextStep(pinned, progress);
  if (next === null) return null;
  const { repeatEverySeconds, steps } = pinned.escalation;
  let dueAt: Instant;
  if (next.round > 1) {
    if (repeatEverySeconds === null || pinned.pages === 'never') return null;
    dueAt = addSeconds(ranAt, repeatEverySeconds);
  } else if (progress.stepsDone === 0) {
    dueAt = addSeconds(triggeredAt, steps[0]?.afterSeconds ?? 0);
  } else {
    dueAt = addSeconds(ranAt, delayAfter(pinned, progress.stepsDone));
  }
  dueAt = latest(dueAt, notBefore);
  const waits = pinned.pages === 'working hours' && steps[next.step - 1]?.targets.some(interrupts);
  return waits ? nextWorkingInstant(workingHours, dueAt) : dueAt;
}
