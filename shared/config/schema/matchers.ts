import * as z from 'zod';
import { compileMatchers } from '../../alert/compile-matcher.ts';
import type { Matcher } from '../../alert/matcher.ts';
import { parseMatchers } from '../../alert/parse-matcher.ts';
import { explain, textLike } from './pieces.ts';

/** Label names as Prometheus has them without UTF-8 names. */
export const labelNameSchema = textLike(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'a label name',
  'Use letters, digits and "_", not starting with a digit.',
);

function matcherProblem(text: string): string | null {
  const parsed = parseMatchers(text);
  if (!parsed.ok) return parsed.problem;
  if (parsed.value.length === 0) return 'it is empty';
  return compileProblem(parsed.value);
}

function compileProblem(matchers: readonly Matcher[]): string | null {
  const compiled = compileMatchers(matchers);
  return compiled.ok ? null : compiled.problem;
}

/** One entry of a `matchers` list; like Alertmanager's it may hold several, separated by commas. */
const matcherSchema = z.string().superRefine((text, context) => {
  const problem = matcherProblem(text);
  if (problem === null) return;
  const fix = `Write it as Alertmanager does, in single quotes: 'team="payments"' or 'severity=~"critical|page"'.`;
  context.addIssue({
    code: 'custom',
    message: explain(`this is not a matcher: ${problem.replaceAll('\n', ' ')}`, fix),
  });
});

/** Conditions as texts, all of which must hold. */
export const matcherListSchema = z.array(matcherSchema);

/** The older spelling of `=`: label name to value. */
export const matchSchema = z.record(labelNameSchema, z.string());

/** The older spelling of `=~`: label name to regular expression. */
export const matchRegexSchema = z.record(labelNameSchema, z.string()).superRefine((regexes, context) => {
  for (const [name, value] of Object.entries(regexes)) {
    const problem = compileProblem([{ name, operator: '=~', value }]);
    if (problem === null) continue;
    const fix = 'Correct the regular expression; it is RE2 and anchored at both ends.';
    context.addIssue({ code: 'custom', path: [name], message: explain(problem.replaceAll('\n', ' '), fix) });
  }
});
