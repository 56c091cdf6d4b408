import { fail, type Result, succeed } from '../kernel/result.ts';
import { compileMatcher } from './compile-matcher.ts';
import type { Matcher, MatchOperator } from './matcher.ts';
import { type MatcherToken, tokenizeMatchers } from './matcher-lexer.ts';

const describeToken = (token: MatcherToken | undefined): string =>
  token === undefined ? 'end of input' : `unexpected ${token.text}`;

/** Name, operator and value at `at`, each given. */
function readMatcher(tokens: readonly MatcherToken[], at: number): Result<Matcher> {
  const [name, operator, value] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (name?.kind !== 'quoted' && name?.kind !== 'unquoted') return fail(`${describeToken(name)}: expected label name`);
  if (operator?.kind !== 'operator') {
    return fail(`${describeToken(operator)}: expected an operator such as '=', '!=', '=~' or '!~'`);
  }
  if (value?.kind !== 'quoted' && value?.kind !== 'unquoted') {
    return fail(`${describeToken(value)}: expected label value`);
  }
  const matcher = { name: name.text, operator: operator.text as MatchOperator, value: value.text };
  const compiled = compileMatcher(matcher);
  return compiled.ok ? succeed(matcher) : compiled;
}

/** Matchers up to the end or a closing brace, and where that is. */
function readList(
  tokens: readonly MatcherToken[],
  start: number,
): Result<{ readonly matchers: readonly Matcher[]; readonly end: number }> {
  const matchers: Matcher[] = [];
  let at = start;
  while (at < tokens.length && tokens[at]?.kind !== '}') {
    const matcher = readMatcher(tokens, at);
    if (!matcher.ok) return matcher;
    matchers.push(matcher.value);
    at += 3;
    const next = tokens[at]?.kind;
    if (next === ',') at++;
    else if (next !== undefined && next !== '}') {
      return fail(`${describeToken(tokens[at])}: expected a comma or close brace`);
    }
  }
  return succeed({ matchers, end: at });
}

/** A list of the UTF-8 grammar (Alertmanager 0.27 and later): braces are optional but pair, a trailing comma is allowed. */
export function parseUtf8Matchers(text: string): Result<readonly Matcher[]> {
  const lexed = tokenizeMatchers(text);
  if (!lexed.ok) return lexed;
  const tokens = lexed.value;
  const braced = tokens[0]?.kind === '{';
  const list = readList(tokens, braced ? 1 : 0);
  if (!list.ok) return list;
  const { matchers, end } = list.value;
  if (end === tokens.length) return braced ? fail('end of input: expected close brace') : succeed(matchers);
  if (!braced) return fail('}: expected opening brace');
  return end + 1 === tokens.length
    ? succeed(matchers)
    : fail(`${describeToken(tokens[end + 1])}: expected end of input`);
}

/** Exactly one matcher of the UTF-8 grammar. */
export function parseUtf8Matcher(text: string): Result<Matcher> {
  const matchers = parseUtf8Matchers(text);
  if (!matchers.ok) return matchers;
  const [only] = matchers.value;
  if (only === undefined) return fail('no matchers');
  return matchers.value.length === 1 ? succeed(only) : fail(`expected 1 matcher, found ${matchers.value.length}`);
}
