import { nextStep, type StepToRun } from '../escalation/next-due.ts';
import { rejected } from '../kernel/outcome.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { DecisionContext, IncidentDecision } from './commands.ts';
import { acceptDraft, beginDraft, type Draft } from './draft.ts';
import type { Incident } from './incident.ts';
import { runDueSteps, runStep, startGeneration } from './run-steps.ts';

/**
 * A person asks for more people, now, whatever the hours: the next step that pages somebody, or the last one again. On an
 * acknowledged incident it opens a new generation (the latch forbids pages) that goes on at the next step.
 */
export function escalate(incident: Incident, context: DecisionContext): IncidentDecision {
  if (incident.status === 'closed') return rejected('incident is closed');
  if (incident.status === 'resolved') return rejected('incident is resolved');
  if (incident.pinned.pages === 'never') return rejected('severity never pages');
  const next = nextStep(incident.pinned, incident.escalation);
  if (next === null) return rejected('no further step');
  const draft = beginDraft(incident, context);
  const escalated =
    incident.status === 'acknowledged'
      ? runUntilPaged(startGeneration(draft, 'escalated by a person'), { step: next.step, round: 1 })
      : runUntilPaged(draft, next);
  return pagesSomebody(escalated) ? acceptDraft(runDueSteps(escalated)) : rejected('no further step');
}

/**
 * A step that pages nobody (it only informs, PagerDuty is triggered already, or it finds nobody and the fallback stands in) is not
 * what the person asked for: so on to the last step, and where all steps repeat on from the first, until each had its turn.
 */
function runUntilPaged(draft: Draft, toRun: StepToRun, left = draft.incident.pinned.escalation.steps.length): Draft {
  const ran = runStep(draft, toRun, 'manual');
  const next = nextStep(ran.incident.pinned, ran.incident.escalation);
  const isOver = left <= 1 || next === null || next.step === toRun.step;
  return isOver || ran.events.some(owesPages) ? ran : runUntilPaged(ran, next, left - 1);
}

const owesPages = (event: IncidentEvent): boolean => event.type === 'IncidentEscalated' && event.pages.length > 0;

/** The fallback is somebody. */
const pagesSomebody = ({ events }: Draft): boolean =>
  events.some((event) => event.type === 'FallbackPaged' || owesPages(event));
