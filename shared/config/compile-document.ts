import { compileEscalationPolicies, compileSeverities, secondsOr } from './compile-escalation.ts';
import { compileRouteTree } from './compile-route.ts';
import {
  defaultFlapping,
  defaultQuietAfterSeconds,
  defaultReopenWithinSeconds,
  defaultRepageAtMostEverySeconds,
  defaultResolveHoldSeconds,
  defaultResolveTimeoutSeconds,
  defaultRetentionDays,
  defaultSettleSeconds,
  defaultWorkingHours,
} from './defaults.ts';
import type { Policy, WorkingHours } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';

const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const mapEntries = <From, To>(
  entries: Readonly<Record<string, From>> | undefined,
  compile: (value: From, name: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(entries ?? {}).map(([name, value]) => [name, compile(value, name)]));

function compileWorkingHours(hours: PolicyDocument['workingHours']): WorkingHours {
  if (hours === undefined) return defaultWorkingHours;
  const weekdays = weekdayNames.flatMap((name, index) => (hours.days.includes(name) ? [index + 1] : []));
  return { timeZone: hours.timeZone, weekdays, start: hours.start, end: hours.end };
}

/** Who can be reached and how, by name. */
const compileContacts = (
  document: PolicyDocument,
): Pick<Policy, 'people' | 'teams' | 'fallback' | 'slackChannels' | 'pagerduty' | 'snsContacts'> => ({
  people: mapEntries(document.people, (person, name) => ({
    name,
    slackUserId: person.slack ?? null,
    sns: person.sns ?? null,
  })),
  teams: mapEntries(document.teams, (team, name) => ({
    name,
    roles: { onCall: team.onCall ?? null, secondary: team.secondary ?? null, manager: team.manager ?? null },
    members: team.members ?? [],
    slackChannel: team.slackChannel ?? null,
    pagerduty: team.pagerduty ?? null,
  })),
  fallback: { email: document.fallback.email ?? null, sms: document.fallback.sms ?? null },
  slackChannels: { ...document.slackChannels },
  pagerduty: mapEntries(document.pagerduty, (service, name) => ({
    name,
    routingKeySecret: service.routingKeySecret,
    region: service.region ?? 'us',
  })),
  snsContacts: mapEntries(document.snsContacts, (contact, name) => ({
    name,
    topic: contact.topic ?? null,
    phone: contact.phone ?? null,
  })),
});

/** Fills every default in. The document has the right shape; whether its names exist is for the checks to say. */
export function compileDocument(document: PolicyDocument, hash: string, environment: string): Policy {
  return {
    hash,
    environment,
    slackTeamId: document.slackTeam ?? null,
    sources: mapEntries(document.sources, (source, name) => ({
      name,
      quietAfterSeconds: secondsOr(source.quietAfter, defaultQuietAfterSeconds),
      resolveTimeoutSeconds: defaultResolveTimeoutSeconds,
      settleSeconds: defaultSettleSeconds,
      snsTopics: [],
    })),
    severities: compileSeverities(document),
    services: mapEntries(document.services, (service, name) => ({
      name,
      owner: service.owner,
      tier: service.tier ?? null,
      runbook: service.runbook ?? null,
      dashboard: service.dashboard ?? null,
      statusComponent: service.statusComponent ?? null,
    })),
    ...compileContacts(document),
    route: compileRouteTree(document.route),
    escalationPolicies: compileEscalationPolicies(document),
    statusComponents: mapEntries(document.statusComponents, (component, id) => ({
      id,
      name: component.name,
      description: component.description ?? '',
    })),
    timeIntervals: {},
    inhibitRules: [],
    maintenanceWindows: [],
    heartbeats: {},
    flapping: defaultFlapping,
    workingHours: compileWorkingHours(document.workingHours),
    resolveHoldSeconds: secondsOr(document.resolveHold, defaultResolveHoldSeconds),
    reopenWithinSeconds: secondsOr(document.reopenWithin, defaultReopenWithinSeconds),
    repageAtMostEverySeconds: secondsOr(document.repageAtMostEvery, defaultRepageAtMostEverySeconds),
    retentionDays: document.retentionDays ?? defaultRetentionDays,
  };
}
