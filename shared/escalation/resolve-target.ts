import type { Policy } from '../config/policy.ts';
import type { PageTarget } from '../notification/page.ts';
import type { StepTarget } from './escalation-policy.ts';
import { interrupts, nameOf } from './step-target.ts';

/** What is live of a policy: steps are pinned, the people and addresses behind them are not. */
export type LivePeople = Pick<Policy, 'people' | 'teams' | 'slackChannels' | 'pagerduty' | 'snsContacts'>;

export type ResolvedTarget =
  | { readonly kind: 'page'; readonly named: string; readonly target: PageTarget }
  | { readonly kind: 'inform'; readonly channelId: string }
  | {
      readonly kind: 'nobody';
      readonly named: string;
      readonly reason: 'nobody in this role' | 'target is gone';
      /** It was to interrupt somebody. */
      readonly missed: boolean;
    };

/** Whom a pinned target means at present: one entry for each person that it stands for, at least one. */
export function resolveTarget(target: StepTarget, people: LivePeople): readonly ResolvedTarget[] {
  const named = nameOf(target);
  const nobody = (reason: 'nobody in this role' | 'target is gone'): readonly ResolvedTarget[] => [
    { kind: 'nobody', named, reason, missed: interrupts(target) },
  ];
  const page = (found: boolean, pageTarget: PageTarget): readonly ResolvedTarget[] =>
    found ? [{ kind: 'page', named, target: pageTarget }] : nobody('target is gone');
  switch (target.kind) {
    case 'person':
      return [resolvePerson(target.person, named, people)];
    case 'schedule':
      return nobody('target is gone');
    case 'team':
      return resolveTeam(target, named, people);
    case 'slack channel': {
      const channelId = people.slackChannels[target.channel];
      if (channelId === undefined) return nobody('target is gone');
      if (target.mention === null) return [{ kind: 'inform', channelId }];
      return page(true, { kind: 'slack mention', channelId, mention: target.mention });
    }
    case 'pagerduty':
      return page(people.pagerduty[target.service] !== undefined, target);
    case 'sns':
      return page(people.snsContacts[target.contact] !== undefined, target);
    case 'owner':
    case 'owner channel':
    case 'owner pagerduty':
      return nobody('nobody in this role');
  }
}

function resolveTeam(
  { team: name, role }: Extract<StepTarget, { kind: 'team' }>,
  named: string,
  people: LivePeople,
): readonly ResolvedTarget[] {
  const team = people.teams[name];
  if (!team) return [{ kind: 'nobody', named, reason: 'target is gone', missed: true }];
  const persons = role === 'everyone' ? team.members : [team.roles[role]].filter((person) => person !== null);
  if (persons.length === 0) return [{ kind: 'nobody', named, reason: 'nobody in this role', missed: true }];
  return persons.map((person) => resolvePerson(person, `${person} (${named})`, people));
}

/** Slack before SNS: one page a person, because two would wake the same person twice. */
function resolvePerson(name: string, named: string, people: LivePeople): ResolvedTarget {
  const person = people.people[name];
  if (person?.slackUserId) return { kind: 'page', named, target: { kind: 'person', person: name, lane: 'slack' } };
  if (person?.sns) return { kind: 'page', named, target: { kind: 'person', person: name, lane: 'sns' } };
  return { kind: 'nobody', named, reason: 'target is gone', missed: true };
}
