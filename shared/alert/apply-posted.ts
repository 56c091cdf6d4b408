import { assert, exhaustive } from '../kernel/assert.ts';
import { earliest, type Instant } from '../kernel/instant.ts';
import type { AlertRecord } from './alert.ts';
import { applyChange } from './apply-change.ts';
import { nextLease, type PostedChange, type PostedContext } from './classify-posted.ts';
import { asIncoming, type Lease, type PostedAlert } from './posted-alert.ts';

type StoredPosted = Exclude<PostedChange, { readonly kind: 'unchanged' | 'late copy' }>;

const withLease = (record: AlertRecord, lease: Lease | null): AlertRecord => {
  if (lease === null) return record;
  const { leaseIsDefault: _, ...rest } = record;
  return { ...rest, leaseUntil: lease.until, ...(lease.isDefault ? { leaseIsDefault: true } : {}) };
};

/** The record to store after a posted copy, one version on; what fired is judged by the caller, as after `applyChange`. */
export function applyPosted(
  posted: PostedAlert,
  stored: AlertRecord | null,
  change: StoredPosted,
  context: PostedContext & { readonly source: string },
): AlertRecord {
  const incoming = asIncoming(posted, context.receivedAt);
  const { source, receivedAt, now, lease } = context;
  const around = { source, groupId: null, externalURL: '', receivedAt, now };
  switch (change.kind) {
    case 'fired':
    case 'refired': {
      const fired = withLease(applyChange(incoming, stored, change, around), lease);
      const endedBefore = stored?.endReason === 'resolved' ? (stored.endsAt ?? stored.resolvedAt) : null;
      return endedBefore === null ? fired : { ...fired, endedBefore };
    }
    case 'annotations':
      assert(stored, 'only a firing alert gets new annotations');
      return withLease(applyChange(incoming, stored, change, around), nextLease(stored, context));
    case 'lease':
      assert(stored, 'only a firing alert fires on');
      return withLease(
        { ...stored, version: stored.version + 1, startsAt: earliest(stored.startsAt, incoming.startsAt) },
        nextLease(stored, context),
      );
    case 'resolved':
    case 'resolved before trigger':
      return applyChange(incoming, stored, change, around);
    default:
      return exhaustive(change);
  }
}

/**
 * The record after its lease is over: it ends, unless an alert group still holds it. Null when there is nothing to write; a
 * copy may have extended the lease in the meantime.
 */
export function endLease(record: AlertRecord, now: Instant): AlertRecord | null {
  const { leaseUntil, leaseIsDefault: _, ...rest } = record;
  if (record.status !== 'firing' || leaseUntil === undefined || now < leaseUntil) return null;
  const released = { ...rest, version: record.version + 1 };
  if (record.groups.length > 0) return released;
  return {
    ...released,
    status: 'resolved',
    resolvedAt: now,
    endsAt: leaseUntil,
    endReason: 'source went quiet',
    changedAt: now,
    incidentIds: [],
    suppressedBy: null,
  };
}
