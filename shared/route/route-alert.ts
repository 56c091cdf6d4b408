import { type Labels, labelValue } from '../alert/labels.ts';
import { formatMatcher } from '../alert/matcher.ts';
import type { FromLabel, Policy, RouteNode, ServiceRule } from '../config/policy.ts';
import { escalationChoiceFor } from '../escalation/pin-policy.ts';
import { isWorse } from '../incident/severity.ts';
import { type CompiledRoute, compileRoutes, matchRoutes } from './match-routes.ts';
import type { RoutedAlert } from './route.ts';

/** The alert group that brought the alert: the default incident key. */
export interface RouteGroup {
  readonly source: string;
  readonly receiver: string;
  /** Null: it was posted to us, and the node that takes it groups it by its `groupBy`. */
  readonly groupKey: string | null;
}

/** A routed alert with the node that took it, for those who must say why. */
export interface RouteDecision {
  readonly routed: RoutedAlert;
  readonly taken: CompiledRoute;
}

function readFromLabel<T extends string>(rule: FromLabel<T>, labels: Labels): T {
  if (rule.kind === 'fixed') return rule.value;
  const value = labelValue(labels, rule.label);
  // Own properties only: a label's value may be `constructor`.
  return (Object.hasOwn(rule.map, value) ? rule.map[value] : undefined) ?? rule.otherwise;
}

function readService(rule: ServiceRule | null, labels: Labels, policy: Policy): string | null {
  if (rule === null) return null;
  if (rule.kind === 'fixed') return rule.value;
  const named = labelValue(labels, rule.label);
  return Object.hasOwn(policy.services, named) ? named : rule.otherwise;
}

/** Keeps parts apart that could hold the separators themselves: two different label sets never give the same key. */
const escapePart = (text: string): string => text.replace(/[\\:,=]/g, '\\$&');

/** As Alertmanager's group keys, of those grouping labels that the alert has; the path, because two nodes are two groups. */
function groupKeyOf(node: RouteNode, labels: Labels): string {
  const all = node.groupBy.includes('...');
  const names = Object.keys(labels).filter((name) => all || node.groupBy.includes(name));
  const pairs = names.sort().map((name) => formatMatcher({ name, operator: '=', value: labelValue(labels, name) }));
  return `${node.path}:{${pairs.join(', ')}}`;
}

/** Readable, and equal exactly when the alerts belong to one incident: the alert group, or the chosen labels' values. */
function incidentKeyOf(node: RouteNode, labels: Labels, group: RouteGroup): string {
  const [first] = node.incidentKey;
  if (node.incidentKey.length === 1 && first === 'group') {
    const receiver = group.groupKey === null ? node.receiver : group.receiver;
    return `group:${escapePart(group.source)}:${escapePart(receiver)}:${group.groupKey ?? groupKeyOf(node, labels)}`;
  }
  const values = node.incidentKey.map((name) => `${escapePart(name)}=${escapePart(labelValue(labels, name))}`);
  return `labels:${node.path}:${values.join(',')}`;
}

function slackChannelOf(node: RouteNode, owner: string | null, policy: Policy): string | null {
  const channel = node.slackChannel ?? (owner === null ? null : (policy.teams[owner]?.slackChannel ?? null));
  return channel === null ? null : (policy.slackChannels[channel] ?? null);
}

function applyNode(taken: CompiledRoute, labels: Labels, group: RouteGroup, policy: Policy): RoutedAlert {
  const { node } = taken;
  const severity = readFromLabel(node.severity, labels);
  const service = readService(node.service, labels, policy);
  const owner = (service === null ? null : policy.services[service]?.owner) ?? node.owner;
  return {
    routePath: node.path,
    severity,
    service,
    owner,
    escalationPolicy: escalationChoiceFor(policy, { route: node, service, severity }),
    incidentKey: incidentKeyOf(node, labels, group),
    ...(node.cooldownSeconds === undefined ? {} : { cooldownSeconds: node.cooldownSeconds }),
    slackChannelId: slackChannelOf(node, owner, policy),
    unrouted: node === policy.route && node.routes.length > 0,
    ...(group.groupKey === null && {
      grouping: { waitSeconds: node.groupWaitSeconds, intervalSeconds: node.groupIntervalSeconds },
    }),
  };
}

/** Two nodes with one incident key are one incident: the most severe decides it, the first of equals. */
function mergeEqualKeys(decisions: readonly RouteDecision[]): readonly RouteDecision[] {
  const byKey = new Map<string, RouteDecision>();
  for (const decision of decisions) {
    const { incidentKey, severity } = decision.routed;
    const earlier = byKey.get(incidentKey);
    if (earlier === undefined || isWorse(severity, earlier.routed.severity)) byKey.set(incidentKey, decision);
  }
  return [...byKey.values()];
}

/** What the nodes that take an alert say of it. */
export const decideTaken = (
  policy: Policy,
  labels: Labels,
  group: RouteGroup,
  taken: readonly CompiledRoute[],
): readonly RouteDecision[] =>
  mergeEqualKeys(taken.map((route) => ({ routed: applyNode(route, labels, group, policy), taken: route })));

/** `routeAlert`, with the nodes that decided. */
export const decideRoutes = (policy: Policy, labels: Labels, group: RouteGroup): readonly RouteDecision[] =>
  decideTaken(policy, labels, group, matchRoutes(compileRoutes(policy.route), labels));

/**
 * Where an alert belongs: one entry for each incident that it makes or joins, never none, in the order of the tree.
 * Severity, service and owner come from the node's rules, the owner from the service where one is known.
 */
export const routeAlert = (policy: Policy, labels: Labels, group: RouteGroup): readonly RoutedAlert[] =>
  decideRoutes(policy, labels, group).map(({ routed }) => routed);
