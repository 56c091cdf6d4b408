import { fail, type Result } from '../kernel/result.ts';
import type { Matcher } from './matcher.ts';
import { parseClassicMatcher, parseClassicMatchers } from './matcher-classic.ts';
import { parseUtf8Matcher, parseUtf8Matchers } from './matcher-utf8.ts';

/** Characters of one text of matchers. Ours; far above what a person writes, and room for one longest expression. */
export const maxMatcherTextLength = 16_384;

const tooLong = fail(`matchers are longer than ${maxMatcherTextLength} characters`);

/**
 * Reads one matcher as Alertmanager's default mode does: what the classic grammar accepts means what it means there, else
 * the UTF-8 grammar decides, and when both refuse, the classic problem is told (PROTOCOLS 2.3).
 */
export function parseMatcher(text: string): Result<Matcher> {
  if (text.length > maxMatcherTextLength) return tooLong;
  if (text.startsWith('{') || text.endsWith('}')) return fail(`unexpected open or close brace: ${text}`);
  const classic = parseClassicMatcher(text);
  if (classic.ok) return classic;
  const utf8 = parseUtf8Matcher(text);
  return utf8.ok ? utf8 : classic;
}

/** Reads a list of matchers, braces optional, by the same rule. No matchers are a valid list. */
export function parseMatchers(text: string): Result<readonly Matcher[]> {
  if (text.length > maxMatcherTextLength) return tooLong;
  const classic = parseClassicMatchers(text);
  if (classic.ok) return classic;
  const utf8 = parseUtf8Matchers(text);
  return utf8.ok ? utf8 : classic;
}
