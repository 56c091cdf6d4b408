import { nextDueAt } from '../escalation/next-due.ts';
import { cooldownFor, escalationChoiceFor, findRoute, pinPolicy } from '../escalation/pin-policy.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import { rejected, unchanged } from '../kernel/outcome.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { acceptDraft, beginDraft, type Draft, setTimer } from './draft.ts';
import { type Incident, isOpen } from './incident.ts';
import { setResolvedTimer } from './resolve.ts';
import { runDueSteps, startGeneration } from './run-steps.ts';
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
  const { severity: from, owner, routePath, service } = incident;
  const { severity: to } = command;
  if (to === from) return unchanged('same severity');
  const route = findRoute(context.policy.route, routePath);
  const escalationPolicy = escalationChoiceFor(context.policy, { route, service, severity: to });
  const cooldown = cooldownFor(context.policy, routePath);
  const pinned = pinPolicy(context.policy, { severity: to, owner, escalationPolicy, ...cooldown }, context.now);
  const draft = beginDraft(incident, context, { type: 'SeverityChanged', from, to, by: context.actor, pinned });
  if (!isOpen(incident)) return acceptDraft(setResolvedTimer(draft));
  if (isWorse(to, from)) return acceptDraft(runDueSteps(startGeneration(draft, 'severity rose')));
  return acceptDraft(setTimer(draft, dueAfterLowering(draft)));
}

function dueAfterLowering({ incident, context }: Draft): Instant | null {
  const { now } = context;
  if (incident.status === 'acknowledged') return expiryAfterLowering(incident, now);
  // Where nothing more was to come, a lowering brings nothing more.
  if (incident.dueAt === null) return null;
  return nextDueAt({
    pinned: incident.pinned,
    progress: incident.escalation,
    triggeredAt: incident.triggeredAt,
    ranAt: now,
    notBefore: latest(now, incident.dueAt),
    workingHours: context.policy.workingHours,
  });
}

/** Of a shorter time that is over already the person gets the whole from now on: a lowering does not page. */
function expiryAfterLowering({ pinned, acknowledgedAt }: Incident, now: Instant): Instant | null {
  const lasts = pinned.acknowledgementExpiresSeconds;
  if (lasts === null) return null;
  const expiresAt = addSeconds(acknowledgedAt ?? now, lasts);
  return expiresAt > now ? expiresAt : addSeconds(now, lasts);
}
