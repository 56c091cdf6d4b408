import type { EscalationChoice } from '../../escalation/escalation-choice.ts';
import type { EscalationPolicy, StepTarget } from '../../escalation/escalation-policy.ts';
import type { Severity } from '../../incident/severity.ts';
import { exhaustive } from '../../kernel/assert.ts';
import type { Policy, RouteNode, Team } from '../policy.ts';
import type { PolicyPath } from '../problem.ts';
import { anyCanBePaged, peopleOf } from './reach.ts';
import { mayHave, type PlacedRoute, placeRoutes, possibleValues } from './route-walk.ts';
import { isAlways } from './time-intervals.ts';

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

/** Services that an alert of the route can be about; null: none. */
function servicesOf(route: PlacedRoute, policy: Policy): (string | null)[] {
  const rule = route.node.service;
  if (rule === null) return [null];
  if (rule.kind === 'fixed') return [rule.value];
  const names = Object.fromEntries(Object.keys(policy.services).map((name) => [name, name]));
  return [...new Set(answersOf<string | null>(rule.label, names, rule.otherwise, route))];
}

/** Whom an incident is for, and by which choice: all that a service changes. Names that nothing defines are left to another check. */
interface Answer {
  readonly owner: Team | null;
  readonly choice: EscalationChoice | null;
}

function answersFor(route: PlacedRoute, policy: Policy): Answer[] {
  const answers = servicesOf(route, policy).flatMap((name): Answer[] => {
    const service = name === null ? undefined : policy.services[name];
    const team = service?.owner ?? route.node.owner;
    const owner = team === null ? null : policy.teams[team];
    const choice = route.node.escalationPolicy ?? service?.escalationPolicy ?? null;
    return owner === undefined ? [] : [{ owner, choice }];
  });
  const keyOf = ({ owner, choice }: Answer) => `${owner?.name ?? ''} ${JSON.stringify(choice)}`;
  return [...new Map(answers.map((answer) => [keyOf(answer), answer])).values()];
}

/** Every policy that a choice can mean for a severity: entries up to the first that holds always, else the severity's own behind them. */
export function policiesOf(choice: EscalationChoice | null, severity: Severity, policy: Policy): string[] {
  const own = policy.severities[severity].escalationPolicy;
  if (choice === null) return [own];
  if (typeof choice === 'string') return [choice];
  const entries = choice.filter(({ severities }) => severities.length === 0 || severities.includes(severity));
  const last = entries.findIndex(
    ({ during }) => during === null || (policy.timeIntervals[during] ?? []).some(isAlways),
  );
  const names = entries.slice(0, last < 0 ? entries.length : last + 1).map((entry) => entry.policy);
  return [...new Set(last < 0 ? [...names, own] : names)];
}

function* incidentsOf(route: PlacedRoute, policy: Policy): Generator<PossibleIncident> {
  const answers = answersFor(route, policy);
  for (const severity of severitiesOf(route)) {
    for (const { owner, choice } of answers) {
      for (const name of policiesOf(choice, severity, policy)) {
        const escalationPolicy = policy.escalationPolicies[name];
        if (escalationPolicy) yield { at: route.at, route: route.node, severity, owner, escalationPolicy };
      }
    }
  }
}

/** All that the checks ask of an incident depends on. */
const kindOf = ({ severity, owner, escalationPolicy, route }: PossibleIncident): string =>
  `${severity} ${owner?.name ?? ''} ${escalationPolicy.name} ${route.slackChannel ?? ''}`;

/** Several checks ask the same of one compiled policy. Keyed by the policy itself. */
const listed = new WeakMap<Policy, readonly PossibleIncident[]>();

/**
 * Every kind of incident that the routes of the file can yield, each with the first route that does: 1,000 routes for 500 teams would
 * repeat each answer many times.
 */
export function listPossibleIncidents(policy: Policy): readonly PossibleIncident[] {
  const known = listed.get(policy);
  if (known) return known;
  const kinds = new Map<string, PossibleIncident>();
  for (const route of placeRoutes(policy.route)) {
    for (const incident of incidentsOf(route, policy)) {
      const kind = kindOf(incident);
      if (!kinds.has(kind)) kinds.set(kind, incident);
    }
  }
  const incidents = [...kinds.values()];
  listed.set(policy, incidents);
  return incidents;
}

/** Whether a step's target can interrupt anybody when this incident's turn comes. */
export function pagesSomebody(target: StepTarget, incident: PossibleIncident, policy: Policy): boolean {
  const { owner, route, severity } = incident;
  switch (target.kind) {
    case 'person':
      return anyCanBePaged([target.person], severity, policy);
    case 'schedule':
      return anyCanBePaged([target.schedule], severity, policy);
    case 'team': {
      const team = policy.teams[target.team];
      return team !== undefined && anyCanBePaged(peopleOf(team, target.role), severity, policy);
    }
    case 'owner':
      return owner !== null && anyCanBePaged(peopleOf(owner, target.role), severity, policy);
    case 'pagerduty':
    case 'sns':
      return true;
    case 'owner pagerduty':
      return owner !== null && owner.pagerduty !== null;
    case 'slack channel':
      return target.mention !== null;
    case 'owner channel':
      return target.mention !== null && (route.slackChannel ?? owner?.slackChannel ?? null) !== null;
    default:
      return exhaustive(target);
  }
}
