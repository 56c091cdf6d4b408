import type { Matcher } from '../alert/matcher.ts';
import { parseMatchers } from '../alert/parse-matcher.ts';
import { assert } from '../kernel/assert.ts';

function readMatchers(text: string): readonly Matcher[] {
  const parsed = parseMatchers(text);
  assert(parsed.ok, `the schema let a wrong matcher through: ${text}`);
  return parsed.value;
}

/** Conditions in the spellings of all ages of Alertmanager; where several are used, all must hold. */
export interface WrittenMatchers {
  readonly matchers?: readonly string[] | undefined;
  readonly match?: Readonly<Record<string, string>> | undefined;
  readonly matchRegex?: Readonly<Record<string, string>> | undefined;
}

const listOld = (pairs: Readonly<Record<string, string>> | undefined, operator: Matcher['operator']): Matcher[] =>
  Object.entries(pairs ?? {}).map(([name, value]) => ({ name, operator, value }));

/** One list of conditions. The texts have passed the schema. */
export const compileWrittenMatchers = ({ matchers, match, matchRegex }: WrittenMatchers): readonly Matcher[] => [
  ...listOld(match, '='),
  ...listOld(matchRegex, '=~'),
  ...(matchers ?? []).flatMap(readMatchers),
];
