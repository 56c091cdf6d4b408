import * as z from 'zod';
import {
  fallbackSchema,
  pagerdutySchema,
  peopleSchema,
  slackChannelsSchema,
  slackTeamSchema,
  snsContactsSchema,
  teamsSchema,
} from './contacts.ts';
import { escalationPoliciesSchema, severitiesSchema } from './escalation.ts';
import { durationSchema, explain, strictMap } from './pieces.ts';
import { rootRouteSchema } from './route.ts';
import { servicesSchema, sourcesSchema, statusComponentsSchema, workingHoursSchema } from './service.ts';

const retentionFix = 'Write whole days, 30 to 3650.';

/** The policy file as it is written: names and texts, nothing filled in. `docs/policy.md` is its reference. */
export const policyDocumentSchema = strictMap({
  slackTeam: slackTeamSchema.optional(),
  slackChannels: slackChannelsSchema.optional(),
  pagerduty: pagerdutySchema.optional(),
  snsContacts: snsContactsSchema.optional(),
  fallback: fallbackSchema,
  people: peopleSchema.optional(),
  teams: teamsSchema.optional(),
  statusComponents: statusComponentsSchema.optional(),
  services: servicesSchema.optional(),
  sources: sourcesSchema,
  severities: severitiesSchema.optional(),
  escalationPolicies: escalationPoliciesSchema.optional(),
  route: rootRouteSchema,
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
});

export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/** The same schema for editors: `config/policy.schema.json`. Draft 7 is what the YAML language servers read best. */
export const policyJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(policyDocumentSchema, { io: 'input', target: 'draft-07' }),
  title: 'Tocsin policy file',
});
