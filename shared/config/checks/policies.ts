import { mostSteps, type WrittenPolicy } from '../flatten-policies.ts';
import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import { policiesNamedBy, writtenPolicies } from './written-policies.ts';

/** The way by which a policy leads back to itself, the shortest one; null: it does not. */
function findCycle(start: WrittenPolicy, policies: ReadonlyMap<string, WrittenPolicy>): readonly string[] | null {
  const ways: (readonly string[])[] = [[start.name]];
  const seen = new Set<string>();
  for (const way of ways) {
    const last = policies.get(way.at(-1) ?? '');
    for (const { name } of last ? policiesNamedBy(last) : []) {
      if (name === start.name) return [...way, name];
      if (!seen.has(name)) ways.push([...way, name]);
      seen.add(name);
    }
  }
  return null;
}

/** Policies that lead back to themselves have no end. Each cycle is told once, at its first policy in the file. */
export function checkPolicyCycles(_: Policy, document: PolicyDocument): Finding[] {
  const policies = new Map(writtenPolicies(document).map((policy) => [policy.name, policy]));
  const told = new Set<string>();
  return [...policies.values()].flatMap((policy): Finding[] => {
    const cycle = findCycle(policy, policies);
    if (cycle === null || told.has(policy.name)) return [];
    for (const name of cycle) told.add(name);
    const next = policiesNamedBy(policy).find(({ name }) => name === cycle[1]);
    const message =
      cycle.length === 2
        ? `escalation policy ${policy.name} names itself`
        : `escalation policies lead back to themselves: ${cycle.join(' -> ')}`;
    const fix = 'Remove one of these targets; repeatEvery: with repeat: all steps begins again from the first step.';
    return [{ level: 'error', at: ['escalationPolicies', policy.name, ...(next?.at ?? [])], message, fix }];
  });
}

/** An incident carries all steps of its policy. */
export const checkFlattenedSize = (policy: Policy, document: PolicyDocument): Finding[] =>
  writtenPolicies(document)
    .filter(({ name }) => (policy.escalationPolicies[name]?.steps.length ?? 0) > mostSteps)
    .map(({ name }) => ({
      level: 'error',
      at: ['escalationPolicies', name],
      onKey: true,
      message: `escalation policy ${name} has more than ${mostSteps} steps with those of the policies that it names`,
      fix: 'Remove steps, or give steps of both the same delays.',
    }));
