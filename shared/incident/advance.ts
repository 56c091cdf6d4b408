import { unchanged } from '../kernel/outcome.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { doWhatIsDue } from './do-what-is-due.ts';
import { acceptDraft, addEvents, beginDraft, type Draft } from './draft.ts';
import { timerAt } from './dues.ts';
import type { Incident } from './incident.ts';

type AdvanceIncident = Extract<IncidentCommand, { type: 'AdvanceIncident' }>;

/**
 * Timer or sweep: does what is due, once. Each brings what it expects; of two racers the second finds another instant due.
 * A timer's own advance keeps the part, so that its execution waits on; with `startNewPart` a fresh one takes over.
 */
export function advance(command: AdvanceIncident, incident: Incident, context: DecisionContext): IncidentDecision {
  if (isStale(command, incident)) return unchanged('timer is stale');
  const wakesAt = timerAt(incident);
  if (wakesAt === null) return unchanged('nothing is due');
  if (context.now < wakesAt) {
    const handsOver = command.startNewPart && command.timerPart !== null;
    return handsOver ? acceptDraft(startNextPart(beginDraft(incident, context))) : unchanged('not due yet');
  }
  const done = doWhatIsDue(beginDraft(incident, context), !command.startNewPart);
  return acceptDraft(command.startNewPart ? startNextPart(done) : done);
}

const isStale = ({ generation, timerPart, dueAt }: AdvanceIncident, incident: Incident): boolean =>
  generation < incident.generation ||
  (timerPart !== null && timerPart < incident.timerPart) ||
  (dueAt !== null && dueAt !== incident.dueAt);

/**
 * An execution that is lost or near the limit of its history: the next part must wait for what comes next, unless the
 * decision has started one already.
 */
function startNextPart(draft: Draft): Draft {
  const { incident, before } = draft;
  const wakesAt = timerAt(incident);
  if (wakesAt === null || incident.timerPart !== before?.timerPart) return draft;
  const { dueAt, timerPart } = incident;
  const reminds = wakesAt === dueAt ? {} : { reminderAt: wakesAt };
  return addEvents(draft, { type: 'TimerSet', dueAt, part: timerPart + 1, ...reminds });
}
