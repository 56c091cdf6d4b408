import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import { type DeadlineProgress, type Incident, isOpen } from './incident.ts';

type DeadlineEvent = Extract<IncidentEvent, { type: 'DeadlineMissed' | 'AcknowledgementExpiring' | 'UpdateDue' }>;

/** What has been told of deadlines is not told again. */
export function evolveDeadlines(incident: Incident, event: DeadlineEvent, at: Instant): Incident {
  switch (event.type) {
    case 'DeadlineMissed':
      if (event.deadline === 'resolve') return remember(incident, { resolveMissed: true });
      return remember(incident, { acknowledgeMissed: true, ...(event.pages ? { pageWaits: true } : {}) });
    case 'AcknowledgementExpiring':
      return remember(incident, { expiryAnnounced: true });
    case 'UpdateDue':
      return remember(incident, { updatesFrom: at });
  }
}

/** A step ran: what a missed acknowledgement brings waits no more. */
export function countStep(incident: Incident): Incident {
  if (!incident.deadlines?.pageWaits) return incident;
  const { pageWaits: _, ...kept } = incident.deadlines;
  return { ...incident, deadlines: kept };
}

/** A person said something: the next update is due a whole period later. */
export const countUpdate = (incident: Incident, at: Instant): Incident =>
  incident.status === 'acknowledged' ? remember(incident, { updatesFrom: at }) : incident;

/** An acknowledgement or its renewal: its end has yet to be announced, and updates are due from the first on. */
export function beginAcknowledgement(incident: Incident, isRenewed: boolean, at: Instant): Incident {
  const { expiryAnnounced: _, ...kept } = incident.deadlines ?? {};
  return { ...incident, deadlines: isRenewed ? kept : { ...kept, updatesFrom: at } };
}

/** A new generation has its own deadline of acknowledgement; that of the resolve is the incident's. */
export function forgetGeneration({ deadlines, ...incident }: Incident): Incident {
  const { resolveMissed, resolveFrom } = deadlines ?? {};
  if (resolveMissed === undefined && resolveFrom === undefined) return incident;
  return {
    ...incident,
    deadlines: {
      ...(resolveMissed === undefined ? {} : { resolveMissed }),
      ...(resolveFrom === undefined ? {} : { resolveFrom }),
    },
  };
}

/**
 * Another row is pinned. What its deadlines would have had people do before it was, nobody could know: a deadline that is
 * past by it counts from now. An acknowledgement may get another end, which has yet to be announced.
 */
export function restartDeadlines(incident: Incident, at: Instant): Incident {
  const { pinned, triggeredAt, openedAt, deadlines } = incident;
  if (!isOpen(incident)) return incident;
  if (deadlines?.expiryAnnounced) return restartDeadlines(beginAcknowledgement(incident, true, at), at);
  const isPast = (from: Instant, within: number | null) => within !== null && addSeconds(from, within) <= at;
  const answer = isPast(deadlines?.acknowledgeFrom ?? triggeredAt, pinned.acknowledgeWithinSeconds);
  const end = isPast(deadlines?.resolveFrom ?? openedAt, pinned.resolveWithinSeconds ?? null);
  if (!answer && !end) return incident;
  return remember(incident, { ...(answer ? { acknowledgeFrom: at } : {}), ...(end ? { resolveFrom: at } : {}) });
}

const remember = (incident: Incident, told: DeadlineProgress): Incident => ({
  ...incident,
  deadlines: { ...incident.deadlines, ...told },
});
