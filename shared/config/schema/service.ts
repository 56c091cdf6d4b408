import * as z from 'zod';
import { escalationChoiceSchema } from './escalation-choice.ts';
import { durationSchema, explain, namedMap, referenceTo, strictMap, textLike, urlSchema } from './pieces.ts';

const tierFix = 'Write a whole number from 1 (most important) to 5.';

export const servicesSchema = namedMap(
  strictMap({
    owner: referenceTo('the team that owns it'),
    tier: z
      .int({ error: () => explain('the tier is not a whole number', tierFix) })
      .min(1, { error: explain('the tier is below 1', tierFix) })
      .max(5, { error: explain('the tier is above 5', tierFix) })
      .describe('1 is the most important.')
      .optional(),
    runbook: urlSchema.describe('Page that says what to do; linked in every incident.').optional(),
    dashboard: urlSchema.describe('Dashboard; linked in every incident.').optional(),
    statusComponent: referenceTo('the entry of statusComponents that it stands behind').optional(),
    escalationPolicy: escalationChoiceSchema
      .describe(
        "Used where the route names none: a name, or a list of {severities, during, use}. Default: the severity's.",
      )
      .optional(),
  }),
).describe('What people run and own. The name is what the service label of an alert says.');

export const statusComponentsSchema = namedMap(
  strictMap({
    name: z.string().min(1, { error: explain('the name is empty', 'Write what the public calls it.') }),
    description: z.string().optional(),
  }),
).describe('What the public status page lists, by id.');

/** SNS: names of 1 to 256 characters. By ARN only, because it is compared with what a message says about itself. */
const topicArnSchema = textLike(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/,
  'the ARN of an SNS topic',
  'Write the whole ARN, such as arn:aws:sns:eu-central-1:123456789012:alarms.',
);

export const sourcesSchema = namedMap(
  strictMap({
    quietAfter: durationSchema('1m', '30d')
      .describe('A group that says nothing for this long has gone quiet: 2 x repeat_interval. Default: 8h.')
      .optional(),
    resolveTimeout: durationSchema('1s', '30d')
      .describe("An alert posted without an end ends after this long: Alertmanager's resolve_timeout. Default: 5m.")
      .optional(),
    settle: durationSchema('0s', '1h')
      .describe('After a restart of the source its alerts wait this long for what inhibits them. Default: 1m.')
      .optional(),
    snsTopics: z
      .array(topicArnSchema)
      .describe('ARNs of SNS topics whose messages are from this source (CloudWatch, Managed Prometheus).')
      .optional(),
  }),
).describe('Alertmanager clusters (one entry per cluster, not per peer); each has its own credential.');
