import { beginsRound, delayAfter, nextDueAt, nextStep, type StepToRun } from '../escalation/next-due.ts';
import { foundNobody, planStep } from '../escalation/plan-step.ts';
import type { Instant } from '../kernel/instant.ts';
import type { GenerationCause, IncidentEvent } from '../timeline/events.ts';
import { addEvents, type Draft, setTimer } from './draft.ts';

type Escalated = Extract<IncidentEvent, { type: 'IncidentEscalated' }>;

/** Clears the latch: the only door to more pages after an acknowledgement. */
export const startGeneration = (draft: Draft, cause: GenerationCause, toldBefore = false): Draft =>
  addEvents(draft, {
    type: 'GenerationStarted',
    generation: draft.incident.generation + 1,
    cause,
    ...(toldBefore ? { toldBefore } : {}),
  });

/**
 * Runs one step of a triggered incident: its pages are owed from here on. The fallback is paged in place of targets that
 * are gone or that nobody is, and once a generation when the timer begins to repeat because nobody acknowledged.
 */
export function runStep(draft: Draft, { step, round }: StepToRun, cause: Escalated['cause']): Draft {
  const { incident, context } = draft;
  const { policy, overrides, now, actor, pagesAtMost } = context;
  const plan = planStep({ step, round, cause, incident, policy, overrides, now, pagesAtMost });
  const { pages, informedChannels, skipped, unreachable } = plan;
  const why = explainStep(draft, { step, round }, cause);
  const escalated: Escalated = {
    type: 'IncidentEscalated',
    step,
    round,
    cause,
    by: actor,
    pages,
    informedChannels,
    skipped,
    why,
  };
  const fallbacks: IncidentEvent[] = [];
  if (unreachable !== null) {
    const { named, reason } = unreachable;
    fallbacks.push({ type: 'FallbackPaged', reason, target: named.join(', '), step, round });
  }
  if (cause !== 'manual' && round > 1 && !incident.escalation.fallbackUsed) {
    fallbacks.push({ type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step, round });
  }
  return addEvents(draft, escalated, ...fallbacks);
}

/**
 * Runs the steps that are due now (not what begins a repeat: the timer brings that) and sets the timer for the one after. A step
 * that finds nobody makes the next one due. Ends after the first step that pages, because those have different delays: so one
 * commit holds the pages of one step.
 */
export function runDueSteps(draft: Draft, notBefore: Instant = draft.context.now, goesOn = false): Draft {
  const { incident, context } = draft;
  const dueAt = nextDueAt({
    pinned: incident.pinned,
    progress: incident.escalation,
    triggeredAt: incident.triggeredAt,
    ranAt: context.now,
    notBefore,
    workingHours: context.policy.workingHours,
    foundNobody: stepWithNobody(draft) !== null,
  });
  const next = nextStep(incident.pinned, incident.escalation);
  const isDue = dueAt !== null && dueAt <= context.now;
  if (!isDue || next === null || beginsRound(next, incident.escalation)) return setTimer(draft, dueAt, goesOn);
  return runDueSteps(runStep(draft, next, 'timer'), notBefore, goesOn);
}

/** The step that has just run and found nobody, so that the next one is not waited for; null: none. */
function stepWithNobody({ incident, events }: Draft): number | null {
  const latest = events.findLast(({ type }) => type === 'IncidentEscalated' || type === 'GenerationStarted');
  return latest?.type === 'IncidentEscalated' && foundNobody(latest, incident) ? latest.step : null;
}

/** The sentence that a page carries: the rule, the policy file's hash and the inputs that decided it (promise 5). */
function explainStep(draft: Draft, { step, round }: StepToRun, cause: Escalated['cause']): string {
  const { incident } = draft;
  const { escalation, policyHash, pages } = incident.pinned;
  const when = cause === 'timer' ? explainDue(draft, { step, round }) : explainHaste(draft, cause);
  return (
    `Step ${step} of ${escalation.steps.length} of escalation policy "${escalation.name}", ` +
    `round ${round} of generation ${incident.generation}: ${when}. ` +
    `${incident.severity} pages ${pages === 'working hours' ? 'in working hours' : pages}; route ${incident.routePath}, ` +
    `service ${incident.service ?? 'unknown'}, owner ${incident.owner ?? 'nobody'}; policy file ${policyHash}.`
  );
}

/** Of a step that did not wait for its delay. */
const explainHaste = ({ incident, context }: Draft, cause: 'manual' | 'deadline'): string =>
  cause === 'manual'
    ? `asked for by ${context.actor.name}`
    : `brought forward, because nobody acknowledged within ${incident.pinned.acknowledgeWithinSeconds} s`;

function explainDue(draft: Draft, { step, round }: StepToRun): string {
  const { pinned, escalation, triggeredAt } = draft.incident;
  const { steps, repeats, repeatEverySeconds } = pinned.escalation;
  const skipped = stepWithNobody(draft);
  if (round > 1 && beginsRound({ step, round }, escalation)) {
    const what = repeats === 'all steps' ? 'all steps repeated' : 'repeated';
    return `${what} every ${repeatEverySeconds} s until somebody acknowledges`;
  }
  if (skipped !== null) return `at once, because step ${skipped} found nobody to page`;
  if (round > 1) return `due ${delayAfter(pinned, step - 1)} s after step ${step - 1} of the same round`;
  return `due ${steps[step - 1]?.afterSeconds ?? 0} s after ${triggeredAt}`;
}
