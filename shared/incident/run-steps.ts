import { nextDueAt, nextStep, type StepToRun } from '../escalation/next-due.ts';
import { planStep } from '../escalation/plan-step.ts';
import type { Instant } from '../kernel/instant.ts';
import type { GenerationCause, IncidentEvent } from '../timeline/events.ts';
import { addEvents, type Draft, setTimer } from './draft.ts';

type Escalated = Extract<IncidentEvent, { type: 'IncidentEscalated' }>;

/** Clears the latch: the only door to more pages after an acknowledgement. */
export const startGeneration = (draft: Draft, cause: GenerationCause): Draft =>
  addEvents(draft, { type: 'GenerationStarted', generation: draft.incident.generation + 1, cause });

/**
 * Runs one step of a triggered incident: its pages are owed from here on. The fallback is paged in place of targets that
 * are gone, and once a generation when the timer begins to repeat because nobody acknowledged.
 */
export function runStep(draft: Draft, { step, round }: StepToRun, cause: Escalated['cause']): Draft {
  const { incident, context } = draft;
  const { pages, informedChannels, skipped, unreachable } = planStep({
    step,
    round,
    pinned: incident.pinned,
    pagerdutyTriggered: incident.escalation.pagerdutyTriggered,
    people: context.policy,
    now: context.now,
  });
  const why = explainStep(draft, { step, round }, cause);
  const escalated: Escalated = {
    type: 'IncidentEscalated',
    step,
    round,
    cause,
    by: context.actor,
    pages,
    informedChannels,
    skipped,
    why,
  };
  const fallbacks: IncidentEvent[] = [];
  if (unreachable.length > 0) {
    fallbacks.push({ type: 'FallbackPaged', reason: 'target is gone', target: unreachable.join(', '), step, round });
  }
  if (cause === 'timer' && round > 1 && !incident.escalation.fallbackUsed) {
    fallbacks.push({ type: 'FallbackPaged', reason: 'nobody acknowledged', target: null, step, round });
  }
  return addEvents(draft, escalated, ...fallbacks);
}

/** Runs the steps that are due now (not repeats: the timer brings those) and sets the timer for the one after. */
export function runDueSteps(draft: Draft, notBefore: Instant = draft.context.now, goesOn = false): Draft {
  const { incident, context } = draft;
  const dueAt = nextDueAt({
    pinned: incident.pinned,
    progress: incident.escalation,
    triggeredAt: incident.triggeredAt,
    ranAt: context.now,
    notBefore,
    workingHours: context.policy.workingHours,
  });
  const next = nextStep(incident.pinned, incident.escalation);
  if (dueAt === null || next === null || next.round > 1 || dueAt > context.now) return setTimer(draft, dueAt, goesOn);
  return runDueSteps(runStep(draft, next, 'timer'), notBefore, goesOn);
}

/** The sentence that a page carries: the rule, the policy file's hash and the inputs that decided it (promise 5). */
function explainStep({ incident, context }: Draft, { step, round }: StepToRun, cause: Escalated['cause']): string {
  const { escalation, policyHash, pages } = incident.pinned;
  const when =
    cause === 'manual'
      ? `asked for by ${context.actor.name}`
      : round > 1
        ? `repeated every ${escalation.repeatEverySeconds} s until somebody acknowledges`
        : `due ${escalation.steps[step - 1]?.afterSeconds ?? 0} s after ${incident.triggeredAt}`;
  return (
    `Step ${step} of ${escalation.steps.length} of escalation policy "${escalation.name}", ` +
    `round ${round} of generation ${incident.generation}: ${when}. ` +
    `${incident.severity} pages ${pages === 'working hours' ? 'in working hours' : pages}; route ${incident.routePath}, ` +
    `service ${incident.service ?? 'unknown'}, owner ${incident.owner ?? 'nobody'}; policy file ${policyHash}.`
  );
}
