import { addSeconds, earliest, type Instant } from '../kernel/instant.ts';
import type { AlertRecord, IncomingAlert } from './alert.ts';
import { equalLabels } from './labels.ts';

/** A copy from the other peer of an HA pair can come this long after the resolve: four times its wait of 15 s (PROTOCOLS 1.6). */
export const lateCopySeconds = 60;
/**
 * Clocks of two doors differ by less than this. A batch that comes again after a crash, and a dead letter that is put back,
 * bring messages that are older than what is stored by more.
 */
export const clockSkewSeconds = 10;
/** Annotations often hold a value that changes with each evaluation; storing each would cost a write a minute. */
export const annotationsEverySeconds = 300;

/** A change that is stored; `why` is a sentence for the ledger. */
export type StoredChange =
  | { readonly kind: 'fired'; readonly why: string }
  | { readonly kind: 'refired'; readonly why: string }
  | { readonly kind: 'annotations'; readonly why: string }
  | { readonly kind: 'resolved'; readonly why: string }
  | { readonly kind: 'resolved before trigger'; readonly why: string };

export type AlertChange =
  | StoredChange
  | { readonly kind: 'unchanged'; readonly why: string }
  | { readonly kind: 'late copy'; readonly why: string };

export interface ClassifyContext {
  /** When the message was received at the door; the queue may have kept it for hours. */
  readonly receivedAt: Instant;
  /** Of what may have overtaken it. 0 where one clock gave the time of every message. @default clockSkewSeconds */
  readonly skewSeconds?: number;
  /** Of the message; differs between the peers of an HA pair. */
  readonly externalURL: string;
  readonly now: Instant;
}

export const isStoredChange = (change: AlertChange): change is StoredChange =>
  change.kind !== 'unchanged' && change.kind !== 'late copy';

/**
 * What an incoming copy of an alert means, given what is stored of it. Copies are many: repeats of the source, retries of
 * the queue, the other peer of an HA pair; each must come out the same, so a copy that was already applied is unchanged.
 */
export function classifyAlert(
  incoming: IncomingAlert,
  stored: AlertRecord | null,
  context: ClassifyContext,
): AlertChange {
  if (stored === null) return classifyUnknown(incoming);
  if (incoming.status === stored.status) {
    return incoming.status === 'firing'
      ? classifyRepeat(incoming, stored, context)
      : { kind: 'unchanged', why: 'it is resolved already' };
  }
  if (isOldNews(stored, context)) {
    return {
      kind: 'late copy',
      why: `a copy received at ${context.receivedAt}, before news received at ${stored.heardAt}`,
    };
  }
  return incoming.status === 'firing'
    ? classifyReturn(incoming, stored, context)
    : classifyResolve(incoming, stored, context);
}

/** Messages of one group come in order, but not those of two groups, nor what is delivered again. */
const isOldNews = ({ heardAt }: AlertRecord, { receivedAt, skewSeconds }: ClassifyContext): boolean =>
  heardAt !== undefined && addSeconds(receivedAt, skewSeconds ?? clockSkewSeconds) < heardAt;

/** A resolve of an alert that we never saw fire is stored, so that a late firing copy of it is known as one. */
const classifyUnknown = (incoming: IncomingAlert): AlertChange =>
  incoming.status === 'firing'
    ? { kind: 'fired', why: 'it began to fire' }
    : { kind: 'resolved before trigger', why: 'it was resolved before it was ever seen firing' };

/** Its link alone is no change: two Prometheus replicas send different ones in turn. */
function classifyRepeat(incoming: IncomingAlert, stored: AlertRecord, { now }: ClassifyContext): AlertChange {
  const sameText = equalLabels(incoming.annotations, stored.annotations) && equalLabels(incoming.labels, stored.labels);
  if (sameText) return { kind: 'unchanged', why: 'it fires already' };
  if (now < addSeconds(stored.annotationsAt, annotationsEverySeconds)) {
    return {
      kind: 'unchanged',
      why: `it fires already; new annotations are stored every ${annotationsEverySeconds} s`,
    };
  }
  return { kind: 'annotations', why: 'only its annotations changed' };
}

/**
 * A firing copy of a resolved alert. It is a late copy only if the other peer sent it, at most 60 s after we stored that
 * the source resolved it, and it began before that end; in doubt it is a refire, because a lost page is worse than one too
 * many. An alert that we ended ourselves, because its source went quiet, has no late copies; each copy says that it fires.
 */
function classifyReturn(incoming: IncomingAlert, stored: AlertRecord, context: ClassifyContext): AlertChange {
  const refired: AlertChange = { kind: 'refired', why: 'it fires again' };
  if (stored.resolvedAt === null || stored.endReason !== 'resolved') return refired;
  if (stored.externalURL === context.externalURL) return refired;
  if (context.receivedAt > addSeconds(stored.resolvedAt, lateCopySeconds)) return refired;
  // Both by the source's clock; ours is later by the source's group interval and the queue, and could hide a refire.
  const endedAt = earliest(stored.endsAt ?? stored.resolvedAt, stored.resolvedAt);
  if (incoming.startsAt >= endedAt) return refired;
  return { kind: 'late copy', why: `a late copy from another Alertmanager of what ended at ${endedAt}` };
}

/** A resolve from the other peer for an end before the present beginning speaks of an earlier activity. */
function classifyResolve(incoming: IncomingAlert, stored: AlertRecord, context: ClassifyContext): AlertChange {
  const endedAt = incoming.endsAt ?? context.receivedAt;
  if (stored.externalURL !== context.externalURL && endedAt < stored.startsAt) {
    return {
      kind: 'late copy',
      why: `a late copy from another Alertmanager of an end at ${endedAt}, before the present start at ${stored.startsAt}`,
    };
  }
  return { kind: 'resolved', why: 'its source resolved it' };
}
