import * as z from 'zod';
import { severities } from '../../incident/severity.ts';
import { longestContactDelay } from '../defaults.ts';
import {
  durationSchema,
  exactlyOneOf,
  explain,
  namedMap,
  referenceTo,
  strictMap,
  textLike,
  timeZoneSchema,
} from './pieces.ts';
import { personalHoursSchema } from './working-hours.ts';

const slackUserSchema = textLike(
  /^[UW][A-Z0-9]{2,20}$/,
  'a Slack user id',
  'Copy the member id that starts with "U" from the person\'s Slack profile.',
);

const methodKinds = ['slack', 'slackMention', 'pagerduty', 'sns'];

const methodSchema = strictMap({
  slack: z
    .literal(true, { error: explain('slack is not true here', "Write slack: true; the id stands at the person's.") })
    .describe('A direct message in Slack.')
    .optional(),
  slackMention: referenceTo('an entry of slackChannels where the person is mentioned').optional(),
  pagerduty: referenceTo("an entry of pagerduty that is the person's own").optional(),
  sns: referenceTo('an entry of snsContacts that reaches this person').optional(),
  after: durationSchema('0s', longestContactDelay)
    .describe('Only when nobody has acknowledged so long after the step. Default: at once.')
    .optional(),
}).superRefine(exactlyOneOf(methodKinds, 'the contact'));

const methodListSchema = z
  .array(methodSchema)
  .min(1, { error: explain('the list of contacts is empty', 'Name at least one, such as - slack: true.') })
  .max(5, { error: explain('the list has more than 5 contacts', 'Keep those that wake the person.') });

const contactSchema = strictMap({
  SEV1: methodListSchema.optional(),
  SEV2: methodListSchema.optional(),
  SEV3: methodListSchema.optional(),
  SEV4: methodListSchema.optional(),
  default: methodListSchema.describe('For each severity that has no list here.').optional(),
}).describe('How to page this person, by severity and in order. Default: Slack, or sns without a Slack id, at once.');

const [, ...quietSeverities] = severities;
const neverQuiet = explain(
  'nobody can be quiet for SEV1: it is a complete outage or data loss',
  'Remove SEV1 from the list.',
);

const quietSchema = strictMap({
  severities: z
    .array(
      z.enum(quietSeverities, {
        error: ({ input }) => (input === 'SEV1' ? neverQuiet : undefined),
      }),
    )
    .min(1, { error: explain('quiet names no severity', 'Name SEV2, SEV3 or SEV4, or remove quiet.') }),
  outside: z.literal('workingHours').describe("Quiet outside of the person's working hours.").optional(),
  during: z
    .array(referenceTo('a time interval in which the person is quiet'))
    .min(1, { error: explain('during names no time interval', 'Name one of time_intervals, or remove during.') })
    .optional(),
})
  .superRefine((quiet, context) => {
    if (quiet.outside !== undefined || quiet.during !== undefined) return;
    const fix = 'Add outside: workingHours, or during: with names of time_intervals.';
    context.addIssue({ code: 'custom', message: explain('quiet does not say when', fix) });
  })
  .describe('When this person is not paged. SEV1 always pages.');

export const peopleSchema = namedMap(
  strictMap({
    slack: slackUserSchema.describe('Slack user id; pages are direct messages.').optional(),
    sns: referenceTo('an entry of snsContacts that reaches this person').optional(),
    contact: contactSchema.optional(),
    timeZone: timeZoneSchema.describe("IANA time zone of the person's working hours.").optional(),
    workingHours: personalHoursSchema.optional(),
    quiet: quietSchema.optional(),
    cooldown: durationSchema('0s', '7d')
      .describe('An alert that fires again pages this person again only after this, unless it is SEV1. Default: none.')
      .optional(),
  }),
).describe('People, by the name that teams, schedules and escalation policies use. Each needs a way to be reached.');
