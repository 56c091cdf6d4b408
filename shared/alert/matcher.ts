import { type Labels, labelValue } from './labels.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label. A missing label reads as "". Regular expressions are RE2, anchored at both ends. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A matcher made ready by `compileMatcher`. Never stored. */
export interface CompiledMatcher {
  readonly matcher: Matcher;
  /** Whether the condition holds for a label's value; "" stands for a missing label. */
  readonly accepts: (value: string) => boolean;
  /** All values that it accepts, when they can be listed: `=`, and `=~` of plain alternatives. Else null. */
  readonly values: readonly string[] | null;
  /** A text with which every accepted value begins; "" when none is known. */
  readonly prefix: string;
}

/** True when every condition holds. No conditions hold for everything. */
export function matchesAll(matchers: readonly CompiledMatcher[], labels: Labels): boolean {
  for (const compiled of matchers) {
    if (!compiled.accepts(labelValue(labels, compiled.matcher.name))) return false;
  }
  return true;
}

/** The same condition, word for word: silences are filtered and compared by structure, not by meaning (PROTOCOLS 2.3). */
export const equalMatchers = (a: Matcher, b: Matcher): boolean =>
  a.name === b.name && a.operator === b.operator && a.value === b.value;

export const isRegexOperator = (operator: MatchOperator): boolean => operator === '=~' || operator === '!~';

/** What the UTF-8 grammar does not allow outside quotes: white space and its own signs (PROTOCOLS 2.3). */
const reserved = /[\p{White_Space}{}!=~,\\"'`]/u;

/** Only the three escapes that the classic grammar knows. */
const escapeClassic = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

const quote = (text: string): string =>
  `"${escapeClassic(text).replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

/** Prints a matcher as Alertmanager does; `parseMatcher` reads it back to the same matcher. */
export function formatMatcher({ name, operator, value }: Matcher): string {
  if (name === '' || reserved.test(name)) return `${quote(name)}${operator}${quote(value)}`;
  return `${name}${operator}"${escapeClassic(value)}"`;
}

/** Prints a list of matchers in braces; `parseMatchers` reads it back. */
export const formatMatchers = (matchers: readonly Matcher[]): string => `{${matchers.map(formatMatcher).join(',')}}`;
