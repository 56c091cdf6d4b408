import type { Policy, RouteNode } from '../config/policy.ts';
import type { EscalationChoice } from './escalation-choice.ts';
import type { StepTarget } from './escalation-policy.ts';
import { everyoneOf } from './everyone.ts';

/**
 * The schedules that somebody relies on: those that a step names, itself or by a role of a team, of an escalation policy that an
 * incident can get.
 */
export function usedSchedules(policy: Policy): ReadonlySet<string> {
  const policies = [...chosenPolicies(policy)].flatMap((name) => policy.escalationPolicies[name] ?? []);
  const targets = policies.flatMap(({ steps }) => steps.flatMap((step) => step.targets));
  const names = targets.flatMap((target) => schedulesOf(target, policy));
  return new Set(names.filter((name) => policy.schedules[name] !== undefined));
}

/** Names of the escalation policies that a severity, a service or a route chooses. */
function chosenPolicies({ severities, services, route }: Policy): ReadonlySet<string> {
  const choices: readonly (EscalationChoice | null)[] = [
    ...Object.values(severities).map((row) => row.escalationPolicy),
    ...Object.values(services).map((service) => service.escalationPolicy ?? null),
    ...routeChoices(route),
  ];
  return new Set(choices.flatMap((choice) => (choice === null ? [] : namesOf(choice))));
}

const routeChoices = ({ escalationPolicy, routes }: RouteNode): readonly (EscalationChoice | null)[] => [
  escalationPolicy,
  ...routes.flatMap(routeChoices),
];

const namesOf = (choice: EscalationChoice): readonly string[] =>
  typeof choice === 'string' ? [choice] : choice.map(({ policy }) => policy);

/** Names of schedules that a target may mean; of an owner, those of every team. */
export function schedulesOf(target: StepTarget, { teams }: Pick<Policy, 'teams'>): readonly string[] {
  if (target.kind === 'schedule') return [target.schedule];
  if (target.kind !== 'team' && target.kind !== 'owner') return [];
  const { role } = target;
  const named = target.kind === 'team' ? [teams[target.team]] : Object.values(teams);
  return named.flatMap((team) =>
    team === undefined ? [] : role === 'everyone' ? everyoneOf(team) : (team.roles[role] ?? []),
  );
}

/** The team that answers for a schedule: the first that has it as a role; null: none has. */
export const teamOfSchedule = ({ teams }: Pick<Policy, 'teams'>, schedule: string): string | null =>
  Object.values(teams).find(({ roles }) => Object.values(roles).includes(schedule))?.name ?? null;
