import { fail, type Result, succeed } from '../kernel/result.ts';
import { compileMatcher } from './compile-matcher.ts';
import { trimGoSpace } from './go-string.ts';
import type { Matcher, MatchOperator } from './matcher.ts';
import { shorten } from './safe-text.ts';

/**
 * The classic grammar of Alertmanager up to 0.26, still tried first by later versions (PROTOCOLS 2.2). Blanks are the
 * ASCII ones that Go's `\s` means.
 */
const blank = '[\\t\\n\\f\\r ]*';
const nameAndOperator = new RegExp(`^${blank}([a-zA-Z_:][a-zA-Z0-9_:]*)${blank}(=~|=|!=|!~)${blank}`);

/** Enough to know one's own text again, in a sentence that people read. */
export const quotedBytes = 300;

const isBlank = (character: string): boolean => character !== '' && '\t\n\f\r '.includes(character);

/** By hand, because `[\s\S]*?\s*$` takes quadratic time on a long run of blanks. */
function trimEndBlanks(text: string): string {
  let end = text.length;
  while (isBlank(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

const escapes = /\\([\s\S])/g;

/** Only `\"`, `\n` and `\\` are escapes; any other backslash stays. A bare quote inside is an error. */
function readClassicValue(raw: string): Result<string> {
  const quoted = raw.startsWith('"');
  const text = quoted ? raw.slice(1) : raw;
  const firstBareQuote = text.replace(escapes, '__').indexOf('"');
  if (firstBareQuote !== (quoted ? text.length - 1 : -1) || (quoted && text === '')) {
    return fail(`matcher value contains unescaped double quote: ${shorten(raw, quotedBytes)}`);
  }
  const escaped = quoted ? text.slice(0, -1) : text;
  return succeed(
    escaped.replace(escapes, (pair, next: string) => {
      if (next === 'n') return '\n';
      return next === '"' || next === '\\' ? next : pair;
    }),
  );
}

/** One matcher of the classic grammar. A regular expression that RE2 refuses is an error here already. */
export function parseClassicMatcher(text: string): Result<Matcher> {
  const head = nameAndOperator.exec(text);
  if (!head) return fail(`bad matcher format: ${shorten(text, quotedBytes)}`);
  const value = readClassicValue(trimEndBlanks(text.slice(head[0].length)));
  if (!value.ok) return value;
  const matcher = { name: head[1] ?? '', operator: head[2] as MatchOperator, value: value.value };
  const compiled = compileMatcher(matcher);
  return compiled.ok ? succeed(matcher) : compiled;
}

/** Splits on commas outside quotes; blanks behind a trailing comma are nothing. */
function splitList(text: string): string[] {
  const tokens: string[] = [];
  let inside = false;
  let escaped = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === ',') {
      // A comma leaves `escaped` as it was, in quotes too: Alertmanager's reading, and so ours.
      if (inside) continue;
      tokens.push(text.slice(start, i));
      start = i + 1;
      continue;
    }
    if (character === '"' && !escaped) inside = !inside;
    escaped = character === '\\' && !escaped;
  }
  const last = trimGoSpace(text.slice(start));
  return last === '' ? tokens : [...tokens, last];
}

/** A list of the classic grammar: one leading and one trailing brace are stripped, each by itself. */
export function parseClassicMatchers(text: string): Result<readonly Matcher[]> {
  const open = text.startsWith('{') ? text.slice(1) : text;
  const inner = open.endsWith('}') ? open.slice(0, -1) : open;
  const matchers: Matcher[] = [];
  for (const token of splitList(inner)) {
    const matcher = parseClassicMatcher(token);
    if (!matcher.ok) return matcher;
    matchers.push(matcher.value);
  }
  return succeed(matchers);
}
