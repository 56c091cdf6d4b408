import { addSeconds, type Instant } from '../kernel/instant.ts';
import { rejected, unchanged } from '../kernel/outcome.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { acceptDraft, beginDraft, setTimer } from './draft.ts';
import { announcesExpiryAt } from './dues.ts';
import type { Incident } from './incident.ts';
import { isWorse } from './severity.ts';

/**
 * Stops the pages of this generation. Refused for what the person cannot have seen: a severity that has risen since, or a
 * generation that has begun since; and after the resolve, so that it never re-opens. A second one renews an acknowledgement
 * whose end is near enough to be announced: before that it changes nothing.
 */
export function acknowledge(
  command: Extract<IncidentCommand, { type: 'AcknowledgeIncident' }>,
  incident: Incident,
  context: DecisionContext,
): IncidentDecision {
  if (incident.status === 'closed') return rejected('incident is closed');
  if (incident.status === 'resolved') return rejected('incident is resolved');
  const renews = incident.status === 'acknowledged';
  if (renews && !isRenewable(incident, context.now)) return unchanged('already acknowledged');
  const { seenSeverity, seenGeneration } = command;
  if (seenSeverity !== null && isWorse(incident.severity, seenSeverity)) return rejected('severity has risen');
  // Who saw a worse severity than it has now knows enough, whatever has begun since.
  const sawNoWorse = seenSeverity === null || seenSeverity === incident.severity;
  if (seenGeneration !== null && seenGeneration < incident.generation && sawNoWorse) {
    return rejected('button is of an earlier generation');
  }
  const lasts = incident.pinned.acknowledgementExpiresSeconds;
  const expiresAt = lasts === null ? null : addSeconds(context.now, lasts);
  const draft = beginDraft(incident, context, {
    type: 'IncidentAcknowledged',
    by: context.actor,
    expiresAt,
    ...(renews ? { renews } : {}),
  });
  return acceptDraft(setTimer(draft, expiresAt));
}

/** Until its timer has ended it, even when that is late: who answers is there. */
function isRenewable(incident: Incident, now: Instant): boolean {
  const from = announcesExpiryAt(incident);
  return from !== null && now >= from;
}
