import type { StepTarget } from '../../escalation/escalation-policy.ts';
import { pagesPerStepLimit } from '../../notification/page.ts';
import type { Policy, Team } from '../policy.ts';
import type { Finding } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import { listPossibleIncidents, type PossibleIncident, pagesSomebody } from './outcomes.ts';
import { firstOfEach } from './places.ts';
import { pagesFor, peopleOf } from './reach.ts';
import { placeOfStep } from './written-policies.ts';

const ownerText = (owner: Team | null): string => (owner === null ? 'without an owner' : `of team ${owner.name}`);

/** Somebody must be woken for SEV1 and SEV2, whoever owns the incident. Told once per severity, owner and policy. */
export function checkSomebodyIsPaged(policy: Policy): Finding[] {
  const silent = listPossibleIncidents(policy).filter((incident) => {
    if (incident.severity > 'SEV2') return false;
    const targets = incident.escalationPolicy.steps.flatMap((step) => step.targets);
    return !targets.some((target) => pagesSomebody(target, incident, policy));
  });
  const keyOf = ({ severity, owner, escalationPolicy }: PossibleIncident) =>
    `${severity} ${owner?.name ?? ''} ${escalationPolicy.name}`;
  return firstOfEach(silent, keyOf).map(({ at, route, severity, owner, escalationPolicy }) => ({
    level: 'error',
    at,
    onKey: true,
    message: `${severity} incidents ${ownerText(owner)} page nobody (route ${route.path}, escalation policy ${escalationPolicy.name})`,
    fix:
      owner === null
        ? 'Add owner: to the route, or name an escalation policy whose targets are a person, a team or PagerDuty.'
        : `Give team ${owner.name} an onCall person or schedule, or a pagerduty service, or name another escalation policy.`,
  }));
}

interface RoleUse {
  readonly team: Team;
  readonly role: Extract<StepTarget, { kind: 'owner' }>['role'];
  readonly escalationPolicy: string;
}

function roleUsesOf(incident: PossibleIncident, policy: Policy): RoleUse[] {
  const escalationPolicy = incident.escalationPolicy.name;
  return incident.escalationPolicy.steps
    .flatMap((step) => step.targets)
    .flatMap((target): RoleUse[] => {
      if (target.kind !== 'owner' && target.kind !== 'team') return [];
      const team = target.kind === 'owner' ? incident.owner : policy.teams[target.team];
      return team ? [{ team, role: target.role, escalationPolicy }] : [];
    });
}

/** A role that a step counts on and that nobody fills: without on-call it is an error, later steps are a warning. */
export function checkFilledRoles(policy: Policy): Finding[] {
  const empty = listPossibleIncidents(policy)
    .filter((incident) => policy.severities[incident.severity].pages !== 'never')
    .flatMap((incident) => roleUsesOf(incident, policy))
    .filter(({ team, role }) => peopleOf(team, role).length === 0);
  return firstOfEach(empty, ({ team, role }) => `${role} ${team.name}`).map(({ team, role, escalationPolicy }) => ({
    level: role === 'onCall' || role === 'everyone' ? 'error' : 'warning',
    at: ['teams', team.name],
    onKey: true,
    message: `team ${team.name} has no ${role === 'everyone' ? 'people' : role}, and escalation policy ${escalationPolicy} pages ${role === 'everyone' ? 'them' : 'that role'}`,
    fix: `Add ${role === 'everyone' ? 'members' : role}: to the team, or use an escalation policy that does without.`,
  }));
}

/** The pages that one step of one incident owes, each contact method of a person once. */
function pagesOf(targets: readonly StepTarget[], incident: PossibleIncident, policy: Policy): ReadonlySet<string> {
  const names = targets.flatMap((target): readonly string[] => {
    if (!pagesSomebody(target, incident, policy)) return [];
    if (target.kind === 'person') return [target.person];
    if (target.kind === 'schedule') return [target.schedule];
    if (target.kind !== 'owner' && target.kind !== 'team') return [JSON.stringify(target)];
    const team = target.kind === 'owner' ? incident.owner : policy.teams[target.team];
    return team ? peopleOf(team, target.role) : [];
  });
  const pages = names.flatMap((name) =>
    Array.from({ length: pagesFor(name, incident.severity, policy) }, (_, index) => `${name} ${index}`),
  );
  return new Set(pages);
}

/** A step that owes more pages than one transaction holds could never be stored, and its incident could not open. */
export function checkPagesPerStep(policy: Policy, document: PolicyDocument): Finding[] {
  const crowded = listPossibleIncidents(policy).flatMap((incident) =>
    incident.escalationPolicy.steps.flatMap(({ targets }, index) => {
      const pages = pagesOf(targets, incident, policy).size;
      return pages > pagesPerStepLimit ? [{ name: incident.escalationPolicy.name, index, pages }] : [];
    }),
  );
  return firstOfEach(crowded, ({ name, index }) => `${name} ${index}`).map(({ name, index, pages }) => ({
    level: 'error',
    at: placeOfStep(document, name, index),
    message: `step ${index + 1} of ${name} sends ${pages} pages (one for each contact of a person), and one step sends at most ${pagesPerStepLimit}`,
    fix: 'Name roles in place of everyone, or spread the people over several steps.',
  }));
}

/** Without a channel an incident has no message in Slack, and nobody sees a SEV3 that waits for working hours. */
export function checkIncidentChannels(policy: Policy): Finding[] {
  const homeless = listPossibleIncidents(policy).filter(
    ({ route, owner }) => route.slackChannel === null && (owner?.slackChannel ?? null) === null,
  );
  return firstOfEach(homeless, ({ owner }) => owner?.name ?? '').map(({ at, owner }) => ({
    level: 'warning',
    at: owner === null ? at : ['teams', owner.name],
    onKey: true,
    message: `incidents ${ownerText(owner)} have no Slack channel`,
    fix: owner === null ? 'Add slackChannel: to the route.' : 'Add slackChannel: to the team or to its routes.',
  }));
}
