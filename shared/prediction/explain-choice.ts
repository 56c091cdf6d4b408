import type { Policy } from '../config/policy.ts';
import { entryThatHolds } from '../escalation/escalation-choice.ts';
import { escalationChoiceFor, findRoute } from '../escalation/pin-policy.ts';
import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';

/** What an incident was pinned by. */
export interface ChoiceQuestion {
  readonly routePath: string;
  readonly service: string | null;
  readonly severity: Severity;
  readonly at: Instant;
}

/** Why an incident gets its escalation policy: who names it, and by which entry of a list. */
export function explainChoice(policy: Policy, question: ChoiceQuestion): string {
  const { service, severity, at } = question;
  const route = findRoute(policy.route, question.routePath);
  const choice = escalationChoiceFor(policy, { route, service, severity });
  const named = namedBy(policy, question, route?.escalationPolicy !== null && route !== null);
  if (typeof choice === 'string') return named;
  const entry = entryThatHolds(policy, { choice, severity, now: at });
  if (entry === null) return `severity ${severity}, because no entry of ${named} holds`;
  const severities = entry.severities.length === 0 ? 'every severity' : entry.severities.join(', ');
  const during = entry.during === null ? 'at any time' : `during ${entry.during}`;
  return `${named}, entry ${choice.indexOf(entry) + 1}: ${severities}, ${during}`;
}

function namedBy(policy: Policy, { routePath, service, severity }: ChoiceQuestion, byRoute: boolean): string {
  if (byRoute) return `route ${routePath}`;
  const byService = service !== null && policy.services[service]?.escalationPolicy !== undefined;
  return byService ? `service ${service}` : `severity ${severity}`;
}
