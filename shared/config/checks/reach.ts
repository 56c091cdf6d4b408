import type { TeamRole } from '../../escalation/escalation-policy.ts';
import { everyoneOf } from '../../escalation/everyone.ts';
import type { Severity } from '../../incident/severity.ts';
import type { Policy, Team } from '../policy.ts';
import { isAlways } from './time-intervals.ts';

/** The names behind a role of a team: people, or schedules. */
export function peopleOf(team: Team, role: TeamRole | 'everyone'): readonly string[] {
  if (role === 'everyone') return everyoneOf(team);
  const name = team.roles[role];
  return name === null ? [] : [name];
}

/** The people whom a name can ever mean: everybody of a schedule, else the person. */
export const peopleBehind = (name: string, policy: Policy): readonly string[] => {
  const schedule = Object.hasOwn(policy.schedules, name) ? policy.schedules[name] : undefined;
  return schedule === undefined ? [name] : [...new Set(schedule.layers.flatMap(({ members }) => members))];
};

/** A person who is quiet at every time is never paged. That everybody has an address is another check's business. */
function canBePaged(name: string, severity: Severity, policy: Policy): boolean {
  const quiet = policy.people[name]?.quiet;
  if (quiet === undefined || severity === 'SEV1' || !quiet.severities.includes(severity)) return true;
  return !quiet.during.some((interval) => (policy.timeIntervals[interval] ?? []).some(isAlways));
}

/** Whether one of these names, of people or schedules, can ever be paged for a severity. */
export const anyCanBePaged = (names: readonly string[], severity: Severity, policy: Policy): boolean =>
  names.some((name) => peopleBehind(name, policy).some((person) => canBePaged(person, severity, policy)));

/** How many pages one step owes at most for a name: each contact method is one, and a schedule has one person at a time. */
export const pagesFor = (name: string, severity: Severity, policy: Policy): number =>
  Math.max(...peopleBehind(name, policy).map((person) => policy.people[person]?.contact?.[severity]?.length ?? 1));
