import { RE2JS, RE2JSException } from 're2js';
import { fail, type Result, succeed } from '../kernel/result.ts';
import { type CompiledMatcher, isRegexOperator, type Matcher } from './matcher.ts';
import { countCharacters, describeRegexProblem } from './regex-problem.ts';
import { literalAlternatives, literalPrefix, literalThenAny, measureRegex } from './regex-shape.ts';

/** Characters of a regular expression. Ours; Alertmanager has no bound. */
export const maxRegexLength = 4096;
/** Parts of a regular expression written out: at worst 0.4 s on a label of 2 KB, where 400,000 take 4 s to compile alone. */
export const maxRegexSize = 5000;
/** The same of all expressions of one list: a list of a hundred of the largest takes seconds to compile. */
export const maxListRegexSize = 20_000;

const beginning = 'the regular expression ';

/** True for a problem of an expression, which says by itself what and where; others are about the form of a matcher. */
export const isRegexProblem = (problem: string): boolean => problem.startsWith(beginning);

const failed = (matcher: Matcher, why: string) =>
  fail(`${beginning}${JSON.stringify(matcher.value.slice(0, 100))} of label "${matcher.name}" ${why}`);

/** RE2 with Alertmanager's anchors. RE2JS runs in linear time where RegExp can be made to hang (PROTOCOLS 2.4). */
function compileRegex(matcher: Matcher): Result<RE2JS> {
  if (matcher.value.length > maxRegexLength) return failed(matcher, `is longer than ${maxRegexLength} characters`);
  const { exceedsAt } = measureRegex(matcher.value, maxRegexSize);
  if (exceedsAt !== null) {
    const where = `at character ${countCharacters(matcher.value, exceedsAt)}`;
    return failed(matcher, `repeats too much: written out it has more than ${maxRegexSize} parts ${where}`);
  }
  try {
    return succeed(RE2JS.compile(`^(?:${matcher.value})$`));
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return failed(matcher, `cannot be read: ${describeRegexProblem(matcher.value, error.message)}`);
  }
}

const listed = (matcher: Matcher, values: readonly string[], negated: boolean): CompiledMatcher => {
  const [only = ''] = values;
  const set = new Set(values);
  const holds = values.length === 1 ? (value: string) => value === only : (value: string) => set.has(value);
  return negated
    ? { matcher, accepts: (value) => !holds(value), values: null, prefix: '' }
    : { matcher, accepts: holds, values: [...set], prefix: '' };
};

/** Asks the automaton only when a look at the text cannot tell. */
function acceptsRegex(text: string, regex: RE2JS): (value: string) => boolean {
  const simple = literalThenAny(text);
  if (simple !== null) {
    const shortest = simple.prefix.length + (simple.atLeastOne ? 1 : 0);
    // A dot stands for any character but a newline.
    return (value) =>
      value.length >= shortest && value.startsWith(simple.prefix) && !value.includes('\n', simple.prefix.length);
  }
  const prefix = literalPrefix(text);
  return (value) => value.startsWith(prefix) && regex.test(value);
}

/** What `!~` accepts begins with anything. */
const prefixOf = ({ operator, value }: Matcher): string => (operator === '=~' ? literalPrefix(value) : '');

/** Makes a matcher ready for use, or says in a sentence what is wrong with its regular expression. */
export function compileMatcher(matcher: Matcher): Result<CompiledMatcher> {
  const negated = matcher.operator === '!=' || matcher.operator === '!~';
  if (!isRegexOperator(matcher.operator)) return succeed(listed(matcher, [matcher.value], negated));
  const alternatives = literalAlternatives(matcher.value);
  if (alternatives !== null && matcher.value.length <= maxRegexLength) {
    return succeed(listed(matcher, alternatives, negated));
  }
  const regex = compileRegex(matcher);
  if (!regex.ok) return regex;
  const holds = acceptsRegex(matcher.value, regex.value);
  return succeed({ matcher, accepts: (value) => holds(value) !== negated, values: null, prefix: prefixOf(matcher) });
}

/** Null, or what is wrong with the expressions of a list together. */
export function tooLargeTogether(matchers: readonly Matcher[]): string | null {
  let size = 0;
  for (const { operator, value } of matchers) {
    // One that is too long is refused by itself.
    if (isRegexOperator(operator) && value.length <= maxRegexLength) size += measureRegex(value).size;
  }
  return size > maxListRegexSize
    ? `${beginning.trimEnd()}s repeat too much: written out they have ${size} parts together, and ${maxListRegexSize} may be`
    : null;
}

/** Makes all ready; the first problem stands for the list. */
export function compileMatchers(matchers: readonly Matcher[]): Result<readonly CompiledMatcher[]> {
  const compiled: CompiledMatcher[] = [];
  const tooLarge = tooLargeTogether(matchers);
  if (tooLarge !== null) return fail(tooLarge);
  for (const matcher of matchers) {
    const result = compileMatcher(matcher);
    if (!result.ok) return result;
    compiled.push(result.value);
  }
  return succeed(compiled);
}

/**
 * For stored matchers, which were checked when they were made: a regular expression is compiled when it is first asked,
 * since most silences are ruled out by their other labels. One that cannot be read any more holds for nothing, whatever
 * its operator: an alert is then told rather than silenced.
 */
export function compileWhenAsked(matcher: Matcher): CompiledMatcher {
  if (!isRegexOperator(matcher.operator) || literalAlternatives(matcher.value) !== null) {
    const compiled = compileMatcher(matcher);
    return compiled.ok ? compiled.value : { matcher, accepts: () => false, values: null, prefix: '' };
  }
  let accepts: ((value: string) => boolean) | null = null;
  const compileNow = () => {
    const compiled = compileMatcher(matcher);
    return compiled.ok ? compiled.value.accepts : () => false;
  };
  return {
    matcher,
    accepts: (value) => {
      accepts ??= compileNow();
      return accepts(value);
    },
    values: null,
    prefix: prefixOf(matcher),
  };
}
