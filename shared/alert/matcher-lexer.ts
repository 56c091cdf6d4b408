import { fail, type Result, succeed } from '../kernel/result.ts';
import { unquoteGo } from './go-string.ts';

/** A token of the UTF-8 matcher grammar; `text` of a quoted one is what the quotes mean. */
export interface MatcherToken {
  readonly kind: '{' | '}' | ',' | 'operator' | 'quoted' | 'unquoted';
  readonly text: string;
}

const white = /\p{White_Space}/u;
const unquoted = /[^\p{White_Space}{}!=~,\\"'`]+/uy;
const operator = /=~|=|!=|!~/y;
/** Go's strings: a backslash takes the next character with it, and a raw newline is not allowed. */
const quoted = /"(?:[^"\\\n]|\\[^\n])*"/uy;

function matchAt(pattern: RegExp, input: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(input)?.[0] ?? null;
}

function readToken(input: string, at: number): Result<{ readonly token: MatcherToken; readonly length: number }> {
  const character = input.charAt(at);
  if (character === '{' || character === '}' || character === ',') {
    return succeed({ token: { kind: character, text: character }, length: 1 });
  }
  if (character === '"') {
    const text = matchAt(quoted, input, at);
    if (text === null) return fail(`${input.slice(at)}: missing end "`);
    const meant = unquoteGo(text);
    return meant.ok ? succeed({ token: { kind: 'quoted', text: meant.value }, length: text.length }) : meant;
  }
  const sign = matchAt(operator, input, at);
  if (sign !== null) return succeed({ token: { kind: 'operator', text: sign }, length: sign.length });
  const word = matchAt(unquoted, input, at);
  if (word === null) return fail(`${character}: invalid input`);
  return succeed({ token: { kind: 'unquoted', text: word }, length: word.length });
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
