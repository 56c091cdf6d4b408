import { teamOfSchedule } from '../escalation/used-schedules.ts';
import { compileChoice } from './compile-choice.ts';
import { compileEscalationPolicies, compileSeverities, secondsOr } from './compile-escalation.ts';
import { compileFlapping, compileHeartbeats } from './compile-heartbeats.ts';
import { compilePeople } from './compile-people.ts';
import { compileRouteTree } from './compile-route.ts';
import { compileSchedules } from './compile-schedules.ts';
import { compileInhibitRules, compileMaintenanceWindows } from './compile-suppression.ts';
import { compileTimeIntervals } from './compile-time-intervals.ts';
import { compileHolidays, compileWorkingHours } from './compile-working-hours.ts';
import {
  defaultQuietAfterSeconds,
  defaultReopenWithinSeconds,
  defaultRepageAtMostEverySeconds,
  defaultResolveHoldSeconds,
  defaultResolveTimeoutSeconds,
  defaultRetentionDays,
  defaultSettleSeconds,
} from './defaults.ts';
import type { Policy } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';

const mapEntries = <From, To>(
  entries: Readonly<Record<string, From>> | undefined,
  compile: (value: From, name: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(entries ?? {}).map(([name, value]) => [name, compile(value, name)]));

/** Who can be reached and how, by name. */
const compileContacts = (
  document: PolicyDocument,
): Pick<Policy, 'people' | 'teams' | 'fallback' | 'slackChannels' | 'pagerduty' | 'snsContacts'> => ({
  people: compilePeople(document),
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
  const contacts = compileContacts(document);
  return {
    hash,
    environment,
    slackTeamId: document.slackTeam ?? null,
    sources: mapEntries(document.sources, (source, name) => ({
      name,
      quietAfterSeconds: secondsOr(source.quietAfter, defaultQuietAfterSeconds),
      resolveTimeoutSeconds: secondsOr(source.resolveTimeout, defaultResolveTimeoutSeconds),
      settleSeconds: secondsOr(source.settle, defaultSettleSeconds),
      snsTopics: [...(source.snsTopics ?? [])],
    })),
    severities: compileSeverities(document),
    services: mapEntries(document.services, (service, name) => ({
      name,
      owner: service.owner,
      tier: service.tier ?? null,
      runbook: service.runbook ?? null,
      dashboard: service.dashboard ?? null,
      statusComponent: service.statusComponent ?? null,
      ...(service.escalationPolicy === undefined ? {} : { escalationPolicy: compileChoice(service.escalationPolicy) }),
    })),
    ...contacts,
    route: compileRouteTree(document.route, {
      heartbeats: compileHeartbeats(document),
      schedules: Object.keys(document.schedules ?? {}).map((name) => ({ name, owner: teamOfSchedule(contacts, name) })),
    }),
    escalationPolicies: compileEscalationPolicies(document),
    statusComponents: mapEntries(document.statusComponents, (component, id) => ({
      id,
      name: component.name,
      description: component.description ?? '',
    })),
    timeIntervals: compileTimeIntervals(document),
    inhibitRules: compileInhibitRules(document),
    maintenanceWindows: compileMaintenanceWindows(document),
    heartbeats: compileHeartbeats(document),
    flapping: compileFlapping(document),
    workingHours: compileWorkingHours(document),
    schedules: compileSchedules(document),
    holidays: compileHolidays(document),
    resolveHoldSeconds: secondsOr(document.resolveHold, defaultResolveHoldSeconds),
    reopenWithinSeconds: secondsOr(document.reopenWithin, defaultReopenWithinSeconds),
    repageAtMostEverySeconds: secondsOr(document.repageAtMostEvery, defaultRepageAtMostEverySeconds),
    retentionDays: document.retentionDays ?? defaultRetentionDays,
  };
}
