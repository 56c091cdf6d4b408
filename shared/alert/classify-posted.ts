import { addSeconds, earliest, type Instant, secondsBetween } from '../kernel/instant.ts';
import type { AlertRecord } from './alert.ts';
import { annotationsEverySeconds, clockSkewSeconds, type StoredChange } from './classify.ts';
import { equalLabels } from './labels.ts';
import { asIncoming, type Lease, type PostedAlert } from './posted-alert.ts';

/**
 * The replicas of a Prometheus pair scrape and evaluate by themselves, by default once a minute each: so one of them can say
 * for two minutes that an alert fires which the other has resolved.
 */
export const replicaLagSeconds = 120;
/** A firing copy extends the lease when less than this share of its own length remains. */
const leaseShortBelow = 1 / 2;

export type PostedChange =
  | StoredChange
  /** It fires on: until a later instant, or since an earlier one. */
  | { readonly kind: 'lease'; readonly why: string }
  | { readonly kind: 'unchanged'; readonly why: string }
  | { readonly kind: 'late copy'; readonly why: string };

export interface PostedContext {
  readonly receivedAt: Instant;
  readonly lease: Lease;
  readonly now: Instant;
}

/**
 * What a posted copy of an alert means, given what is stored of it. Nothing says which replica posted it, and each says what
 * it knows for minutes: so copies are told apart by the start and the end that they name, and by when they arrived.
 */
export function classifyPosted(posted: PostedAlert, stored: AlertRecord | null, context: PostedContext): PostedChange {
  const { status } = asIncoming(posted, context.receivedAt);
  if (stored === null) {
    return status === 'firing'
      ? { kind: 'fired', why: 'it began to fire' }
      : { kind: 'resolved before trigger', why: 'it was resolved before it was ever seen firing' };
  }
  if (status === stored.status) {
    return status === 'firing'
      ? classifyRepeat(posted, stored, context)
      : { kind: 'unchanged', why: 'it is resolved already' };
  }
  if (stored.heardAt !== undefined && addSeconds(context.receivedAt, clockSkewSeconds) < stored.heardAt) {
    const why = `a copy received at ${context.receivedAt}, before news received at ${stored.heardAt}`;
    return { kind: 'late copy', why };
  }
  return status === 'firing' ? classifyReturn(posted, stored, context) : classifyEnd(posted, stored);
}

function classifyRepeat(posted: PostedAlert, stored: AlertRecord, context: PostedContext): PostedChange {
  const sameText = equalLabels(posted.annotations, stored.annotations) && equalLabels(posted.labels, stored.labels);
  if (!sameText && context.now >= addSeconds(stored.annotationsAt, annotationsEverySeconds)) {
    return { kind: 'annotations', why: 'only its annotations changed' };
  }
  if (nextLease(stored, context) !== null) return { kind: 'lease', why: 'it fires on' };
  if (posted.startsAt < stored.startsAt) return { kind: 'lease', why: 'another copy of it began earlier' };
  return { kind: 'unchanged', why: 'it fires already' };
}

/**
 * The lease after a firing copy, or null when the stored one stays. As Alertmanager merges: a later end wins, and an end that
 * the source named is never shortened, but replaces one that nobody named. A longer one is written only when half is over.
 */
export function nextLease(stored: AlertRecord, { receivedAt, lease, now }: PostedContext): Lease | null {
  const { leaseUntil } = stored;
  if (leaseUntil === undefined) return lease;
  if (lease.until <= leaseUntil) {
    return stored.leaseIsDefault && !lease.isDefault && lease.until < leaseUntil ? lease : null;
  }
  const remaining = secondsBetween(now, leaseUntil);
  return remaining < secondsBetween(receivedAt, lease.until) * leaseShortBelow ? lease : null;
}

/**
 * A firing copy of a resolved alert. One that began after the end fires again. One that began before it comes from another
 * replica, which either has not seen the end yet, or does not see it at all: then it says so again after `replicaLagSeconds`.
 */
function classifyReturn(posted: PostedAlert, stored: AlertRecord, { receivedAt }: PostedContext): PostedChange {
  const { resolvedAt } = stored;
  if (resolvedAt === null || stored.endReason !== 'resolved') return { kind: 'refired', why: 'it fires again' };
  const endedAt = earliest(stored.endsAt ?? resolvedAt, resolvedAt);
  if (posted.startsAt >= endedAt) return { kind: 'refired', why: 'it fires again' };
  if (receivedAt > addSeconds(resolvedAt, replicaLagSeconds)) {
    return { kind: 'refired', why: `another replica still says that it fires, ${replicaLagSeconds} s after its end` };
  }
  return { kind: 'late copy', why: `a late copy from another replica of what ended at ${endedAt}` };
}

/** Prometheus repeats a resolve for 15 minutes, each replica its own; whatever fires since began after those ends. */
function classifyEnd(posted: PostedAlert, stored: AlertRecord): PostedChange {
  const endedAt = posted.endsAt ?? stored.startsAt;
  if (stored.endedBefore !== undefined && endedAt <= stored.endedBefore) {
    return { kind: 'unchanged', why: `its end at ${endedAt} was told before it fired again` };
  }
  if (endedAt < stored.startsAt) {
    const why = `a late copy of an end at ${endedAt}, before the present start at ${stored.startsAt}`;
    return { kind: 'late copy', why };
  }
  return { kind: 'resolved', why: 'its source resolved it' };
}
