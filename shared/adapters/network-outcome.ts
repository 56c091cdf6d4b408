/**
 * Node's codes for a connection that was never made, so that nothing was sent (nodejs.org, errors; TLS: OpenSSL's
 * verification results, which come before the request). Every other failure may have come after the vendor acted.
 */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** No answer came. Only codes go into the reason: messages of network libraries may hold addresses with secrets. */
export function networkOutcome(error: unknown): { readonly outcome: 'failed' | 'unknown'; readonly reason: string } {
  if (isTimeOut(error)) return { outcome: 'unknown', reason: 'no answer in time' };
  const code = errorCode(error);
  if (code === null) return { outcome: 'unknown', reason: 'no readable answer' };
  return { outcome: neverSent.has(code) ? 'failed' : 'unknown', reason: code };
}

/** AbortSignal.timeout rejects with a TimeoutError; node-fetch calls the same an AbortError. */
function isTimeOut(error: unknown): boolean {
  for (const each of chain(error)) {
    if (each instanceof Error && (each.name === 'TimeoutError' || each.name === 'AbortError')) return true;
  }
  return false;
}

/** The first system code in the chain of causes; fetch wraps it up to three times. */
function errorCode(error: unknown): string | null {
  for (const each of chain(error)) {
    if (typeof each !== 'object' || each === null || !('code' in each) || typeof each.code !== 'string') continue;
    if (/^(E[A-Z_]+|UND_ERR_[A-Z_]+|[A-Z_]*CERT[A-Z_]*|ERR_[A-Z_]+|[A-Z_]+SIGNATURE)$/.test(each.code))
      return each.code;
  }
  return null;
}

function chain(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  let each = error;
  while (each !== undefined && each !== null && found.length < 5) {
    found.push(each);
    // Several addresses tried at once fail as one AggregateError.
    if (each instanceof AggregateError) found.push(...each.errors.slice(0, 2));
    each = each instanceof Error ? each.cause : undefined;
  }
  return found;
}
