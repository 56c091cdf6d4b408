import * as z from 'zod';
import {
  fallbackSchema,
  pagerdutySchema,
  slackChannelsSchema,
  slackTeamSchema,
  snsContactsSchema,
  teamsSchema,
} from './contacts.ts';
import { escalationPoliciesSchema, severitiesSchema } from './escalation.ts';
import { flappingSchema, heartbeatsSchema } from './heartbeats.ts';
import { inhibitRulesSchema } from './inhibit-rules.ts';
import { maintenanceWindowsSchema } from './maintenance.ts';
import { peopleSchema } from './people.ts';
import { durationSchema, explain, type ForeignKeys, strictMap } from './pieces.ts';
import { rootRouteSchema } from './route.ts';
import { holidaysSchema, schedulesSchema } from './schedules.ts';
import { servicesSchema, sourcesSchema, statusComponentsSchema } from './service.ts';
import { timeIntervalsSchema } from './time-intervals.ts';
import { workingHoursSchema } from './working-hours.ts';

const retentionFix = 'Write whole days, 30 to 3650.';

const isAlertmanagers = (key: string): string => `${key} belongs to Alertmanager's own file and says nothing here`;

/**
 * What people paste along with their route tree. Refused rather than ignored: somebody whose `receivers` are taken would believe
 * that they are told.
 */
const alertmanagerKeys: ForeignKeys = {
  receivers: explain(
    isAlertmanagers('receivers'),
    'Remove it; say whom to tell with owner: at the routes, teams and escalationPolicies. receiver: may stay at the routes.',
  ),
  global: explain(
    isAlertmanagers('global'),
    'Remove it; its resolve_timeout is resolveTimeout: of a source, its credentials are in secrets.',
  ),
  templates: explain(isAlertmanagers('templates'), 'Remove it; messages are written by Tocsin.'),
  tracing: explain(isAlertmanagers('tracing'), 'Remove it.'),
};

/** The policy file as it is written: names and texts, nothing filled in. `docs/policy.md` is its reference. */
export const policyDocumentSchema = strictMap(
  {
    slackTeam: slackTeamSchema.optional(),
    slackChannels: slackChannelsSchema.optional(),
    pagerduty: pagerdutySchema.optional(),
    snsContacts: snsContactsSchema.optional(),
    fallback: fallbackSchema,
    people: peopleSchema.optional(),
    teams: teamsSchema.optional(),
    schedules: schedulesSchema.optional(),
    holidays: holidaysSchema.optional(),
    statusComponents: statusComponentsSchema.optional(),
    services: servicesSchema.optional(),
    sources: sourcesSchema,
    severities: severitiesSchema.optional(),
    escalationPolicies: escalationPoliciesSchema.optional(),
    route: rootRouteSchema,
    time_intervals: timeIntervalsSchema.describe('Named times that routes refer to.').optional(),
    mute_time_intervals: timeIntervalsSchema.describe('Older name of time_intervals; both may be used.').optional(),
    inhibit_rules: inhibitRulesSchema.optional(),
    maintenanceWindows: maintenanceWindowsSchema.optional(),
    heartbeats: heartbeatsSchema.optional(),
    flapping: flappingSchema.optional(),
    workingHours: workingHoursSchema.optional(),
    resolveHold: durationSchema('1m', '24h')
      .describe('After a person resolves while alerts fire: how long before the incident re-opens. Default: 30m.')
      .optional(),
    reopenWithin: durationSchema('0s', '7d')
      .describe('A refire within this time of the resolve re-opens the incident. Default: 15m.')
      .optional(),
    repageAtMostEvery: durationSchema('0s', '24h')
      .describe('A re-opened incident pages at most once in this time. Default: 15m.')
      .optional(),
    retentionDays: z
      .int({ error: () => explain('retentionDays is not a whole number', retentionFix) })
      .min(30, { error: explain('retentionDays is below 30', retentionFix) })
      .max(3650, { error: explain('retentionDays is above 3650', retentionFix) })
      .describe('Closed incidents are deleted after this many days. Default: 400.')
      .optional(),
  },
  undefined,
  alertmanagerKeys,
);

export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/** The same schema for editors: `config/policy.schema.json`. Draft 7 is what the YAML language servers read best. */
export const policyJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(policyDocumentSchema, { io: 'input', target: 'draft-07' }),
  title: 'Tocsin policy file',
});
