import type { VendorOutcome } from '../../runtime/ports.ts';
import { networkOutcome } from '../network-outcome.ts';

type SlackOutcome = VendorOutcome<Readonly<Record<string, unknown>>>;

/** When Slack limits a call without saying for how long (seconds). */
const defaultRetryAfterSeconds = 30;

/** Said with HTTP 200 instead of 429 (docs.slack.dev, methods; prometheus/alertmanager and grafana/oncall met them). */
const limitedErrors = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

/** "It's possible some aspect of the operation succeeded before the error was raised" (docs.slack.dev, methods). */
const unknownErrors = new Set(['internal_error', 'fatal_error']);

/** Refused before any work, and it passes: an outage, a cut request body, a workspace that is being moved. */
const passingErrors = new Set(['service_unavailable', 'request_timeout', 'team_added_to_org']);

/** The token is not, or no longer, good: worth one fresh look at the secret. */
const tokenErrors = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);

export const isTokenRefused = (outcome: SlackOutcome): boolean =>
  outcome.outcome === 'refused' && tokenErrors.has(outcome.reason);

/**
 * Sorts what WebClient threw. The reason is Slack's own code or ours, never free text: a message of the library may hold
 * the address or a body.
 */
export function classifySlackError(error: unknown): SlackOutcome {
  if (!(error instanceof Error)) return { outcome: 'unknown', reason: 'no readable answer' };
  switch (codeOf(error)) {
    case 'slack_webapi_rate_limited_error':
      return limited('retryAfter' in error ? error.retryAfter : undefined);
    case 'slack_webapi_platform_error':
      return classifyPlatformError('data' in error ? error.data : undefined);
    case 'slack_webapi_http_error':
      return classifyStatus('statusCode' in error ? error.statusCode : undefined);
    default:
      // WebClient throws a plain Error for a 429 without a usable Retry-After.
      return error.message.startsWith('Retry header') ? limited(undefined) : networkOutcome(error);
  }
}

function classifyPlatformError(data: unknown): SlackOutcome {
  const { error, response_metadata: metadata } = (data ?? {}) as { error?: unknown; response_metadata?: unknown };
  // A body that is no JSON arrives here as the "error": its outcome is not known.
  if (typeof error !== 'string' || !/^[a-z][a-z0-9_]{1,79}$/.test(error)) {
    return { outcome: 'unknown', reason: 'no readable answer' };
  }
  if (limitedErrors.has(error)) return limited((metadata as { retryAfter?: unknown } | undefined)?.retryAfter);
  if (unknownErrors.has(error)) return { outcome: 'unknown', reason: error };
  return { outcome: passingErrors.has(error) ? 'failed' : 'refused', reason: error };
}

/** Slack answers 200 or 429; other statuses come from what stands before it, and a 5xx may come after the work. */
export function classifyStatus(status: unknown): Exclude<SlackOutcome, { outcome: 'ok' }> {
  if (typeof status !== 'number' || status >= 500 || status === 408) {
    return { outcome: 'unknown', reason: `HTTP ${String(status)}` };
  }
  return status >= 400
    ? { outcome: 'refused', reason: `HTTP ${status}` }
    : { outcome: 'unknown', reason: `HTTP ${status}` };
}

/** Slack's Retry-After is whole seconds; at least one, and never more than the ten minutes after which a page is long late. */
export const limited = (seconds: unknown): Exclude<SlackOutcome, { outcome: 'ok' }> => ({
  outcome: 'rate limited',
  retryAfterSeconds:
    typeof seconds === 'number' && Number.isFinite(seconds)
      ? Math.min(Math.max(Math.ceil(seconds), 1), 600)
      : defaultRetryAfterSeconds,
});

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined);
