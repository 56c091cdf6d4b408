import type { Person, Team } from '../config/policy.ts';
import type { PageTarget } from '../notification/page.ts';
import type { EscalationStep, StepTarget } from './escalation-policy.ts';
import { everyoneOf } from './everyone.ts';
import type { Live } from './live-people.ts';
import { findOnCall, findPerson, type NamedPerson } from './on-call-person.ts';
import { interrupts, nameOf } from './step-target.ts';

/** A pinned target as it is at present. `named`: as the policy file names it, for people. */
export type ResolvedTarget =
  | { readonly kind: 'page'; readonly named: string; readonly target: PageTarget }
  | ResolvedPerson
  | { readonly kind: 'inform'; readonly channelId: string }
  | {
      readonly kind: 'nobody';
      readonly named: string;
      readonly reason: 'nobody in this role' | 'nobody on call' | 'target is gone';
      readonly detail?: string;
      /** It was to interrupt somebody. */
      readonly missed: boolean;
    };

export interface ResolvedPerson {
  readonly kind: 'person';
  readonly named: string;
  readonly person: Person;
  /** The rule that has this person on call. Absent: the policy file names the person itself. */
  readonly because?: string;
}

/** Whom the targets of a step mean at present: at least one entry for each of them. */
export const resolveStep = ({ targets }: EscalationStep, live: Live): readonly ResolvedTarget[] =>
  targets.flatMap((target) => resolveTarget(target, live));

/** Whom a pinned target means at present: one entry for each person that it stands for, at least one. */
export function resolveTarget(target: StepTarget, live: Live): readonly ResolvedTarget[] {
  const { policy } = live;
  const named = nameOf(target);
  const nobody = (reason: 'nobody in this role' | 'target is gone'): readonly ResolvedTarget[] => [
    { kind: 'nobody', named, reason, missed: interrupts(target) },
  ];
  const page = (found: boolean, pageTarget: PageTarget): readonly ResolvedTarget[] =>
    found ? [{ kind: 'page', named, target: pageTarget }] : nobody('target is gone');
  switch (target.kind) {
    case 'person':
      return [resolvePerson({ kind: 'person', person: target.person }, named, live)];
    case 'schedule':
      if (!Object.hasOwn(policy.schedules, target.schedule)) return nobody('target is gone');
      return [resolvePerson(findOnCall(target.schedule, live), named, live)];
    case 'team':
      return resolveTeam(target, named, live);
    case 'slack channel': {
      const channelId = policy.slackChannels[target.channel];
      if (channelId === undefined) return nobody('target is gone');
      if (target.mention === null) return [{ kind: 'inform', channelId }];
      return page(true, { kind: 'slack mention', channelId, mention: target.mention });
    }
    case 'pagerduty':
      return page(policy.pagerduty[target.service] !== undefined, target);
    case 'sns':
      return page(policy.snsContacts[target.contact] !== undefined, target);
    case 'owner':
    case 'owner channel':
    case 'owner pagerduty':
      return nobody('nobody in this role');
  }
}

function resolveTeam(
  { team: name, role }: Extract<StepTarget, { kind: 'team' }>,
  named: string,
  live: Live,
): readonly ResolvedTarget[] {
  const team = live.policy.teams[name];
  if (!team) return [{ kind: 'nobody', named, reason: 'target is gone', missed: true }];
  const holder = role === 'everyone' ? null : team.roles[role];
  const found = role === 'everyone' ? findEveryone(team, live) : holder === null ? [] : [findPerson(holder, live)];
  if (found.length === 0) return [{ kind: 'nobody', named, reason: 'nobody in this role', missed: true }];
  return found.map((each) => resolvePerson(each, named, live));
}

/** All people of a team at present, each once. A schedule with nobody on call adds nobody. */
function findEveryone(team: Team, live: Live): readonly NamedPerson[] {
  const people = new Map<string, NamedPerson>();
  for (const name of everyoneOf(team)) {
    const found = findPerson(name, live);
    if (found.kind === 'person' && !people.has(found.person)) people.set(found.person, found);
  }
  return [...people.values()];
}

/** `named` is the target's name; a person that it does not name itself is put before it. */
function resolvePerson(found: NamedPerson, named: string, { policy }: Live): ResolvedTarget {
  if (found.kind === 'nobody') return { ...found, named, missed: true };
  const { person: name, because } = found;
  const told = named === name ? name : `${name} (${named})`;
  const person = policy.people[name];
  if (person) return { kind: 'person', named: told, person, ...(because === undefined ? {} : { because }) };
  const detail = because === undefined ? {} : { detail: `${because}, but the policy file has no such person` };
  return { kind: 'nobody', named: told, reason: 'target is gone', missed: true, ...detail };
}
