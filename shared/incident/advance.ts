import { nextStep } from '../escalation/next-due.ts';
import { unchanged } from '../kernel/outcome.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { acceptDraft, addEvents, beginDraft, type Draft, setTimer } from './draft.ts';
import type { Incident } from './incident.ts';
import { reopen } from './reopen.ts';
import { closeDraft } from './resolve.ts';
import { runDueSteps, runStep, startGeneration } from './run-steps.ts';

type AdvanceIncident = Extract<IncidentCommand, { type: 'AdvanceIncident' }>;

/**
 * Timer or sweep: does what is due, once. Each brings what it expects; of two racers the second finds another instant due.
 * A timer's own advance keeps the part, so that its execution waits on; with `startNewPart` a fresh one takes over.
 */
export function advance(command: AdvanceIncident, incident: Incident, context: DecisionContext): IncidentDecision {
  if (isStale(command, incident)) return unchanged('timer is stale');
  const { dueAt } = incident;
  if (dueAt === null) return unchanged('nothing is due');
  if (context.now < dueAt) {
    const handsOver = command.startNewPart && command.timerPart !== null;
    return handsOver ? acceptDraft(handOverTimer(incident, context)) : unchanged('not due yet');
  }
  return acceptDraft(doWhatIsDue(incident, context, !command.startNewPart));
}

const isStale = ({ generation, timerPart, dueAt }: AdvanceIncident, incident: Incident): boolean =>
  generation < incident.generation ||
  (timerPart !== null && timerPart < incident.timerPart) ||
  (dueAt !== null && dueAt !== incident.dueAt);

/** An execution near the limit of its history: nothing is due, but the next part must wait for it. */
const handOverTimer = (incident: Incident, context: DecisionContext): Draft =>
  beginDraft(incident, context, { type: 'TimerSet', dueAt: incident.dueAt, part: incident.timerPart + 1 });

function doWhatIsDue(incident: Incident, context: DecisionContext, goesOn: boolean): Draft {
  const draft = beginDraft(incident, context);
  switch (incident.status) {
    case 'triggered': {
      const next = nextStep(incident.pinned, incident.escalation);
      if (next === null) return setTimer(draft, null, goesOn);
      return runDueSteps(runStep(draft, next, 'timer'), context.now, goesOn);
    }
    case 'acknowledged':
      return runDueSteps(
        startGeneration(addEvents(draft, { type: 'AcknowledgementExpired' }), 'acknowledgement expired'),
      );
    case 'resolved':
      return incident.heldUntil === null ? closeDraft(incident, context, goesOn) : reopen(draft, 'hold ended', null);
    case 'closed':
      return setTimer(draft, null, goesOn);
  }
}
