import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, toEpochMillis } from '../../kernel/instant.ts';

export type SlackVerification =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'rejected'; readonly reason: SlackRejection };

export type SlackRejection = 'no signature' | 'timestamp is not near' | 'signature does not match';

/** Slack asks for five minutes; both ways, because a clock that runs ahead would let a copy live longer. */
const maxSkewSeconds = 300;

/**
 * Did Slack send this? HMAC-SHA256 over `v0:<timestamp>:<raw body>` (docs.slack.dev, verifying-requests-from-slack), on
 * the bytes as they came and before any of it is parsed. Header names in any case; compared in constant time.
 */
export function verifySlackSignature(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  signingSecret: string,
  now: Instant,
): SlackVerification {
  const timestamp = headerOf(headers, 'x-slack-request-timestamp');
  const signature = headerOf(headers, 'x-slack-signature');
  // An empty secret would be a key that everybody knows.
  if (timestamp === null || signature === null || signingSecret === '') return rejected('no signature');
  if (!/^\d{1,12}$/.test(timestamp)) return rejected('timestamp is not near');
  if (Math.abs(toEpochMillis(now) / 1000 - Number(timestamp)) > maxSkewSeconds) {
    return rejected('timestamp is not near');
  }
  const expected = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(rawBody).digest('hex')}`;
  return sameText(expected, signature) ? { outcome: 'accepted' } : rejected('signature does not match');
}

const rejected = (reason: SlackRejection): SlackVerification => ({ outcome: 'rejected', reason });

function headerOf(headers: Readonly<Record<string, string | undefined>>, name: string): string | null {
  for (const [each, value] of Object.entries(headers)) {
    if (each.toLowerCase() === name && value !== undefined) return value;
  }
  return null;
}

/** Only the length of the expected text, which everybody knows, can be learned from the time it takes. */
function sameText(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
