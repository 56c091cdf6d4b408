import { formatMatcher, type Matcher } from '../../alert/matcher.ts';
import type { InhibitRule } from '../../route/inhibit-rule.ts';
import { validateSilence } from '../../silence/validate-silence.ts';
import type { Policy } from '../policy.ts';
import type { Finding, PolicyPath } from '../problem.ts';
import { findContradiction } from './route-walk.ts';

const textOf = (matchers: readonly Matcher[]): string => matchers.map(formatMatcher).sort().join(',');

/** The same question as for a silence: does every condition hold for an alert without any label? */
function takesEverything(matchers: readonly Matcher[]): boolean {
  const [startsAt, endsAt] = ['2000-01-01T00:00:00.000Z', '2000-01-02T00:00:00.000Z'];
  const check = validateSilence({ matchers, startsAt, endsAt, createdBy: '', comment: '' }, startsAt);
  return !check.ok && (check.reason === 'matches everything' || check.reason === 'no matchers');
}

function problemOf({ name, sourceMatchers, targetMatchers }: InhibitRule): Pick<Finding, 'message' | 'fix'> | null {
  for (const [side, matchers] of [
    ['source', sourceMatchers],
    ['target', targetMatchers],
  ] as const) {
    const clash = findContradiction(matchers, []);
    if (!clash) continue;
    return {
      message: `inhibition rule ${name} never suppresses anything: ${formatMatcher(clash[0])} contradicts ${formatMatcher(clash[1])}`,
      fix: `Change one of the two ${side} matchers.`,
    };
  }
  if (textOf(sourceMatchers) === textOf(targetMatchers)) {
    return {
      message: `inhibition rule ${name} never suppresses anything: an alert that both sides match is not suppressed by another such`,
      fix: 'Make the two sides different, such as severity="critical" and severity="warning".',
    };
  }
  if (!takesEverything(targetMatchers)) return null;
  return {
    message: `inhibition rule ${name} suppresses every alert while its source fires`,
    fix: 'Say in target_matchers which alerts are suppressed.',
  };
}

/** Alertmanager takes such rules, so a pasted file is only warned about. */
export const checkInhibitRules = ({ inhibitRules }: Policy): Finding[] =>
  inhibitRules.flatMap((rule, index): Finding[] => {
    const problem = problemOf(rule);
    const at: PolicyPath = ['inhibit_rules', index];
    return problem === null ? [] : [{ level: 'warning', at, ...problem }];
  });
