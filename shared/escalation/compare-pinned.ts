import { formatDuration } from '../config/duration.ts';
import type { Policy } from '../config/policy.ts';
import type { Incident, PinnedPolicy } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';
import { describeStepTarget } from '../notification/next-page.ts';
import type { EscalationPolicy, EscalationStep } from './escalation-policy.ts';
import { pinToday } from './pin-policy.ts';

/** What an incident goes by, and what it would go by if it were pinned now. */
export interface PolicyComparison {
  /** Hashes of the policy files. */
  readonly pinnedHash: string;
  readonly todayHash: string;
  /** What would be pinned now. */
  readonly today: PinnedPolicy;
  /** In words, today's first; empty: the files may differ, and nothing in them that counts for this incident. */
  readonly differences: readonly string[];
}

/** How does the policy that an incident pinned differ from today's? Severity, owner and service stay the incident's. */
export function comparePinned(incident: Incident, policy: Policy, now: Instant): PolicyComparison {
  const { pinned } = incident;
  const today = pinToday(policy, incident, now, pinned);
  const differences = [...compareEscalations(pinned.escalation, today.escalation), ...compareRows(pinned, today)];
  return { pinnedHash: pinned.policyHash, todayHash: policy.hash, today, differences };
}

export const isMoved = ({ pinnedHash, todayHash, differences }: PolicyComparison): boolean =>
  pinnedHash !== todayHash || differences.length > 0;

function compareEscalations(pinned: EscalationPolicy, today: EscalationPolicy): readonly string[] {
  const longest = Math.max(pinned.steps.length, today.steps.length);
  return [
    ...differ('escalation policy', pinned.name, today.name),
    ...Array.from({ length: longest }, (_, index) =>
      compareSteps(index + 1, pinned.steps[index], today.steps[index]),
    ).flat(),
    ...differ('repeats', describeRepeat(pinned), describeRepeat(today)),
  ];
}

function compareSteps(
  step: number,
  pinned: EscalationStep | undefined,
  today: EscalationStep | undefined,
): readonly string[] {
  if (today === undefined) return pinned === undefined ? [] : [`no step ${step} any more (${describeStep(pinned)})`];
  if (pinned === undefined) return [`a step ${step}: ${describeStep(today)}`];
  return [
    ...differ(`step ${step} after`, formatDuration(pinned.afterSeconds), formatDuration(today.afterSeconds)),
    ...differ(`step ${step} tells`, describeTargets(pinned), describeTargets(today)),
  ];
}

const describeStep = (step: EscalationStep) => `after ${formatDuration(step.afterSeconds)} ${describeTargets(step)}`;
const describeTargets = ({ targets }: EscalationStep) =>
  targets.map((target) => describeStepTarget(target)).join(', ') || 'nobody';

const describeRepeat = ({ repeatEverySeconds, repeats = 'last step' }: EscalationPolicy): string =>
  repeatEverySeconds === null ? 'nothing' : `${repeats} every ${formatDuration(repeatEverySeconds)}`;

function compareRows(pinned: PinnedPolicy, today: PinnedPolicy): readonly string[] {
  const before = describeRow(pinned);
  return describeRow(today).flatMap(([label, text], index) => differ(label, before[index]?.[1] ?? '', text));
}

const describeRow = (row: PinnedPolicy): readonly (readonly [string, string])[] => [
  ['pages', row.pages],
  ['hand over a page within', formatDuration(row.pageDeadlineSeconds)],
  ['acknowledge within', formatDuration(row.acknowledgeWithinSeconds)],
  ['resolve within', orNever(row.resolveWithinSeconds)],
  ['for a missed deadline', row.missedDeadline ?? 'remind'],
  ['an update every', orNever(row.updateEverySeconds)],
  ['an acknowledgement expires after', orNever(row.acknowledgementExpiresSeconds)],
  ['closes after', orNever(row.closesAfterSeconds)],
  ['cooldown', orNever(row.cooldownSeconds)],
];

const orNever = (seconds: number | null | undefined): string => (seconds == null ? 'never' : formatDuration(seconds));

const differ = (label: string, pinned: string, today: string): readonly string[] =>
  pinned === today ? [] : [`${label} ${today} instead of ${pinned}`];
