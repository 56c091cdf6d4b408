import { comparePinned, isMoved } from '../escalation/compare-pinned.ts';
import { rejected, unchanged } from '../kernel/outcome.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { acceptDraft, beginDraft, setTimer } from './draft.ts';
import { type Incident, isOpen } from './incident.ts';
import { dueAfterMove } from './set-anew.ts';

/** So many changes are told in words; all of them are pinned. */
const changesTold = 20;

/**
 * A person takes today's policy file for an open incident, in place of the one that it pinned. Pages nobody by itself and
 * keeps generation and acknowledgement; steps that ran are not run again, and the timer is set anew. Refused when the file
 * is not the one that the person saw compared.
 */
export function moveToPolicy(
  { seenHash }: Extract<IncidentCommand, { type: 'MoveToPolicy' }>,
  incident: Incident,
  context: DecisionContext,
): IncidentDecision {
  if (incident.status === 'closed') return rejected('incident is closed');
  if (!isOpen(incident)) return rejected('incident is resolved');
  if (seenHash !== null && seenHash !== context.policy.hash) return rejected('policy file has changed');
  const comparison = comparePinned(incident, context.policy, context.now);
  if (!isMoved(comparison)) return unchanged('nothing changed');
  const { pinnedHash: from, todayHash: to, today: pinned, differences } = comparison;
  const changes = differences.slice(0, changesTold);
  const draft = beginDraft(incident, context, { type: 'PolicyMoved', from, to, by: context.actor, pinned, changes });
  return acceptDraft(setTimer(draft, dueAfterMove(draft, incident.pinned)));
}
