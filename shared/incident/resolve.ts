import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import { rejected, unchanged } from '../kernel/outcome.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { acceptDraft, addEvents, beginDraft, type Draft, setTimer } from './draft.ts';
import { type Incident, isOpen } from './incident.ts';

/** By a person, who may be wrong: members that still fire are held, and the hold has an end at which it re-opens. */
export function resolve(
  command: Extract<IncidentCommand, { type: 'ResolveIncident' }>,
  incident: Incident,
  context: DecisionContext,
): IncidentDecision {
  if (incident.status === 'closed') return unchanged('already closed');
  if (incident.status === 'resolved') return unchanged('already resolved');
  const { firing } = incident;
  const heldUntil = firing > 0 ? addSeconds(context.now, context.policy.resolveHoldSeconds) : null;
  const { reason } = command;
  const resolved = { type: 'IncidentResolved', by: context.actor, reason, stillFiring: firing, heldUntil } as const;
  const draft = beginDraft(incident, context, resolved);
  return acceptDraft(setResolvedTimer(draft));
}

/** By a person: the postmortem is done or not needed. Never while members fire, because they would belong to nobody. */
export function close(incident: Incident, context: DecisionContext): IncidentDecision {
  if (incident.status === 'closed') return unchanged('already closed');
  if (isOpen(incident)) return rejected('incident is not resolved');
  if (incident.firing > 0) return rejected('alerts still fire');
  return acceptDraft(closeDraft(beginDraft(incident, context)));
}

export const closeDraft = (draft: Draft, goesOn = false): Draft =>
  setTimer(addEvents(draft, { type: 'IncidentClosed', by: draft.context.actor }), null, goesOn);

/** What is due of a resolved incident: the hold's end, else its closing, else nothing. */
export const setResolvedTimer = (draft: Draft, goesOn = false): Draft =>
  setTimer(draft, draft.incident.heldUntil ?? closesAt(draft.incident, draft.context.now), goesOn);

function closesAt({ resolvedAt, pinned }: Incident, now: Instant): Instant | null {
  if (resolvedAt === null || pinned.closesAfterSeconds === null) return null;
  return latest(now, addSeconds(resolvedAt, pinned.closesAfterSeconds));
}
