import type { Instant } from '../kernel/instant.ts';
import { type OwedPage, personPaged } from '../notification/page.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { EscalationProgress, Incident, PagedPerson, PinnedPolicy } from './incident.ts';

type EventOf<Type extends IncidentEvent['type']> = Extract<IncidentEvent, { type: Type }>;

export const noEscalation: EscalationProgress = {
  stepsDone: 0,
  repeats: 0,
  fallbackUsed: false,
  pagerdutyTriggered: [],
};

/** What a step and a new generation do to the state. */
export function evolveEscalation(
  incident: Incident,
  event: EventOf<'IncidentEscalated' | 'GenerationStarted'>,
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
      escalation: event.toldBefore === true ? { ...noEscalation, toldBefore: true } : noEscalation,
    };
  }
  return {
    ...incident,
    firstStepPagedAt: isFirstStep(incident.pinned, event.step) ? at : incident.firstStepPagedAt,
    escalation: progressAfter(incident.escalation, event),
    ...rememberPaged(incident, event.pages, at),
  };
}

function progressAfter(progress: EscalationProgress, { step, round, pages }: EventOf<'IncidentEscalated'>) {
  const { stepsDone, repeats, pagerdutyTriggered, pagerdutyLater = [] } = progress;
  const later = pages.flatMap(({ target, notBeforeAt }) =>
    target.kind === 'pagerduty' && notBeforeAt !== undefined ? [{ service: target.service, notBeforeAt }] : [],
  );
  const triggered = pages.flatMap(({ target, notBeforeAt }) =>
    target.kind === 'pagerduty' && notBeforeAt === undefined ? [target.service] : [],
  );
  return {
    ...progress,
    stepsDone: Math.max(stepsDone, step),
    // Never back to 0 within a generation, so that no (step, round) comes twice when the steps change under it.
    repeats: Math.max(repeats, round - 1),
    pagerdutyTriggered: [...new Set([...pagerdutyTriggered, ...triggered])],
    ...(later.length === 0 ? {} : { pagerdutyLater: [...pagerdutyLater, ...later] }),
    ...roundStepsAfter(progress, step, round),
  };
}

/** Steps of the highest round above 1, in which they run in order: a step of an earlier round leaves it alone. */
const roundStepsAfter = ({ repeats }: EscalationProgress, step: number, round: number) =>
  round === 1 || round <= repeats ? {} : { roundSteps: step };

/** The latest page of each person counts. */
function rememberPaged({ severity, pagedPeople = [] }: Incident, pages: readonly OwedPage[], at: Instant) {
  const people = [...new Set(pages.flatMap((page) => personPaged(page) ?? []))];
  if (people.length === 0) return {};
  const others = pagedPeople.filter(({ person }) => !people.includes(person));
  const paged = people.map((person): PagedPerson => ({ person, at, severity }));
  return { pagedPeople: [...others, ...paged].sort((a, b) => (a.person < b.person ? -1 : 1)) };
}

/** Steps with the delay of step 1 count as it: a pinned step may be split in two (pin-policy.ts). */
const isFirstStep = ({ escalation: { steps } }: PinnedPolicy, step: number): boolean =>
  steps[step - 1]?.afterSeconds === steps[0]?.afterSeconds;
