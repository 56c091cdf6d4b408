import * as z from 'zod';
import { severities } from '../../incident/severity.ts';
import { type EscalationChoiceDocument, escalationChoiceSchema } from './escalation-choice.ts';
import { labelNameSchema, matcherListSchema, matchRegexSchema, matchSchema } from './matchers.ts';
import {
  durationSchema,
  explain,
  type ForeignKeys,
  goDurationSchema,
  referenceTo,
  strictMap,
  textLike,
} from './pieces.ts';

const severitySchema = z.enum(severities);

/** A name that is a number would look like an index in the route's path. */
const routeNameSchema = textLike(
  /^[A-Za-z][A-Za-z0-9_-]{0,79}$/,
  'a route name',
  'Start with a letter and use only letters, digits, "_" and "-".',
);

const severityRuleSchema = z.union([
  severitySchema,
  strictMap({
    label: labelNameSchema.describe('Label whose value decides.'),
    map: z.record(z.string(), severitySchema).describe('Label value to severity.'),
    otherwise: severitySchema.describe('For a missing label and every other value.'),
  }),
]);

const serviceRuleSchema = z.union([
  referenceTo('a service'),
  strictMap({
    label: labelNameSchema.describe('Label whose value names the service.'),
    otherwise: referenceTo('the service for a missing label and unknown values. Default: no service').optional(),
  }),
]);

const incidentKeySchema = z.union([
  z.literal('group', {
    error: explain(
      'incidentKey is the word group or a list of labels',
      'Write [service, cluster], in brackets also for one label.',
    ),
  }),
  z
    .array(labelNameSchema)
    .min(1, { error: explain('incidentKey names no label', 'Name at least one label, or write incidentKey: group.') })
    .max(10, {
      error: explain('incidentKey has more than 10 labels', 'Keep the few labels that tell incidents apart.'),
    }),
]);

const groupBySchema = z
  .array(z.string().min(1, { error: explain('the label name is empty', 'Name a label, or write [] for no grouping.') }))
  .superRefine((labels, context) => {
    if (labels.includes('...') && labels.length > 1) {
      const fix = "Write group_by: ['...'], or only label names.";
      context.addIssue({ code: 'custom', message: explain("'...' means every label and stands alone", fix) });
    }
    const repeated = labels.findIndex((label, index) => labels.indexOf(label) < index);
    if (repeated < 0) return;
    const message = explain(`group_by names ${JSON.stringify(labels[repeated])} twice`, 'Name it once.');
    context.addIssue({ code: 'custom', path: [repeated], message });
  });

/** What a route says as Alertmanager does, and what children inherit as there. */
const inheritedFromAlertmanager = {
  receiver: z
    .string()
    .min(1, { error: explain('the receiver is empty', 'Write a name, or remove it.') })
    .max(256, { error: explain('the receiver has more than 256 characters', 'Write a shorter name.') })
    .describe("What Alertmanager's clients call it. Whom it tells is not said by it. Default: the path of the route.")
    .optional(),
  group_by: groupBySchema
    .describe("Labels that make groups of posted alerts; ['...']: every label; []: one group. Default: [].")
    .optional(),
  group_wait: goDurationSchema(true).describe('How long a new group waits for more alerts. Default: 30s.').optional(),
  group_interval: goDurationSchema(false)
    .describe('How long a group that was told waits for more alerts. Default: 5m.')
    .optional(),
  repeat_interval: goDurationSchema(false)
    .describe('Read and kept; how often a page is repeated is said by the escalation policy. Default: 4h.')
    .optional(),
};

/** What a route decides; children inherit each of these that they leave out. */
const inherited = {
  service: serviceRuleSchema.describe("The alert's service: a name, or a label that holds it.").optional(),
  owner: referenceTo('the team that owns what has no service').optional(),
  escalationPolicy: escalationChoiceSchema
    .describe(
      "A name, or a list of {severities, during, use} of which the first that holds counts. Default: the service's, else the severity's.",
    )
    .optional(),
  incidentKey: incidentKeySchema
    .describe('Alerts with the same key are one incident: group, or a list of labels. Default: group.')
    .optional(),
  slackChannel: referenceTo("the Slack channel of the incident message. Default: the owner's").optional(),
  cooldown: durationSchema('0s', '7d')
    .describe('An alert that was told pages again at the earliest after this, unless it is SEV1. Default: none.')
    .optional(),
};

/** One node below the root. */
export interface RouteDocument {
  readonly name?: string | undefined;
  readonly matchers?: readonly string[] | undefined;
  readonly match?: Readonly<Record<string, string>> | undefined;
  readonly match_re?: Readonly<Record<string, string>> | undefined;
  readonly continue?: boolean | undefined;
  readonly mute_time_intervals?: readonly string[] | undefined;
  readonly active_time_intervals?: readonly string[] | undefined;
  readonly receiver?: string | undefined;
  readonly group_by?: readonly string[] | undefined;
  readonly group_wait?: string | number | undefined;
  readonly group_interval?: string | number | undefined;
  readonly repeat_interval?: string | number | undefined;
  readonly severity?: z.infer<typeof severityRuleSchema> | undefined;
  readonly service?: z.infer<typeof serviceRuleSchema> | undefined;
  readonly owner?: string | undefined;
  readonly escalationPolicy?: EscalationChoiceDocument | undefined;
  readonly incidentKey?: z.infer<typeof incidentKeySchema> | undefined;
  readonly slackChannel?: string | undefined;
  readonly cooldown?: string | undefined;
  readonly routes?: readonly RouteDocument[] | undefined;
}

const routeSchema: z.ZodType<RouteDocument> = strictMap({
  name: routeNameSchema.describe('Name in texts and in the route path. Default: its position.').optional(),
  matchers: matcherListSchema.describe('All must match. Not inherited. Default: every alert.').optional(),
  match: matchSchema.describe('Older spelling of matchers with "=".').optional(),
  match_re: matchRegexSchema.describe('Older spelling of matchers with "=~".').optional(),
  continue: z.boolean().describe('Also try the routes after this one. Not inherited. Default: false.').optional(),
  mute_time_intervals: z
    .array(referenceTo('a time interval in which nobody is told'))
    .describe('Not inherited.')
    .optional(),
  active_time_intervals: z
    .array(referenceTo('a time interval outside of which nobody is told'))
    .describe('Not inherited.')
    .optional(),
  severity: severityRuleSchema.describe('SEV1 to SEV4, or a label that decides.').optional(),
  ...inherited,
  ...inheritedFromAlertmanager,
  get routes() {
    return z.array(routeSchema).optional();
  },
}).meta({ id: 'route' });

const rootFix = 'Move it to a branch under routes.';
const noRootCondition = explain('the root route takes every alert, so it has no matchers', rootFix);
const noRootInterval = explain('the root route has no time intervals, as in Alertmanager', rootFix);

const notAtRoot: ForeignKeys = {
  matchers: noRootCondition,
  match: noRootCondition,
  match_re: noRootCondition,
  mute_time_intervals: noRootInterval,
  active_time_intervals: noRootInterval,
  continue: explain('nothing comes after the root route, so it has no continue', 'Remove it.'),
};

export const rootRouteSchema = strictMap(
  {
    severity: severityRuleSchema.describe('SEV1 to SEV4, or a label that decides.'),
    ...inherited,
    ...inheritedFromAlertmanager,
    routes: z.array(routeSchema).describe('Tried in order, first match wins unless it says continue: true.').optional(),
  },
  explain('the file has no route, so no alert becomes an incident', 'Add route: with at least severity and owner.'),
  notAtRoot,
).describe('The catch-all: takes what no branch takes. It has no matchers.');
