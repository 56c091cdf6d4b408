import type { Policy, SeverityRow } from '#shared/config/policy.ts';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import type { Severity } from '#shared/incident/severity.ts';
import type { Span } from './clock-table.ts';
import { isInNight } from './policies.ts';

/** What an incident keeps of the policy file of its hour, worked out anew from the file's own words. */

export interface Pins {
  readonly row: SeverityRow;
  readonly steps: readonly { readonly after: number; readonly targets: readonly StepTarget[] }[];
  readonly repeatEvery: number | null;
  readonly repeatsAll: boolean;
  /** Of the route, in seconds; 0 for SEV1. */
  readonly routeCooldown: number;
  readonly hash: string;
  readonly name: string;
}

/** Every incident of the model comes by the root route, for the service checkout, owned by the team payments. */
export function referencePins(policy: Policy, severity: Severity, at: number, span: Span): Pins {
  const row = policy.severities[severity];
  const name = chosen(policy, severity, at, span);
  const escalation = policy.escalationPolicies[name];
  if (!escalation) throw new Error(`the model has no policy ${name}`);
  return {
    row,
    steps: escalation.steps.flatMap(({ afterSeconds: after, targets }) => {
      const named = targets.map(nameOwner);
      if (row.pages !== 'working hours') return [{ after, targets: named }];
      const parts = [named.filter((target) => !wakes(target)), named.filter(wakes)];
      return parts.filter((part) => part.length > 0).map((part) => ({ after, targets: part }));
    }),
    repeatEvery: escalation.repeatEverySeconds,
    repeatsAll: escalation.repeats === 'all steps',
    routeCooldown: severity === 'SEV1' ? 0 : (policy.route.cooldownSeconds ?? 0),
    hash: policy.hash,
    name,
  };
}

/** The route says it, or else the service, or else the severity; of a list the first entry that holds. */
function chosen(policy: Policy, severity: Severity, at: number, span: Span): string {
  const own = policy.severities[severity].escalationPolicy;
  const choice = policy.route.escalationPolicy ?? policy.services.checkout?.escalationPolicy ?? own;
  if (typeof choice === 'string') return choice;
  for (const entry of choice) {
    const isSeverity = entry.severities.length === 0 || entry.severities.includes(severity);
    if (isSeverity && (entry.during === null || isInNight(at, span))) return entry.policy;
  }
  return own;
}

/** A channel that is not mentioned wakes nobody. */
export const wakes = (target: StepTarget): boolean => !('mention' in target) || target.mention !== null;

function nameOwner(target: StepTarget): StepTarget {
  if (target.kind === 'owner') return { kind: 'team', team: 'payments', role: target.role };
  if (target.kind === 'owner channel') return { kind: 'slack channel', channel: 'payments', mention: target.mention };
  if (target.kind === 'owner pagerduty') return { kind: 'pagerduty', service: 'web' };
  return target;
}
