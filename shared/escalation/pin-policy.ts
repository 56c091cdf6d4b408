import type { Policy, RouteNode, Team } from '../config/policy.ts';
import type { Incident, PinnedPolicy } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { chooseEscalationPolicy, type EscalationChoice } from './escalation-choice.ts';
import type { EscalationPolicy, EscalationStep, StepTarget } from './escalation-policy.ts';
import { interrupts } from './step-target.ts';

/** What decides the pins: a `RoutedAlert` is one. */
export interface PinInput {
  readonly severity: Severity;
  /** Team name, or null when nobody owns it. */
  readonly owner: string | null;
  readonly escalationPolicy: EscalationChoice;
  /** Of the route. Absent: none. */
  readonly cooldownSeconds?: number;
  /** Whether steps that inform and page are pinned as two. Absent: where pages wait for working hours. */
  readonly splitsSteps?: boolean;
}

/**
 * Copies onto an incident what must not change under it: the severity's row and the escalation steps, owners replaced by
 * their team. Where working hours hold pages back, a step that also informs channels is pinned as two steps with one
 * delay, so that the channels hear at once and only the pages wait.
 * @throws InvariantError for an escalation policy that the compiled policy does not know
 */
export function pinPolicy(
  policy: Policy,
  { severity, owner, escalationPolicy, cooldownSeconds, splitsSteps }: PinInput,
  now: Instant,
): PinnedPolicy {
  const row = policy.severities[severity];
  const name = chooseEscalationPolicy(policy, { choice: escalationPolicy, severity, now });
  const escalation = policy.escalationPolicies[name];
  assert(escalation, `no such escalation policy: ${name}`);
  const team = owner === null ? undefined : policy.teams[owner];
  const waits = row.pages === 'working hours';
  return {
    policyHash: policy.hash,
    escalation: pinEscalation(escalation, team, splitsSteps ?? waits),
    ...(splitsSteps === undefined || splitsSteps === waits ? {} : { splitsSteps }),
    pages: row.pages,
    pageDeadlineSeconds: row.pageDeadlineSeconds,
    acknowledgeWithinSeconds: row.acknowledgeWithinSeconds,
    acknowledgementExpiresSeconds: row.acknowledgementExpiresSeconds,
    ...(row.resolveWithinSeconds == null ? {} : { resolveWithinSeconds: row.resolveWithinSeconds }),
    ...(row.missedDeadline === undefined ? {} : { missedDeadline: row.missedDeadline }),
    updateEverySeconds: row.updateEverySeconds,
    closesAfterSeconds: row.closesAfterSeconds,
    // What is a complete outage is told each time.
    ...(cooldownSeconds === undefined || severity === 'SEV1' ? {} : { cooldownSeconds }),
  };
}

/**
 * What an incident that there is already would pin now: what it belongs to stays.
 * @param pinned steps are split as they are in it, so that the number of those that ran means the same. Absent: as at opening
 */
export function pinToday(
  policy: Policy,
  { severity, owner, service, routePath }: Pick<Incident, 'severity' | 'owner' | 'service' | 'routePath'>,
  now: Instant,
  pinned?: PinnedPolicy,
): PinnedPolicy {
  const route = findRoute(policy.route, routePath);
  const escalationPolicy = escalationChoiceFor(policy, { route, service, severity });
  const split = pinned === undefined ? {} : { splitsSteps: pinned.splitsSteps ?? pinned.pages === 'working hours' };
  const cooldown = cooldownFor(policy, routePath);
  return pinPolicy(policy, { severity, owner, escalationPolicy, ...cooldown, ...split }, now);
}

/** Where an incident comes from, with its route as it is today; null: the route is gone. */
export interface ChoicePlace {
  readonly route: RouteNode | null;
  readonly service: string | null;
  readonly severity: Severity;
}

/** The route's own choice when it has one, else the service's, else the severity's. */
export function escalationChoiceFor(policy: Policy, { route, service, severity }: ChoicePlace): EscalationChoice {
  const ofService = service === null ? undefined : policy.services[service]?.escalationPolicy;
  return route?.escalationPolicy ?? ofService ?? policy.severities[severity].escalationPolicy;
}

/** What the route says today of pages for what was told already. */
export function cooldownFor(policy: Policy, routePath: string): { readonly cooldownSeconds?: number } {
  const seconds = findRoute(policy.route, routePath)?.cooldownSeconds;
  return seconds === undefined ? {} : { cooldownSeconds: seconds };
}

/** Null when the policy file has it no more. */
export function findRoute(node: RouteNode, path: string): RouteNode | null {
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
