import type { EscalationPolicy, StepTarget, TeamRole } from '../../escalation/escalation-policy.ts';
import type { Severity } from '../../incident/severity.ts';
import type { Policy, RouteNode, Team } from '../policy.ts';
import type { PolicyPath } from '../problem.ts';
import { mayHave, type PlacedRoute, placeRoutes, possibleValues } from './route-walk.ts';

/** One kind of incident that the routes can yield. More may be listed than can really happen, never fewer. */
export interface PossibleIncident {
  readonly at: PolicyPath;
  readonly route: RouteNode;
  readonly severity: Severity;
  /** Null: nobody owns it. */
  readonly owner: Team | null;
  readonly escalationPolicy: EscalationPolicy;
}

/** What a label rule can answer: the entries that the matchers allow, and `otherwise` unless they allow nothing else. */
function answersOf<T>(label: string, map: Readonly<Record<string, T>>, otherwise: T, route: PlacedRoute): T[] {
  const matchers = [...route.certain, ...route.node.matchers];
  const values = possibleValues(label, matchers);
  if (values !== null)
    return values.map((value) => (Object.hasOwn(map, value) ? (map[value] ?? otherwise) : otherwise));
  const mapped = Object.entries(map).filter(([value]) => mayHave(label, value, matchers));
  return [...mapped.map(([, answer]) => answer), otherwise];
}

function severitiesOf(route: PlacedRoute): Severity[] {
  const rule = route.node.severity;
  if (rule.kind === 'fixed') return [rule.value];
  return [...new Set(answersOf(rule.label, rule.map, rule.otherwise, route))];
}

/** Team names, or null for none; names that the file does not define are the business of another check. */
function ownersOf(route: PlacedRoute, policy: Policy): (string | null)[] {
  const rule = route.node.service;
  const ownerOf = (service: string | null) =>
    (service === null ? undefined : policy.services[service]?.owner) ?? route.node.owner;
  if (rule === null) return [route.node.owner];
  if (rule.kind === 'fixed') return [ownerOf(rule.value)];
  const owners = Object.fromEntries(Object.entries(policy.services).map(([name, { owner }]) => [name, owner]));
  return [...new Set(answersOf(rule.label, owners, ownerOf(rule.otherwise), route))];
}

/** Everything that the routes of the file can yield, one entry per route, severity and owner. */
export function listPossibleIncidents(policy: Policy): PossibleIncident[] {
  return placeRoutes(policy.route).flatMap((route) =>
    severitiesOf(route).flatMap((severity) => {
      const choice = route.node.escalationPolicy ?? policy.severities[severity].escalationPolicy;
      const names = typeof choice === 'string' ? [choice] : choice.map((entry) => entry.policy);
      return names.flatMap((name) => {
        const escalationPolicy = policy.escalationPolicies[name];
        if (!escalationPolicy) return [];
        return ownersOf(route, policy).flatMap((team): PossibleIncident[] => {
          const owner = team === null ? null : policy.teams[team];
          return owner === undefined ? [] : [{ at: route.at, route: route.node, severity, owner, escalationPolicy }];
        });
      });
    }),
  );
}

/** The people behind a role of a team. */
export const peopleOf = (team: Team, role: TeamRole | 'everyone'): string[] =>
  (role === 'everyone' ? [...Object.values(team.roles), ...team.members] : [team.roles[role]]).filter(
    (name) => name !== null,
  );

/** Whether a step's target interrupts anybody when this incident's turn comes. */
export function pagesSomebody(target: StepTarget, { owner, route }: PossibleIncident, policy: Policy): boolean {
  switch (target.kind) {
    case 'person':
    case 'schedule':
    case 'pagerduty':
    case 'sns':
      return true;
    case 'team': {
      const team = policy.teams[target.team];
      return team !== undefined && peopleOf(team, target.role).length > 0;
    }
    case 'owner':
      return owner !== null && peopleOf(owner, target.role).length > 0;
    case 'owner pagerduty':
      return owner !== null && owner.pagerduty !== null;
    case 'slack channel':
      return target.mention !== null;
    case 'owner channel':
      return target.mention !== null && (route.slackChannel ?? owner?.slackChannel ?? null) !== null;
  }
}
