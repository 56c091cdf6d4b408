import { fail, type Result, succeed } from '../kernel/result.ts';
import { unquoteGo } from './go-string.ts';
import { countCharacters } from './regex-problem.ts';

/** A token of the UTF-8 matcher grammar; `text` of a quoted one is what the quotes mean. */
export interface MatcherToken {
  readonly kind: '{' | '}' | ',' | 'operator' | 'quoted' | 'unquoted';
  readonly text: string;
  /** Index of its first character in the input. */
  readonly at: number;
}

const white = /\p{White_Space}/u;
const unquoted = /[^\p{White_Space}{}!=~,\\"'`]+/uy;
const operator = /=~|=|!=|!~/y;
/** Go's strings: a backslash takes the next character with it, and a raw newline is not allowed. */
const quoted = /"(?:[^"\\\n]|\\[^\n])*"/uy;

/** Characters as people count them, from 1. */
export const where = (input: string, at: number): string =>
  at >= input.length ? 'at the end' : `at character ${countCharacters(input, at)}`;

function matchAt(pattern: RegExp, input: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(input)?.[0] ?? null;
}

function readToken(input: string, at: number): Result<{ readonly token: MatcherToken; readonly length: number }> {
  const character = input.charAt(at);
  if (character === '{' || character === '}' || character === ',') {
    return succeed({ token: { kind: character, text: character, at }, length: 1 });
  }
  if (character === '"') {
    const text = matchAt(quoted, input, at);
    if (text === null) return fail(`${where(input, at)}: this quote is not closed, or there is a line break in it`);
    const meant = unquoteGo(text);
    return meant.ok
      ? succeed({ token: { kind: 'quoted', text: meant.value, at }, length: text.length })
      : fail(`${where(input, at)}: this quoted text has an escape that is unknown or no UTF-8`);
  }
  const sign = matchAt(operator, input, at);
  if (sign !== null) return succeed({ token: { kind: 'operator', text: sign, at }, length: sign.length });
  const word = matchAt(unquoted, input, at);
  if (word === null) return fail(`${where(input, at)}: ${JSON.stringify(character)} must stand in double quotes`);
  return succeed({ token: { kind: 'unquoted', text: word, at }, length: word.length });
}

/** Splits a text into the tokens of the UTF-8 grammar (PROTOCOLS 2.3). */
export function tokenizeMatchers(input: string): Result<readonly MatcherToken[]> {
  const tokens: MatcherToken[] = [];
  let at = 0;
  while (at < input.length) {
    if (white.test(input.charAt(at))) {
      at++;
      continue;
    }
    const next = readToken(input, at);
    if (!next.ok) return next;
    tokens.push(next.value.token);
    at += next.value.length;
  }
  return succeed(tokens);
}
