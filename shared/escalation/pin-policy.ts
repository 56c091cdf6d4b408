import type { Policy, RouteNode, Team } from '../config/policy.ts';
import type { PinnedPolicy } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import { assert } from '../kernel/assert.ts';
import type { EscalationPolicy, EscalationStep, StepTarget } from './escalation-policy.ts';
import { interrupts } from './step-target.ts';

/** What decides the pins: a `RoutedAlert` is one. */
export interface PinInput {
  readonly severity: Severity;
  /** Team name, or null when nobody owns it. */
  readonly owner: string | null;
  readonly escalationPolicy: string;
  /** Of the route. Absent: none. */
  readonly cooldownSeconds?: number;
}

/**
 * Copies onto an incident what must not change under it: the severity's row and the escalation steps, owners replaced by
 * their team. Where working hours hold pages back, a step that also informs channels is pinned as two steps with one
 * delay, so that the channels hear at once and only the pages wait.
 * @throws InvariantError for an escalation policy that the compiled policy does not know
 */
export function pinPolicy(
  policy: Policy,
  { severity, owner, escalationPolicy, cooldownSeconds }: PinInput,
): PinnedPolicy {
  const row = policy.severities[severity];
  const escalation = policy.escalationPolicies[escalationPolicy];
  assert(escalation, `no such escalation policy: ${escalationPolicy}`);
  const team = owner === null ? undefined : policy.teams[owner];
  return {
    policyHash: policy.hash,
    escalation: pinEscalation(escalation, team, row.pages === 'working hours'),
    pages: row.pages,
    pageDeadlineSeconds: row.pageDeadlineSeconds,
    acknowledgeWithinSeconds: row.acknowledgeWithinSeconds,
    acknowledgementExpiresSeconds: row.acknowledgementExpiresSeconds,
    closesAfterSeconds: row.closesAfterSeconds,
    // What is a complete outage is told each time.
    ...(cooldownSeconds === undefined || severity === 'SEV1' ? {} : { cooldownSeconds }),
  };
}

/** The escalation policy of a severity on a route: the route's own when it names one, else the severity's. */
export function escalationPolicyFor(policy: Policy, routePath: string, severity: Severity): string {
  return findRoute(policy.route, routePath)?.escalationPolicy ?? policy.severities[severity].escalationPolicy;
}

/** What the route says today of pages for what was told already. */
export function cooldownFor(policy: Policy, routePath: string): { readonly cooldownSeconds?: number } {
  const seconds = findRoute(policy.route, routePath)?.cooldownSeconds;
  return seconds === undefined ? {} : { cooldownSeconds: seconds };
}

function findRoute(node: RouteNode, path: string): RouteNode | null {
  if (node.path === path) return node;
  for (const child of node.routes) {
    const found = findRoute(child, path);
    if (found) return found;
  }
  return null;
}

function pinEscalation(escalation: EscalationPolicy, owner: Team | undefined, split: boolean): EscalationPolicy {
  const steps = escalation.steps.map((step) => ({
    ...step,
    targets: step.targets.map((target) => replaceOwner(target, owner)),
  }));
  return { ...escalation, steps: split ? steps.flatMap(splitStep) : steps };
}

/** Informing first, then interrupting. */
function splitStep(step: EscalationStep): readonly EscalationStep[] {
  const informing = step.targets.filter((target) => !interrupts(target));
  const interrupting = step.targets.filter(interrupts);
  if (informing.length === 0 || interrupting.length === 0) return [step];
  return [
    { ...step, targets: informing },
    { ...step, targets: interrupting },
  ];
}

function replaceOwner(target: StepTarget, owner: Team | undefined): StepTarget {
  if (target.kind === 'owner' && owner) return { kind: 'team', team: owner.name, role: target.role };
  if (target.kind === 'owner channel' && owner?.slackChannel) {
    return { kind: 'slack channel', channel: owner.slackChannel, mention: target.mention };
  }
  if (target.kind === 'owner pagerduty' && owner?.pagerduty) return { kind: 'pagerduty', service: owner.pagerduty };
  return target;
}
