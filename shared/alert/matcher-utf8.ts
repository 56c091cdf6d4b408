import { fail, type Result, succeed } from '../kernel/result.ts';
import { compileMatcher } from './compile-matcher.ts';
import type { Matcher, MatchOperator } from './matcher.ts';
import { type MatcherToken, tokenizeMatchers, where } from './matcher-lexer.ts';

/** The tokens of one text, and the text for saying where a problem is. */
interface Lexed {
  readonly input: string;
  readonly tokens: readonly MatcherToken[];
}

const expected = ({ input, tokens }: Lexed, index: number, what: string) => {
  const token = tokens[index];
  const found = token === undefined ? 'nothing' : JSON.stringify(token.text.slice(0, 50));
  return fail(`${where(input, token?.at ?? input.length)}: expected ${what}, found ${found}`);
};

/** Name, operator and value at `at`, each given. */
function readMatcher(lexed: Lexed, at: number): Result<Matcher> {
  const [name, operator, value] = lexed.tokens.slice(at, at + 3);
  if (name?.kind !== 'quoted' && name?.kind !== 'unquoted') return expected(lexed, at, 'the name of a label');
  if (operator?.kind !== 'operator') return expected(lexed, at + 1, 'one of = != =~ !~');
  if (value?.kind !== 'quoted' && value?.kind !== 'unquoted') return expected(lexed, at + 2, 'a value');
  const matcher = { name: name.text, operator: operator.text as MatchOperator, value: value.text };
  const compiled = compileMatcher(matcher);
  return compiled.ok ? succeed(matcher) : compiled;
}

/** Matchers up to the end or a closing brace, and where that is. */
function readList(
  lexed: Lexed,
  start: number,
): Result<{ readonly matchers: readonly Matcher[]; readonly end: number }> {
  const { tokens } = lexed;
  const matchers: Matcher[] = [];
  let at = start;
  while (at < tokens.length && tokens[at]?.kind !== '}') {
    const matcher = readMatcher(lexed, at);
    if (!matcher.ok) return matcher;
    matchers.push(matcher.value);
    at += 3;
    const next = tokens[at]?.kind;
    if (next === ',') at++;
    else if (next !== undefined && next !== '}') return expected(lexed, at, 'a comma, or quotes around the value');
  }
  return succeed({ matchers, end: at });
}

/** A list of the UTF-8 grammar (Alertmanager 0.27 and later): braces are optional but pair, a trailing comma is allowed. */
export function parseUtf8Matchers(text: string): Result<readonly Matcher[]> {
  const read = tokenizeMatchers(text);
  if (!read.ok) return read;
  const lexed = { input: text, tokens: read.value };
  const { tokens } = lexed;
  const braced = tokens[0]?.kind === '{';
  const list = readList(lexed, braced ? 1 : 0);
  if (!list.ok) return list;
  const { matchers, end } = list.value;
  if (end === tokens.length) return braced ? expected(lexed, end, 'a closing brace') : succeed(matchers);
  if (!braced) return fail(`${where(text, tokens[end]?.at ?? 0)}: this brace was not opened`);
  return end + 1 === tokens.length ? succeed(matchers) : expected(lexed, end + 1, 'nothing more');
}

/** Exactly one matcher of the UTF-8 grammar. */
export function parseUtf8Matcher(text: string): Result<Matcher> {
  const matchers = parseUtf8Matchers(text);
  if (!matchers.ok) return matchers;
  const [only] = matchers.value;
  if (only === undefined) return fail('expected a matcher such as severity="critical", found nothing');
  return matchers.value.length === 1 ? succeed(only) : fail(`expected one matcher, found ${matchers.value.length}`);
}
