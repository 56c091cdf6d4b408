import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Who is calling an alert door: the source whose credential the Authorization header holds (Bearer or Basic; two of each
 * can be valid during a rotation), or null. Every credential of every source is compared, each in constant time over
 * SHA-256 digests, so that neither length nor position nor a near miss shows in the time taken.
 * @param sources the secret `sources`: source name to `{tokens: string[], basic: {username, password}[]}`
 */
export function authenticateSource(
  authorization: string | null,
  sources: Readonly<Record<string, unknown>>,
): string | null {
  const presented = digest(canonicalCredential(authorization));
  let found: string | null = null;
  for (const [source, credentials] of Object.entries(sources)) {
    for (const credential of validCredentials(credentials)) {
      if (timingSafeEqual(presented, digest(credential))) found = source;
    }
  }
  return found;
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** One text per credential, with its scheme, so that a token never passes as a password; the scheme's case is free (RFC 9110). */
function canonicalCredential(authorization: string | null): string {
  const text = (authorization ?? '').trim();
  const blank = text.search(/\s/);
  if (blank < 0) return 'none';
  const scheme = text.slice(0, blank).toLowerCase();
  const value = text.slice(blank).trim();
  if (scheme === 'bearer') return bearer(value);
  if (scheme === 'basic') return `basic ${Buffer.from(value, 'base64').toString('utf8')}`;
  return 'none';
}

const bearer = (token: string) => `bearer ${token}`;

function validCredentials(stored: unknown): readonly string[] {
  if (!isRecord(stored)) return [];
  const tokens = asList(stored.tokens).filter((token) => typeof token === 'string' && token !== '');
  const basic = asList(stored.basic).flatMap((pair) =>
    isRecord(pair) && typeof pair.username === 'string' && typeof pair.password === 'string' && pair.password
      ? [`basic ${pair.username}:${pair.password}`]
      : [],
  );
  return [...tokens.map((token) => bearer(String(token))), ...basic];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
