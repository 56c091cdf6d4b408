import { addSeconds, earliest, type Instant } from '../kernel/instant.ts';
import type { IncomingAlert } from './alert.ts';
import type { Labels } from './labels.ts';

/** One alert as `POST /api/v2/alerts` brings it: it has no status, only an end that may be past (PROTOCOLS 3.2). */
export interface PostedAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: Instant;
  /** Null: its source names no end, and the source's resolve timeout counts. */
  readonly endsAt: Instant | null;
  readonly generatorURL: string;
}

/** Posted alerts of one source and one shard. `id` is ours, given at the door, and the same on each redelivery. */
export interface PostedMessage {
  readonly id: string;
  readonly source: string;
  readonly alerts: readonly PostedAlert[];
  readonly receivedAt: Instant;
}

/** Until when an alert fires without another word. */
export interface Lease {
  readonly until: Instant;
  /** Not named by the source: a named end replaces it, also an earlier one. */
  readonly isDefault: boolean;
}

/** An end that is not after its arrival; whatever the queue does, it is judged by when it came to the door. */
export const isOver = ({ endsAt }: PostedAlert, receivedAt: Instant): boolean =>
  endsAt !== null && endsAt <= receivedAt;

export const leaseOf = ({ endsAt }: PostedAlert, receivedAt: Instant, resolveTimeoutSeconds: number): Lease =>
  endsAt === null
    ? { until: addSeconds(receivedAt, resolveTimeoutSeconds), isDefault: true }
    : { until: endsAt, isDefault: false };

/**
 * As any other door brings it. A start after the arrival (Alertmanager takes the end where there is no start) would make a
 * later resolve look like that of an earlier activity: nothing began later than we heard of it.
 */
export function asIncoming(posted: PostedAlert, receivedAt: Instant): IncomingAlert {
  const over = isOver(posted, receivedAt);
  return {
    fingerprint: posted.fingerprint,
    status: over ? 'resolved' : 'firing',
    labels: posted.labels,
    annotations: posted.annotations,
    startsAt: earliest(posted.startsAt, receivedAt),
    endsAt: over ? posted.endsAt : null,
    generatorURL: posted.generatorURL,
  };
}
