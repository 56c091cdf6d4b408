import * as z from 'zod';
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
  }),
).describe('What people run and own. The name is what the service label of an alert says.');

export const statusComponentsSchema = namedMap(
  strictMap({
    name: z.string().min(1, { error: explain('the name is empty', 'Write what the public calls it.') }),
    description: z.string().optional(),
  }),
).describe('What the public status page lists, by id.');

export const sourcesSchema = namedMap(
  strictMap({
    quietAfter: durationSchema('1m', '30d')
      .describe('A group that says nothing for this long has gone quiet: 2 x repeat_interval. Default: 8h.')
      .optional(),
  }),
).describe('Alertmanager clusters (one entry per cluster, not per peer); each has its own credential.');

const weekdaySchema = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const clockFix = 'Write hours and minutes in quotes, such as "09:00".';

export const workingHoursSchema = strictMap({
  timeZone: z.string().describe('IANA time zone, such as Europe/Berlin.'),
  days: z
    .array(weekdaySchema)
    .min(1, { error: explain('workingHours has no days', 'Name at least one, such as [mon, tue, wed, thu, fri].') }),
  start: textLike(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day', clockFix),
  end: textLike(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day', clockFix),
}).describe(
  'When severities with pages: working hours interrupt people. Default: Monday to Friday, 09:00 to 17:00 UTC.',
);
