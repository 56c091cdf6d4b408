import { assert, exhaustive } from '../kernel/assert.ts';
import { earliest, type Instant } from '../kernel/instant.ts';
import type { AlertRecord, IncomingAlert } from './alert.ts';
import type { StoredChange } from './classify.ts';

export interface ApplyContext {
  readonly source: string;
  /** The group that brought the copy; null when it came through the API, which knows no groups. */
  readonly groupId: string | null;
  readonly externalURL: string;
  /** When the message came to the door. */
  readonly receivedAt: Instant;
  readonly now: Instant;
}

/**
 * The record to store after a change, one version on. A fired or refired alert is not judged yet: the caller fills
 * `incidentIds`, `suppressedBy`, `routePath` and `unrouted` before storing it, since a firing alert is always attached or
 * suppressed. An ended one keeps its route for people who ask why, and belongs to nothing.
 */
export function applyChange(
  incoming: IncomingAlert,
  stored: AlertRecord | null,
  change: StoredChange,
  context: ApplyContext,
): AlertRecord {
  switch (change.kind) {
    case 'fired':
    case 'refired':
      return fire(incoming, stored, context);
    case 'annotations':
      return describe(incoming, stored, context);
    case 'resolved':
    case 'resolved before trigger':
      return end(incoming, stored, context);
    default:
      return exhaustive(change);
  }
}

/** A door whose clock runs ahead must not make old news of what comes next. */
const heardAt = ({ receivedAt, now }: ApplyContext): Instant => earliest(receivedAt, now);

const textOf = (incoming: IncomingAlert, now: Instant) => ({
  labels: incoming.labels,
  annotations: incoming.annotations,
  generatorURL: incoming.generatorURL,
  annotationsAt: now,
});

function fire(incoming: IncomingAlert, stored: AlertRecord | null, context: ApplyContext): AlertRecord {
  return {
    schema: 1,
    version: (stored?.version ?? 0) + 1,
    source: context.source,
    fingerprint: incoming.fingerprint,
    status: 'firing',
    ...textOf(incoming, context.now),
    startsAt: incoming.startsAt,
    resolvedAt: null,
    endsAt: null,
    endReason: null,
    changedAt: context.now,
    heardAt: heardAt(context),
    externalURL: context.externalURL,
    groups: context.groupId === null ? [] : [context.groupId],
    incidentIds: [],
    suppressedBy: null,
    routePath: null,
    unrouted: false,
  };
}

function describe(incoming: IncomingAlert, stored: AlertRecord | null, context: ApplyContext): AlertRecord {
  assert(stored?.status === 'firing', 'only a firing alert gets new annotations');
  return addToGroup({ ...stored, version: stored.version + 1, ...textOf(incoming, context.now) }, context.groupId);
}

function end(incoming: IncomingAlert, stored: AlertRecord | null, context: ApplyContext): AlertRecord {
  return {
    schema: 1,
    version: (stored?.version ?? 0) + 1,
    source: context.source,
    fingerprint: incoming.fingerprint,
    status: 'resolved',
    ...textOf(incoming, context.now),
    // A resolved message may carry another start than its firing one (PROTOCOLS 1.5): ours is kept.
    startsAt: stored?.startsAt ?? incoming.startsAt,
    resolvedAt: context.now,
    endsAt: incoming.endsAt,
    endReason: 'resolved',
    changedAt: context.now,
    heardAt: heardAt(context),
    externalURL: context.externalURL,
    groups: [],
    incidentIds: [],
    suppressedBy: null,
    routePath: stored?.routePath ?? null,
    unrouted: stored?.unrouted ?? false,
  };
}

/** Not a change by itself: the version stays, the caller counts it. */
const addToGroup = (record: AlertRecord, groupId: string | null): AlertRecord =>
  groupId === null || record.groups.includes(groupId)
    ? record
    : { ...record, groups: [...record.groups, groupId].sort() };

/**
 * The record after a group that did not hold it as a firing member brings it, with nothing else changed; null when there
 * is nothing to write. Another route of the source brings the same alert in another group.
 */
export function joinGroup(record: AlertRecord, groupId: string): AlertRecord | null {
  if (record.status !== 'firing' || record.groups.includes(groupId)) return null;
  return addToGroup({ ...record, version: record.version + 1 }, groupId);
}

/**
 * The record after a group let a member go (absent from two complete messages, or its lease over): the alert ends with
 * "source went quiet" when no other group holds it. Null when there is nothing to write.
 */
export function leaveGroup(record: AlertRecord, groupId: string, now: Instant): AlertRecord | null {
  if (record.status !== 'firing' || !record.groups.includes(groupId)) return null;
  const groups = record.groups.filter((other) => other !== groupId);
  const left = { ...record, version: record.version + 1, groups };
  // What is posted to us as well ends with its lease.
  if (groups.length > 0 || record.leaseUntil !== undefined) return left;
  return {
    ...left,
    status: 'resolved',
    resolvedAt: now,
    endReason: 'source went quiet',
    changedAt: now,
    incidentIds: [],
    suppressedBy: null,
  };
}
