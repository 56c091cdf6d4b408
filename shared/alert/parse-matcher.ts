import { fail, type Result } from '../kernel/result.ts';
import { isRegexProblem } from './compile-matcher.ts';
import type { Matcher } from './matcher.ts';
import { parseClassicMatcher, parseClassicMatchers, quotedBytes } from './matcher-classic.ts';
import { parseUtf8Matcher, parseUtf8Matchers } from './matcher-utf8.ts';
import { shorten } from './safe-text.ts';

/** Characters of one text of matchers. Ours; far above what a person writes, and room for one longest expression. */
export const maxMatcherTextLength = 16_384;

const tooLong = fail(`matchers are longer than ${maxMatcherTextLength} characters`);

/**
 * Alertmanager tells the classic problem, which often only says that there is one; the other grammar knows where, and what
 * it waited for there.
 */
const refusedByBoth = (classic: string, utf8: string) =>
  fail(isRegexProblem(classic) || classic === utf8 ? classic : `${classic} (${utf8})`);

/**
 * Reads one matcher as Alertmanager's default mode does: what the classic grammar accepts means what it means there, else
 * the UTF-8 grammar decides, and when both refuse, the classic problem is told first (PROTOCOLS 2.3).
 */
export function parseMatcher(text: string): Result<Matcher> {
  if (text.length > maxMatcherTextLength) return tooLong;
  if (text.startsWith('{') || text.endsWith('}')) {
    return fail(`unexpected open or close brace: ${shorten(text, quotedBytes)} (one matcher has no braces around it)`);
  }
  const classic = parseClassicMatcher(text);
  if (classic.ok) return classic;
  const utf8 = parseUtf8Matcher(text);
  return utf8.ok ? utf8 : refusedByBoth(classic.problem, utf8.problem);
}

/** Reads a list of matchers, braces optional, by the same rule. No matchers are a valid list. */
export function parseMatchers(text: string): Result<readonly Matcher[]> {
  if (text.length > maxMatcherTextLength) return tooLong;
  const classic = parseClassicMatchers(text);
  if (classic.ok) return classic;
  const utf8 = parseUtf8Matchers(text);
  return utf8.ok ? utf8 : refusedByBoth(classic.problem, utf8.problem);
}
