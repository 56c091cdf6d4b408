import type { StepTarget } from '../../escalation/escalation-policy.ts';
import { interrupts, nameOf } from '../../escalation/step-target.ts';
import { defaultEscalationPolicies } from '../defaults.ts';
import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import { listPossibleIncidents, type PossibleIncident, pagesSomebody } from './outcomes.ts';
import { placeOfStep } from './written-policies.ts';

const isStepReached = (
  targets: readonly StepTarget[],
  incidents: readonly PossibleIncident[],
  policy: Policy,
): boolean => incidents.some((incident) => targets.some((target) => pagesSomebody(target, incident, policy)));

/**
 * A step that is there to interrupt somebody, and for no incident that uses its policy ever can. Where it works for one team
 * and not for another, that team's empty role is told; default steps that a team has no use for are nobody's slip.
 */
export function checkReachableSteps(policy: Policy, document: PolicyDocument): Finding[] {
  const incidents = listPossibleIncidents(policy).filter(
    ({ severity }) => policy.severities[severity].pages !== 'never',
  );
  return Object.values(policy.escalationPolicies)
    .filter((each) => defaultEscalationPolicies[each.name] !== each)
    .flatMap(({ name, steps }) => {
      const users = incidents.filter((incident) => incident.escalationPolicy.name === name);
      if (users.length === 0) return [];
      return steps.flatMap(({ targets }, index): Finding[] => {
        const interrupting = targets.filter(interrupts);
        if (interrupting.length === 0 || isStepReached(interrupting, users, policy)) return [];
        const severities = [...new Set(users.map(({ severity }) => severity))].sort().join(', ');
        const message = `nobody can be reached by step ${index + 1} of ${name}: ${interrupting.map(nameOf).join(', ')} never pages anybody for ${severities}`;
        const fix = 'Fill the role, name somebody else, or remove the step.';
        return [{ level: 'error', at: placeOfStep(document, name, index), message, fix }];
      });
    });
}
