import * as z from 'zod';
import { compileMatchers } from '../../alert/compile-matcher.ts';
import { parseMatchers } from '../../alert/parse-matcher.ts';
import { severities } from '../../incident/severity.ts';
import { explain, referenceTo, strictMap, textLike } from './pieces.ts';

const severitySchema = z.enum(severities);

/** Label names as Prometheus has them without UTF-8 names. */
const labelNameSchema = textLike(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'a label name',
  'Use letters, digits and "_", not starting with a digit.',
);

function matcherProblem(text: string): string | null {
  const parsed = parseMatchers(text);
  if (!parsed.ok) return parsed.problem;
  if (parsed.value.length === 0) return 'it is empty';
  const compiled = compileMatchers(parsed.value);
  return compiled.ok ? null : compiled.problem;
}

/** One entry of a `matchers` list; like Alertmanager's it may hold several, separated by commas. */
const matcherSchema = z.string().superRefine((text, context) => {
  const problem = matcherProblem(text);
  if (problem === null) return;
  const fix = `Write it as Alertmanager does, in single quotes: 'team="payments"' or 'severity=~"critical|page"'.`;
  context.addIssue({
    code: 'custom',
    message: explain(`this is not a matcher: ${problem.replaceAll('\n', ' ')}`, fix),
  });
});

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

/** What a route decides; children inherit each of these that they leave out. */
const inherited = {
  service: serviceRuleSchema.describe("The alert's service: a name, or a label that holds it.").optional(),
  owner: referenceTo('the team that owns what has no service').optional(),
  escalationPolicy: referenceTo("the escalation policy. Default: the severity's").optional(),
  incidentKey: incidentKeySchema
    .describe('Alerts with the same key are one incident: group, or a list of labels. Default: group.')
    .optional(),
  slackChannel: referenceTo("the Slack channel of the incident message. Default: the owner's").optional(),
};

/** One node below the root. */
export interface RouteDocument {
  readonly name?: string | undefined;
  readonly matchers: readonly string[];
  readonly continue?: boolean | undefined;
  readonly severity?: z.infer<typeof severityRuleSchema> | undefined;
  readonly service?: z.infer<typeof serviceRuleSchema> | undefined;
  readonly owner?: string | undefined;
  readonly escalationPolicy?: string | undefined;
  readonly incidentKey?: z.infer<typeof incidentKeySchema> | undefined;
  readonly slackChannel?: string | undefined;
  readonly routes?: readonly RouteDocument[] | undefined;
}

const routeSchema: z.ZodType<RouteDocument> = strictMap({
  name: routeNameSchema.describe('Name in texts and in the route path. Default: its position.').optional(),
  matchers: z.array(matcherSchema).describe('All must match. Not inherited.'),
  continue: z.boolean().describe('Also try the routes after this one. Not inherited. Default: false.').optional(),
  severity: severityRuleSchema.describe('SEV1 to SEV4, or a label that decides.').optional(),
  ...inherited,
  get routes() {
    return z.array(routeSchema).optional();
  },
}).meta({ id: 'route' });

export const rootRouteSchema = strictMap(
  {
    severity: severityRuleSchema.describe('SEV1 to SEV4, or a label that decides.'),
    ...inherited,
    routes: z.array(routeSchema).describe('Tried in order, first match wins unless it says continue: true.').optional(),
  },
  explain('the file has no route, so no alert becomes an incident', 'Add route: with at least severity and owner.'),
).describe('The catch-all: takes what no branch takes. It has no matchers.');
