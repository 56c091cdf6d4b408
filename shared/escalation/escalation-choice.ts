import type { Policy } from '../config/policy.ts';
import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import { isInAnyInterval } from '../route/in-time-interval.ts';

/** Which escalation policy an incident gets: a name, or by severity and time of day the first entry that holds. */
export type EscalationChoice = string | readonly EscalationChoiceEntry[];

export interface EscalationChoiceEntry {
  /** Empty: every severity. */
  readonly severities: readonly Severity[];
  /** Name of a time interval in which the incident opens (or rises); null: at any time. */
  readonly during: string | null;
  readonly policy: string;
}

/** What decides a choice. */
export interface ChoiceInput {
  readonly choice: EscalationChoice;
  readonly severity: Severity;
  readonly now: Instant;
}

/** The first entry of a list that holds now; null: none does, or the choice is a name. */
export function entryThatHolds(policy: Policy, { choice, severity, now }: ChoiceInput): EscalationChoiceEntry | null {
  if (typeof choice === 'string') return null;
  const holds = choice.find(
    ({ severities, during }) =>
      (severities.length === 0 || severities.includes(severity)) &&
      (during === null || isInAnyInterval(policy.timeIntervals[during] ?? [], now)),
  );
  return holds ?? null;
}

/** The name of the escalation policy: the first entry that holds now, else the severity's own. */
export const chooseEscalationPolicy = (policy: Policy, input: ChoiceInput): string =>
  typeof input.choice === 'string'
    ? input.choice
    : (entryThatHolds(policy, input)?.policy ?? policy.severities[input.severity].escalationPolicy);
