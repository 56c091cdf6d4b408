import type { Policy } from '../config/policy.ts';
import type { EscalationStep, StepTarget } from '../escalation/escalation-policy.ts';
import { everyoneOf } from '../escalation/everyone.ts';
import type { Incident } from '../incident/incident.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { type Shift, shiftsBetween } from '../on-call/on-call.ts';
import type { Override } from '../on-call/override.ts';
import type { Schedule } from '../on-call/schedule.ts';
import type { NotTold, PredictedMoment, PredictedStep } from './prediction.ts';

interface Around {
  readonly policy: Policy;
  readonly overrides: readonly Override[];
}

/** How far ahead a person's next shift is looked for. */
const lookAheadSeconds = 35 * 86_400;

/**
 * Everybody whom the schedules and teams of the steps know and who gets no page from now on, with the reason: paged already,
 * skipped, or not on call when the step runs.
 */
export function listNotTold(
  { at, incident }: { readonly at: Instant; readonly incident: Incident },
  moments: readonly PredictedMoment[],
  around: Around,
): readonly NotTold[] {
  const steps = moments.filter((moment) => moment.kind === 'step');
  const paged = new Set(steps.flatMap(({ pages }) => pages.map(({ who }) => who)));
  const targets = incident.pinned.escalation.steps.flatMap((step) => step.targets);
  const until = addSeconds(at, lookAheadSeconds);
  const rosters = schedulesOf(targets, around.policy).map((schedule) => ({
    name: schedule.name,
    members: membersOf(schedule),
    shifts: shiftsBetween(schedule, around.overrides, at, until),
  }));
  const course = { steps, rosters, planned: incident.pinned.escalation.steps, teams: around.policy.teams, incident };
  const people = targets.flatMap((target) => peopleOf(target, around.policy));
  return [...new Set([...rosters.flatMap(({ members }) => members), ...people])]
    .filter((person) => !paged.has(person))
    .sort()
    .map((person) => ({ person, because: reasonFor(person, course) }));
}

interface Course {
  /** What ran. */
  readonly steps: readonly PredictedStep[];
  readonly rosters: readonly Roster[];
  /** What may run. */
  readonly planned: readonly EscalationStep[];
  readonly teams: Policy['teams'];
  readonly incident: Pick<Incident, 'pagedPeople'>;
}

/** A schedule as it is from the question on. */
interface Roster {
  readonly name: string;
  readonly members: readonly string[];
  readonly shifts: readonly Shift[];
}

function reasonFor(person: string, { steps, rosters, planned, teams, incident }: Course): string {
  const skips = steps.flatMap(({ step, skipped }) => skipped.map((each) => ({ step, ...each })));
  const skip = skips.find(({ who }) => who === person || who.startsWith(`${person} (`));
  if (skip !== undefined) return `${skip.reason}, at step ${skip.step}`;
  const before = incident.pagedPeople?.find((each) => each.person === person);
  if (before !== undefined) return `was paged at ${before.at}`;
  const later = planned.findIndex(({ targets }) => targets.some((target) => names(target, person, teams)));
  if (later >= 0) return `step ${later + 1} would page them, and does not run in this time`;
  const own = rosters.filter(({ members }) => members.includes(person));
  return own.length === 0
    ? 'no step pages them in their role'
    : own.map((roster) => offCall(person, roster)).join('; ');
}

/** The person by name, not through a schedule. */
function names(target: StepTarget, person: string, teams: Policy['teams']): boolean {
  if (target.kind === 'person') return target.person === person;
  if (target.kind !== 'team') return false;
  const team = teams[target.team];
  if (team === undefined) return false;
  return target.role === 'everyone' ? everyoneOf(team).includes(person) : team.roles[target.role] === person;
}

/** Why somebody of a schedule is not the one. */
function offCall(person: string, { name, shifts }: Roster): string {
  const now = shifts[0]?.onCall ?? null;
  if (now?.person === person) return `on call of ${name}, but no step asks for it in time`;
  const next = shifts.find(({ onCall }) => onCall?.person === person);
  const until = next === undefined ? `in the next ${lookAheadSeconds / 86_400} days` : `until ${next.startsAt}`;
  if (now?.by.kind === 'override' && now.by.replaced === person) {
    return `${now.person} covers for them on ${name} ${until}, by an override of ${now.by.madeBy}`;
  }
  return `not on call of ${name} ${until}`;
}

const membersOf = ({ layers }: Schedule): readonly string[] => [...new Set(layers.flatMap(({ members }) => members))];

/** The schedules that the steps mean, by themselves or through a role of a team. */
function schedulesOf(targets: readonly StepTarget[], { schedules, teams }: Policy): readonly Schedule[] {
  const names = targets.flatMap((target) => {
    if (target.kind === 'schedule') return [target.schedule];
    return target.kind === 'team' ? Object.values(teams[target.team]?.roles ?? {}) : [];
  });
  return [...new Set(names)].flatMap((name) => (name === null ? [] : (schedules[name] ?? [])));
}

/** Those whom a target may mean, and their colleagues. */
function peopleOf(target: StepTarget, { teams, people }: Policy): readonly string[] {
  if (target.kind === 'person') return [target.person];
  if (target.kind !== 'team') return [];
  const { members = [], roles } = teams[target.team] ?? {};
  const named = [...members, ...Object.values(roles ?? {})].filter((name) => name !== null);
  return named.filter((name) => Object.hasOwn(people, name));
}
