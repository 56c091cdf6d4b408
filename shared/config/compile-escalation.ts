import type { StepTarget } from '../escalation/escalation-policy.ts';
import { severities } from '../incident/severity.ts';
import { assert } from '../kernel/assert.ts';
import { defaultEscalationPolicies, defaultSeverities } from './defaults.ts';
import { parseDuration } from './duration.ts';
import { flattenPolicies, type WrittenPolicy, type WrittenTarget } from './flatten-policies.ts';
import type { Policy, SeverityRow } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';

type EscalationPolicyDocument = NonNullable<PolicyDocument['escalationPolicies']>[string];
type TargetDocument = EscalationPolicyDocument['steps'][number]['targets'][number];

/** Seconds of a duration that the schema has already accepted. */
export function secondsOf(duration: string): number {
  const seconds = parseDuration(duration);
  assert(seconds !== null, `the schema let a wrong duration through: ${duration}`);
  return seconds;
}

export const secondsOr = (duration: string | undefined, otherwise: number): number =>
  duration === undefined ? otherwise : secondsOf(duration);

/** `never` is null; a value left out keeps its default. */
const secondsOrNever = (duration: string | undefined, otherwise: number | null): number | null =>
  duration === undefined ? otherwise : duration === 'never' ? null : secondsOf(duration);

function compileOwnerTarget(
  owner: NonNullable<TargetDocument['owner']>,
  mention: 'here' | 'channel' | null,
): StepTarget {
  switch (owner) {
    case 'channel':
      return { kind: 'owner channel', mention };
    case 'pagerduty':
      return { kind: 'owner pagerduty' };
    default:
      return { kind: 'owner', role: owner };
  }
}

function compileTarget(target: TargetDocument): WrittenTarget {
  const mention = target.mention ?? null;
  if (target.owner !== undefined) return compileOwnerTarget(target.owner, mention);
  if (target.team !== undefined) return { kind: 'team', team: target.team, role: target.role ?? 'onCall' };
  if (target.person !== undefined) return { kind: 'person', person: target.person };
  if (target.schedule !== undefined) return { kind: 'schedule', schedule: target.schedule };
  if (target.policy !== undefined) return { kind: 'policy', policy: target.policy };
  if (target.slackChannel !== undefined) return { kind: 'slack channel', channel: target.slackChannel, mention };
  if (target.pagerduty !== undefined) return { kind: 'pagerduty', service: target.pagerduty };
  assert(target.sns !== undefined, 'the schema let a target without a kind through');
  return { kind: 'sns', contact: target.sns };
}

const compileWrittenPolicy = (name: string, policy: EscalationPolicyDocument): WrittenPolicy => ({
  name,
  steps: policy.steps.map((step) => ({
    afterSeconds: secondsOf(step.after),
    targets: step.targets.map(compileTarget),
  })),
  ...(policy.repeatEvery === undefined ? {} : { repeatEverySeconds: secondsOrNever(policy.repeatEvery, null) }),
  ...(policy.repeat === undefined ? {} : { repeats: policy.repeat }),
});

/** The policies of the file as they are written, for the flattening and for the checks that look at what is written. */
export const compileWrittenPolicies = (document: PolicyDocument): Readonly<Record<string, WrittenPolicy>> =>
  Object.fromEntries(
    Object.entries(document.escalationPolicies ?? {}).map(([name, policy]) => [
      name,
      compileWrittenPolicy(name, policy),
    ]),
  );

/** The default policies, with those of the file added or in their place. */
export const compileEscalationPolicies = (document: PolicyDocument): Policy['escalationPolicies'] => ({
  ...defaultEscalationPolicies,
  ...flattenPolicies(compileWrittenPolicies(document), defaultEscalationPolicies),
});

function compileSeverityRow(
  row: NonNullable<NonNullable<PolicyDocument['severities']>['SEV1']>,
  base: SeverityRow,
): SeverityRow {
  const resolveWithinSeconds = secondsOrNever(row.resolveWithin, null);
  return {
    meaning: row.meaning ?? base.meaning,
    acknowledgeWithinSeconds: secondsOr(row.acknowledgeWithin, base.acknowledgeWithinSeconds),
    ...(resolveWithinSeconds === null ? {} : { resolveWithinSeconds }),
    ...(row.missedDeadline === undefined ? {} : { missedDeadline: row.missedDeadline }),
    updateEverySeconds: secondsOrNever(row.updateEvery, base.updateEverySeconds),
    pages: row.pages ?? base.pages,
    acknowledgementExpiresSeconds: secondsOrNever(row.acknowledgementExpiresAfter, base.acknowledgementExpiresSeconds),
    pageDeadlineSeconds: secondsOr(row.pageDeadline, base.pageDeadlineSeconds),
    escalationPolicy: row.escalationPolicy ?? base.escalationPolicy,
    closesAfterSeconds: secondsOrNever(row.closesAfter, base.closesAfterSeconds),
  };
}

/** All four severities; what the file leaves out keeps the default of DESIGN section 5. */
export function compileSeverities(document: PolicyDocument): Policy['severities'] {
  const rows = severities.map((severity) =>
    compileSeverityRow(document.severities?.[severity] ?? {}, defaultSeverities[severity]),
  );
  const [SEV1, SEV2, SEV3, SEV4] = rows;
  assert(SEV1 && SEV2 && SEV3 && SEV4, 'four severities');
  return { SEV1, SEV2, SEV3, SEV4 };
}
