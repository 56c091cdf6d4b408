import { fromEpochMillis, type Instant, toEpochMillis } from '../kernel/instant.ts';

/**
 * The generic cell rate algorithm (GCRA, ITU-T I.371): one number says when the next call would be exactly on schedule.
 * A call may run ahead of the schedule by `burst - 1` intervals.
 */
export interface RateLimit {
  readonly intervalMillis: number;
  readonly burst: number;
}

export interface RateState {
  /** Theoretical arrival time of the next call: epoch milliseconds. */
  readonly tatMillis: number;
  /** The vendor said 429: nothing goes before this, burst or not. Epoch milliseconds; 0: never said. */
  readonly heldUntilMillis: number;
}

/** A limit that pages and updates share: so much of the burst is only for pages, so that a storm of updates leaves them room. */
export interface SharedLimit extends RateLimit {
  readonly reservedForPages: number;
}

/** Pages interrupt people and may use the whole burst; updates not what is reserved. */
export type CallClass = 'page' | 'update';

export type Slot =
  | { readonly slot: 'taken'; readonly next: RateState }
  | { readonly slot: 'wait'; readonly millis: number };

export const unusedRate: RateState = { tatMillis: 0, heldUntilMillis: 0 };

/** May a call go out at `now`? Taken slots move the schedule on by one interval; a refused one changes nothing. */
export function takeSlot(state: RateState, now: Instant, limit: RateLimit): Slot {
  const nowMillis = toEpochMillis(now);
  const tatMillis = Math.max(state.tatMillis, nowMillis);
  const allowedAtMillis = Math.max(tatMillis - (limit.burst - 1) * limit.intervalMillis, state.heldUntilMillis);
  if (allowedAtMillis > nowMillis) return { slot: 'wait', millis: allowedAtMillis - nowMillis };
  return {
    slot: 'taken',
    next: { tatMillis: tatMillis + limit.intervalMillis, heldUntilMillis: state.heldUntilMillis },
  };
}

/** After a 429: the bucket is closed to everybody for as long as the vendor asked. */
export const holdSlots = (state: RateState, now: Instant, retryAfterSeconds: number): RateState => ({
  tatMillis: state.tatMillis,
  heldUntilMillis: Math.max(state.heldUntilMillis, toEpochMillis(now) + retryAfterSeconds * 1000),
});

/** From this instant on the state says nothing any more and may be cleaned up. */
export const rateForgottenAt = (state: RateState): Instant =>
  fromEpochMillis(Math.max(state.tatMillis, state.heldUntilMillis));

/** The limit as a call of this class may use it. */
export const limitFor = (
  { intervalMillis, burst, reservedForPages }: SharedLimit,
  callClass: CallClass,
): RateLimit => ({
  intervalMillis,
  burst: callClass === 'page' ? burst : burst - reservedForPages,
});

/**
 * Vendors' limits, each said once here.
 * - Slack chat.postMessage: 1 message a second and channel, short bursts tolerated (docs.slack.dev, apis/web-api/rate-limits).
 * - Slack chat.update: tier 3, 50 or more a minute and workspace; 40 a minute keeps under it.
 * - Slack conversations.history and .replies: tier 3 as well, only used after an unknown outcome.
 * - PagerDuty Events API v2: about 120 events a minute and routing key on a sliding 60 s. 109 on schedule and 10 ahead of it
 *   stay below that.
 */
export const rateLimits = {
  'slack post': { intervalMillis: 1_000, burst: 4, reservedForPages: 3 },
  'slack update': { intervalMillis: 1_500, burst: 5, reservedForPages: 0 },
  'slack look-up': { intervalMillis: 1_500, burst: 20, reservedForPages: 10 },
  'pagerduty event': { intervalMillis: 550, burst: 10, reservedForPages: 5 },
} as const satisfies Readonly<Record<string, SharedLimit>>;

export type LimitedCall = keyof typeof rateLimits;

/** SQS: DelaySeconds is at most 900. */
export const longestDelaySeconds = 900;
/** Backoff of a message that keeps being postponed: an update may grow old, a page has a deadline of 60 s or more. */
const longestBackoffSeconds: Readonly<Record<CallClass, number>> = { page: 5, update: 120 };

/**
 * How long a postponed message is delayed: at least what was asked for, plus full jitter that doubles with each time, so
 * that two hundred messages waiting for one channel do not all come back at once.
 * @param random in [0, 1)
 */
export function postponeSeconds(waitMillis: number, postponed: number, callClass: CallClass, random: number): number {
  const backoffSeconds = Math.min(2 ** Math.min(postponed, 10), longestBackoffSeconds[callClass]);
  const seconds = Math.ceil(waitMillis / 1000 + random * backoffSeconds);
  return Math.min(Math.max(seconds, 1), longestDelaySeconds);
}
