import type { Instant } from '../kernel/instant.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { EscalationProgress, Incident, PinnedPolicy } from './incident.ts';

export const noEscalation: EscalationProgress = {
  stepsDone: 0,
  repeats: 0,
  fallbackUsed: false,
  pagerdutyTriggered: [],
};

/** What a step and a new generation do to the state. */
export function evolveEscalation(
  incident: Incident,
  event: Extract<IncidentEvent, { type: 'IncidentEscalated' | 'GenerationStarted' }>,
  at: Instant,
): Incident {
  if (event.type === 'GenerationStarted') {
    return {
      ...incident,
      status: 'triggered',
      generation: event.generation,
      triggeredAt: at,
      acknowledgedAt: null,
      acknowledgedBy: null,
      escalation: noEscalation,
    };
  }
  const { stepsDone, repeats, fallbackUsed, pagerdutyTriggered } = incident.escalation;
  const triggered = event.pages.flatMap(({ target }) => (target.kind === 'pagerduty' ? [target.service] : []));
  return {
    ...incident,
    firstStepPagedAt: isFirstStep(incident.pinned, event.step) ? at : incident.firstStepPagedAt,
    escalation: {
      stepsDone: Math.max(stepsDone, event.step),
      // Never back to 0 within a generation, so that no (step, round) comes twice when the steps change under it.
      repeats: Math.max(repeats, event.round - 1),
      fallbackUsed,
      pagerdutyTriggered: [...new Set([...pagerdutyTriggered, ...triggered])],
    },
  };
}

/** Steps with the delay of step 1 count as it: a pinned step may be split in two (pin-policy.ts). */
const isFirstStep = ({ escalation: { steps } }: PinnedPolicy, step: number): boolean =>
  steps[step - 1]?.afterSeconds === steps[0]?.afterSeconds;
