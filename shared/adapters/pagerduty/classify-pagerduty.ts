import type { VendorOutcome } from '../../runtime/ports.ts';
import { networkOutcome } from '../network-outcome.ts';

type PagerDutyOutcome = VendorOutcome<{ readonly dedupKey: string }>;

/** The client wanted to send again after a 429: the only status that it retries. */
export class RetryPrevented extends Error {
  override readonly name = 'RetryPrevented';
}

/** PagerDuty says no time with a 429; its limit slides over 60 s (developer-docs, events-API-v2), so this is soon enough. */
const retryAfterSeconds = 15;

/**
 * Sorts an answer (PROTOCOLS 6.1): 202 is queued; 400 can never succeed; 429 was not ingested; a 5xx may come after the
 * event was queued, so its outcome is unknown, and the same key may be sent again.
 */
export function classifyPagerDutyAnswer(status: number, body: unknown, dedupKey: string): PagerDutyOutcome {
  if (status === 202) {
    const told = typeof body === 'object' && body !== null && 'dedup_key' in body ? body.dedup_key : undefined;
    return { outcome: 'ok', value: { dedupKey: typeof told === 'string' ? told : dedupKey } };
  }
  if (status === 429) return { outcome: 'rate limited', retryAfterSeconds };
  if (status >= 400 && status < 500 && status !== 408) return { outcome: 'refused', reason: `HTTP ${status}` };
  return { outcome: 'unknown', reason: `HTTP ${status}` };
}

/** No readable answer. The client hides the status of one that is no JSON, so that outcome is unknown as well. */
export function classifyPagerDutyError(error: unknown): PagerDutyOutcome {
  return error instanceof RetryPrevented ? { outcome: 'rate limited', retryAfterSeconds } : networkOutcome(error);
}
