import type { Incident } from '../incident/incident.ts';
import { assert } from '../kernel/assert.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { Commit } from '../timeline/events.ts';
import {
  laneOf,
  type PageCancelReason,
  type PageFallbackReason,
  type PageRow,
  pageLeaseSeconds,
  targetKey,
} from './page.ts';

/** After an unknown outcome nobody sends for so long: what the vendor did becomes visible to a lookup (DESIGN, Pages). */
export const unknownPauseSeconds = 5;

export type ClaimDecision =
  | {
      readonly outcome: 'accepted';
      /** To be stored under the condition that the row is unchanged and the incident still triggered. */
      readonly next: PageRow;
      /** An earlier claim may have reached the vendor: look it up, or send under the same key. */
      readonly wasUnknown: boolean;
    }
  | { readonly outcome: 'rejected'; readonly reason: 'lease held' | 'ended' }
  /** A later contact method of the person: nobody sends it before this instant. */
  | { readonly outcome: 'rejected'; readonly reason: 'not due yet'; readonly notBeforeAt: Instant }
  /** Nobody may send it any more: `cancel(row, cancel)`. */
  | { readonly outcome: 'rejected'; readonly reason: `cancel: ${PageCancelReason}`; readonly cancel: PageCancelReason };

/** The rows that a state commit owes; `after` is the incident after it. They are written in the same transaction. */
export const owePages = (commit: Commit, after: Incident): readonly PageRow[] =>
  commit.events.flatMap((event) => {
    if (event.type !== 'IncidentEscalated') return [];
    return event.pages.map(
      ({ step, round, target, deadlineAt, notBeforeAt, because, person }): PageRow => ({
        schema: 1,
        version: 1,
        incidentId: after.id,
        generation: after.generation,
        step,
        round,
        target: targetKey(target),
        state: 'pending',
        pageTarget: target,
        ...(person === undefined ? {} : { person }),
        lane: laneOf(target),
        severity: after.severity,
        incidentNumber: after.number,
        owedAt: commit.at,
        deadlineAt,
        ...(notBeforeAt === undefined ? {} : { notBeforeAt }),
        claimedAt: null,
        leaseUntil: null,
        attempts: 0,
        endedAt: null,
        endReason: null,
        vendorRef: null,
        why: because === undefined ? event.why : `${event.why} Why this person: ${because}.`,
        policyHash: commit.policyHash,
        correlationId: commit.correlationId,
      }),
    );
  });

/**
 * May somebody send this page now? Only one at a time, and only while the incident is triggered in the page's own
 * generation: the last moment at which an acknowledgement can prevent it (promise 2).
 */
export function decideClaim(row: PageRow, incident: Incident, now: Instant): ClaimDecision {
  if (hasEnded(row)) return { outcome: 'rejected', reason: 'ended' };
  if (isLeased(row, now)) return { outcome: 'rejected', reason: 'lease held' };
  const cancel = cancelReason(row, incident);
  if (cancel) return { outcome: 'rejected', reason: `cancel: ${cancel}`, cancel };
  const { notBeforeAt } = row;
  if (notBeforeAt !== undefined && now < notBeforeAt)
    return { outcome: 'rejected', reason: 'not due yet', notBeforeAt };
  const leaseUntil = addSeconds(now, pageLeaseSeconds);
  const next: PageRow = {
    ...row,
    version: row.version + 1,
    state: 'claimed',
    claimedAt: now,
    leaseUntil,
    attempts: row.attempts + 1,
  };
  // A claim whose lease ran out died in between: nobody knows whether it had sent.
  return { outcome: 'accepted', next, wasUnknown: row.state !== 'pending' };
}

/** Whoever lowers a severity to one that never pages has not waited for the later contacts: they end with the steps that do not page. */
function cancelReason(row: PageRow, { status, generation, pinned }: Incident): PageCancelReason | null {
  if (status === 'resolved' || status === 'closed') return 'resolved';
  if (generation !== row.generation) return 'superseded';
  if (status === 'acknowledged') return 'acknowledged';
  return row.notBeforeAt !== undefined && pinned.pages === 'never' ? 'severity never pages' : null;
}

/** The vendor answered 2xx or `ok: true`, or the lookup after an unknown outcome found it. */
export function handOver(row: PageRow, vendorRef: string | null, now: Instant): PageRow {
  assert(row.claimedAt !== null, `page ${row.target} of ${row.incidentId} was sent without a claim`);
  return { ...end(row, now), state: 'handed over', vendorRef };
}

export const cancel = (row: PageRow, reason: PageCancelReason, now: Instant): PageRow => ({
  ...end(row, now),
  state: 'cancelled',
  endReason: reason,
});

export const toFallback = (row: PageRow, reason: PageFallbackReason, now: Instant): PageRow => ({
  ...end(row, now),
  state: 'fallback',
  endReason: reason,
});

/** Sent or not, nobody knows: the next claim must look it up. */
export const markUnknown = (row: PageRow, now: Instant): PageRow => ({
  ...proceed(row),
  state: 'unknown',
  leaseUntil: addSeconds(now, unknownPauseSeconds),
});

/** Gives a claim back when surely neither it nor an earlier one reached the vendor; otherwise `markUnknown`. */
export const releaseClaim = (row: PageRow): PageRow => ({ ...proceed(row), state: 'pending', leaseUntil: null });

/** Past its deadline and in nobody's hands: the fallback is due. */
export const isOverdue = (row: PageRow, now: Instant): boolean =>
  !hasEnded(row) && now >= row.deadlineAt && !isLeased(row, now);

export interface Balance {
  readonly owed: number;
  readonly handedOver: number;
  readonly cancelled: number;
  readonly fallback: number;
  readonly pending: number;
}

/** At every instant: owed = handed over + cancelled + fallback + pending. */
export function balance(rows: readonly PageRow[]): Balance {
  const count = (...states: readonly PageRow['state'][]) => rows.filter(({ state }) => states.includes(state)).length;
  return {
    owed: rows.length,
    handedOver: count('handed over'),
    cancelled: count('cancelled'),
    fallback: count('fallback'),
    pending: count('pending', 'claimed', 'unknown'),
  };
}

const hasEnded = ({ state }: PageRow): boolean =>
  state === 'handed over' || state === 'cancelled' || state === 'fallback';

const isLeased = ({ leaseUntil }: PageRow, now: Instant): boolean => leaseUntil !== null && now < leaseUntil;

const end = (row: PageRow, now: Instant): PageRow => ({ ...proceed(row), leaseUntil: null, endedAt: now });

/** @throws InvariantError for a page that has ended: an end is final. */
function proceed(row: PageRow): PageRow {
  assert(!hasEnded(row), `page ${row.target} of ${row.incidentId} has ended as ${row.state}`);
  return { ...row, version: row.version + 1 };
}
