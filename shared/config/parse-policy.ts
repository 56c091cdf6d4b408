import { sha256Hex } from '../kernel/hash.ts';
import { checkShape } from './check-shape.ts';
import { checks } from './checks/all.ts';
import { checkRepeatedNames, checkReservedNames } from './checks/names.ts';
import { checkReferences } from './checks/references.ts';
import { checkIntervalsHold } from './checks/time-intervals.ts';
import { compileDocument } from './compile-document.ts';
import type { Policy } from './policy.ts';
import { type Finding, type PolicyProblem, placeFindings, sortProblems } from './problem.ts';
import { readYaml } from './read-yaml.ts';

export interface PolicyFile {
  /** Such as `local`, `dev`, `prod`. */
  readonly environment: string;
  /** Named by every problem, as the reader would type it: `config/prod.yaml`. */
  readonly fileName: string;
}

export type PolicyReading =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly PolicyProblem[] }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** The hash that every page and non-page names: first 12 hex digits of the SHA-256 of the file. */
export const hashPolicyText = (text: string): string => sha256Hex(text).slice(0, 12);

const ownNames = <Entry>(map: Readonly<Record<string, Entry>>): Readonly<Record<string, Entry>> =>
  Object.assign(Object.create(null), map);

/** For the checks: a name that only every object has, such as `constructor`, is none that the file defines. */
const withOwnNames = (policy: Policy): Policy => ({
  ...policy,
  people: ownNames(policy.people),
  teams: ownNames(policy.teams),
  schedules: ownNames(policy.schedules),
  services: ownNames(policy.services),
  escalationPolicies: ownNames(policy.escalationPolicies),
  timeIntervals: ownNames(policy.timeIntervals),
});

/**
 * Reads, checks and compiles the text of a policy file: the one way from YAML to `Policy`. Pure; every problem that can be
 * found is told at once, in file order. Warnings do not stop a policy; `check --strict` turns them into problems.
 */
export function parsePolicy(text: string, { environment, fileName }: PolicyFile): PolicyReading {
  const yaml = readYaml(text);
  if (!yaml.ok) {
    const problems = yaml.problems.map((problem) => ({ file: fileName, path: '', ...problem }));
    return { ok: false, problems: sortProblems(problems) };
  }
  const findings = [checkReferences, checkReservedNames, checkRepeatedNames].flatMap((check) => check(yaml.value));
  const shape = checkShape(yaml.value);
  let policy: Policy | null = null;
  if (shape.ok) {
    const compiled = compileDocument(shape.document, hashPolicyText(text), environment);
    const judged = withOwnNames(compiled);
    findings.push(...checkIntervalsHold(shape.document), ...checks.flatMap((check) => check(judged, shape.document)));
    policy = compiled;
  } else {
    findings.push(...shape.findings);
  }
  const problemsOf = (level: Finding['level']): PolicyProblem[] =>
    placeFindings(
      findings.filter((finding) => finding.level === level),
      fileName,
      yaml.locate,
    );
  const problems = problemsOf('error');
  if (policy === null || problems.length > 0) return { ok: false, problems };
  return { ok: true, policy, warnings: problemsOf('warning') };
}
