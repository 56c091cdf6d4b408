import { sha256Hex } from '../kernel/hash.ts';
import { checkShape } from './check-shape.ts';
import { checkRepeatedTargets, checkSeverityOrder, checkSeverityPages, checkStepOrder } from './checks/escalation.ts';
import { checkInhibitRules } from './checks/inhibition.ts';
import { checkRepeatedNames, checkReservedNames } from './checks/names.ts';
import { checkFilledRoles, checkIncidentChannels, checkPagesPerStep, checkSomebodyIsPaged } from './checks/paging.ts';
import { checkReachablePeople, checkRepeatedSlackIds, checkWorkingHours } from './checks/people.ts';
import { checkNobodyReceivers } from './checks/receivers.ts';
import { checkReferences } from './checks/references.ts';
import {
  checkCatchAll,
  checkIncidentKeys,
  checkReservedRoutes,
  checkRouteNames,
  checkUnreachableRoutes,
} from './checks/routes.ts';
import { checkHeartbeatSeverities, checkSnsTopics } from './checks/sources.ts';
import { checkIntervalsHold, checkMutedForEver } from './checks/time-intervals.ts';
import { checkOneOffWindows, checkWindowDates, checkWindowPauses, checkWindowSilences } from './checks/windows.ts';
import { compileDocument } from './compile-document.ts';
import type { Policy } from './policy.ts';
import { type Finding, formatPath, type PolicyProblem, sortProblems } from './problem.ts';
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

/** What no clock can change; each check asks one question of a policy whose shape is right. */
const checks: readonly ((policy: Policy) => Finding[])[] = [
  checkReachablePeople,
  checkRepeatedSlackIds,
  checkWorkingHours,
  checkStepOrder,
  checkRepeatedTargets,
  checkSeverityPages,
  checkSeverityOrder,
  checkCatchAll,
  checkRouteNames,
  checkReservedRoutes,
  checkIncidentKeys,
  checkUnreachableRoutes,
  checkSomebodyIsPaged,
  checkFilledRoles,
  checkPagesPerStep,
  checkIncidentChannels,
  checkNobodyReceivers,
  checkSnsTopics,
  checkMutedForEver,
  checkInhibitRules,
  checkWindowSilences,
  checkWindowDates,
  checkWindowPauses,
  checkOneOffWindows,
  checkHeartbeatSeverities,
];

/** The hash that every page and non-page names: first 12 hex digits of the SHA-256 of the file. */
export const hashPolicyText = (text: string): string => sha256Hex(text).slice(0, 12);

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
    findings.push(...checkIntervalsHold(shape.document), ...checks.flatMap((check) => check(compiled)));
    policy = compiled;
  } else {
    findings.push(...shape.findings);
  }
  const problemsOf = (level: Finding['level']): PolicyProblem[] =>
    sortProblems(
      findings
        .filter((finding) => finding.level === level)
        .map(({ at, onKey, message, fix }) => ({
          file: fileName,
          ...yaml.locate(at, onKey ?? false),
          path: formatPath(at),
          message,
          fix,
        })),
    );
  const problems = problemsOf('error');
  if (policy === null || problems.length > 0) return { ok: false, problems };
  return { ok: true, policy, warnings: problemsOf('warning') };
}
