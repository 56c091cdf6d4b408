import type { Person, Policy } from '../config/policy.ts';
import type { Incident } from '../incident/incident.ts';
import { isWorse } from '../incident/severity.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';

/** What of an incident decides a cooldown. */
export type CooldownState = Pick<Incident, 'severity' | 'escalation' | 'pagedPeople'>;

/**
 * Until when is a person spared, because the alerts of this re-opened incident were told before? Null: the person is paged. Counts
 * only while the generation began because they fired again, and not for SEV1 or when it is worse than it was when the person was
 * paged.
 */
export function cooldownUntil(person: Person, incident: CooldownState, now: Instant): Instant | null {
  const { severity, escalation, pagedPeople = [] } = incident;
  if (person.cooldownSeconds === undefined || severity === 'SEV1' || escalation.toldBefore !== true) return null;
  const paged = pagedPeople.find((each) => each.person === person.name);
  if (paged === undefined || isWorse(severity, paged.severity)) return null;
  const until = addSeconds(paged.at, person.cooldownSeconds);
  return now < until ? until : null;
}

/** The longest cooldown, in seconds, of those whom an incident has paged: so long it can be re-opened, or it would spare nobody. */
export function longestCooldown(
  { severity, pagedPeople = [] }: Pick<Incident, 'severity' | 'pagedPeople'>,
  { people }: Pick<Policy, 'people'>,
): number {
  if (severity === 'SEV1') return 0;
  return Math.max(0, ...pagedPeople.map(({ person }) => people[person]?.cooldownSeconds ?? 0));
}
