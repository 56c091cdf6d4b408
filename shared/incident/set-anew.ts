import { type DueInput, nextDueAt } from '../escalation/next-due.ts';
import { nextWorkingInstant } from '../escalation/working-hours.ts';
import { addSeconds, type Instant, latest, secondsBetween } from '../kernel/instant.ts';
import type { DecisionContext } from './commands.ts';
import type { Draft } from './draft.ts';
import type { Incident, PinnedPolicy } from './incident.ts';

/** When the next thing is due of an open incident whose policy was pinned anew in the same generation. */

/** A lowering makes nothing come sooner, and where nothing more was to come it brings nothing more. */
export function dueAfterLowering({ incident, context }: Draft): Instant | null {
  const { dueAt } = incident;
  if (incident.status === 'acknowledged') return expiryAnew(incident, context.now);
  if (dueAt === null) return null;
  const notBefore = latest(context.now, dueAt);
  return nextDueAt(dueInput(incident, context, { notBefore })) ?? waitingPage(incident, context);
}

/**
 * After a move to another policy the next step keeps its distance from the one that ran last, with the delay that it has
 * now. When that is past, the delay counts from the move on: the move pages nobody. What waits stays waiting.
 */
export function dueAfterMove({ incident, context }: Draft, pinnedBefore: PinnedPolicy): Instant | null {
  const { now } = context;
  if (incident.status === 'acknowledged') return expiryAnew(incident, now);
  if (incident.escalation.stepsDone === 0) {
    return nextDueAt(dueInput(incident, context, { notBefore: latest(now, incident.dueAt ?? now) }));
  }
  const before = nextDueAt(dueInput({ ...incident, pinned: pinnedBefore }, context, {}));
  const waited = before === null || incident.dueAt === null ? 0 : secondsBetween(incident.dueAt, before);
  const ranAt = addSeconds(now, -Math.max(0, waited));
  const dueAt = nextDueAt(dueInput(incident, context, { ranAt }));
  if (dueAt === null) return waitingPage(incident, context);
  if (dueAt > now) return dueAt;
  const anew = nextDueAt(dueInput(incident, context, {})) ?? now;
  return anew > now ? anew : latest(now, incident.dueAt ?? now);
}

/** What a missed acknowledgement brings when working hours begin: no step is left that would, and nothing takes its place. */
function waitingPage({ pinned, dueAt, deadlines }: Incident, { now, policy }: DecisionContext): Instant | null {
  const pages = pinned.missedDeadline === 'page' && pinned.pages !== 'never';
  if (!pages || dueAt === null || !deadlines?.pageWaits) return null;
  const waitsUntil = latest(now, dueAt);
  return pinned.pages === 'working hours' ? nextWorkingInstant(policy.workingHours, waitsUntil) : waitsUntil;
}

function dueInput(
  { pinned, escalation, triggeredAt }: Incident,
  { now, policy }: DecisionContext,
  override: Partial<DueInput>,
): DueInput {
  const { workingHours } = policy;
  return { pinned, progress: escalation, triggeredAt, ranAt: now, notBefore: now, workingHours, ...override };
}

/** Of a shorter time that is over already the person gets the whole from now on: it does not page. */
function expiryAnew({ pinned, acknowledgedAt }: Incident, now: Instant): Instant | null {
  const lasts = pinned.acknowledgementExpiresSeconds;
  if (lasts === null) return null;
  const expiresAt = addSeconds(acknowledgedAt ?? now, lasts);
  return expiresAt > now ? expiresAt : addSeconds(now, lasts);
}
