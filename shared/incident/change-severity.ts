import { pinToday } from '../escalation/pin-policy.ts';
import { rejected, unchanged } from '../kernel/outcome.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { acceptDraft, beginDraft, setTimer } from './draft.ts';
import { type Incident, isOpen } from './incident.ts';
import { setResolvedTimer } from './resolve.ts';
import { runDueSteps, startGeneration } from './run-steps.ts';
import { dueAfterLowering } from './set-anew.ts';
import { isWorse } from './severity.ts';

/**
 * A person judges the severity anew; the new severity's row and steps are pinned. A rise on an open incident begins again
 * at step 1, acknowledged or not; a lowering never pages and makes nothing come sooner.
 */
export function changeSeverity(
  command: Extract<IncidentCommand, { type: 'ChangeSeverity' }>,
  incident: Incident,
  context: DecisionContext,
): IncidentDecision {
  if (incident.status === 'closed') return rejected('incident is closed');
  const { severity: from } = incident;
  const { severity: to } = command;
  if (to === from) return unchanged('same severity');
  const pinned = pinToday(context.policy, { ...incident, severity: to }, context.now);
  const draft = beginDraft(incident, context, { type: 'SeverityChanged', from, to, by: context.actor, pinned });
  if (!isOpen(incident)) return acceptDraft(setResolvedTimer(draft));
  if (isWorse(to, from)) return acceptDraft(runDueSteps(startGeneration(draft, 'severity rose')));
  return acceptDraft(setTimer(draft, dueAfterLowering(draft)));
}
