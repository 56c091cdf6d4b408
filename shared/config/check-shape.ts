import type * as z from 'zod';
import { suggestName } from './nearest-name.ts';
import type { Finding, PolicyPath } from './problem.ts';
import { type PolicyDocument, policyDocumentSchema } from './schema/document.ts';
import { explain } from './schema/pieces.ts';

const wordOf: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function describeValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return wordOf[typeof value] ?? typeof value;
}

function explainWrongType(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  const key = issue.path?.at(-1);
  const what = typeof key === 'number' ? 'this entry' : key === undefined ? 'the policy file' : `"${String(key)}"`;
  const expected = wordOf[issue.expected] ?? issue.expected;
  if (key === undefined) return explain(`${what} is ${describeValue(issue.input)}`, 'Start from config/local.yaml.');
  if (issue.input === undefined) return explain(`${what} is missing`, `Add ${what} (${expected}) here.`);
  const fix =
    issue.expected === 'string' && typeof issue.input !== 'object'
      ? `Put it in quotes: "${String(issue.input)}".`
      : `Write ${expected}${expected === 'a map' ? ', {} if nothing is to be said' : ''}.`;
  return explain(`${what} should be ${expected} and is ${describeValue(issue.input)}`, fix);
}

/** Words for the problems that no schema has its own words for. */
const explainIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return explainWrongType(issue);
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    if (issue.input === undefined) {
      return explain(`"${String(issue.path?.at(-1))}" is missing`, suggestName('', allowed));
    }
    return explain(`${JSON.stringify(issue.input)} is not allowed here`, suggestName(String(issue.input), allowed));
  }
  return explain(`this value is not allowed (${issue.code})`, 'See docs/policy.md for what may stand here.');
};

/** How badly an alternative misses: 0 right kind of value, 1 another word was expected, 2 another kind of value. */
function missOf(branch: readonly z.core.$ZodIssue[]): number {
  const wrongKind = branch.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type');
  const wrongWord = branch.some((issue) => issue.path.length === 0 && issue.code === 'invalid_value');
  return wrongKind ? 2 : wrongWord ? 1 : 0;
}

/** Of several alternatives, the problems of the one that the author most likely meant: the last of the nearest. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  return branches.reduce((best, branch) => (missOf(branch) <= missOf(best) ? branch : best), branches[0] ?? []);
}

const keysOf = (path: readonly PropertyKey[]): PolicyPath =>
  path.map((part) => (typeof part === 'number' ? part : String(part)));

function findingsOf(issue: z.core.$ZodIssue, parent: PolicyPath): Finding[] {
  const at = [...parent, ...keysOf(issue.path)];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearestBranch(issue.errors).flatMap((inner) => findingsOf(inner, at));
  }
  const text = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const lines = text.split('\n');
  const finding = (index: number): Pick<Finding, 'level' | 'message' | 'fix'> => ({
    level: 'error',
    message: lines[2 * index] ?? text,
    fix: lines[2 * index + 1] ?? 'See docs/policy.md for what may stand here.',
  });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key, index) => ({ ...finding(index), at: [...at, key], onKey: true }));
  }
  return [{ ...finding(0), at, ...(issue.code === 'invalid_key' ? { onKey: true } : {}) }];
}

export type ShapeCheck =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Whether plain data has the shape of a policy file; every problem at once. */
export function checkShape(value: unknown): ShapeCheck {
  const parsed = policyDocumentSchema.safeParse(value, { error: explainIssue });
  if (parsed.success) return { ok: true, document: parsed.data };
  return { ok: false, findings: parsed.error.issues.flatMap((issue) => findingsOf(issue, [])) };
}
