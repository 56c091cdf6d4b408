import * as z from 'zod';
import { exactlyOneOf, explain, namedMap, nameSchema, referenceTo, strictMap, textLike } from './pieces.ts';

const slackId = (letters: string, what: string, fix: string) =>
  textLike(new RegExp(`^[${letters}][A-Z0-9]{2,20}$`), what, fix);

export const slackTeamSchema = slackId(
  'TE',
  'a Slack team id',
  'Copy the id that starts with "T" from the URL of Slack in a browser.',
).describe('Slack team id that commands must come from. Without it any signed request is accepted.');

export const slackChannelsSchema = z
  .record(
    nameSchema,
    slackId(
      'CG',
      'a Slack channel id',
      'Copy the id that starts with "C" from the end of the channel\'s "About" in Slack.',
    ),
  )
  .describe('Slack channels: a name for this file (without #) to the channel id.');

/** E.164: "+", country code, number; at most 15 digits (ITU-T). Fewer than 7 reach nobody. */
const phoneSchema = textLike(
  /^\+[1-9]\d{6,14}$/,
  'an E.164 phone number',
  'Write "+", the country code and the number in quotes, such as "+15550100123".',
);

const emailSchema = textLike(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an e-mail address', 'Write it such as oncall@example.com.');

/** A topic of this deployment by its name, or any topic by its ARN (names: 1 to 256 characters, SNS). */
const topicSchema = textLike(
  /^(arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:)?[A-Za-z0-9_-]{1,256}(\.fifo)?$/,
  'an SNS topic',
  'Write the name of a topic, or its whole ARN.',
);

export const teamsSchema = namedMap(
  strictMap({
    onCall: referenceTo('the person or the schedule that is paged first').optional(),
    secondary: referenceTo('the person or the schedule that is paged when the first does not answer').optional(),
    manager: referenceTo('the person or the schedule that is paged last').optional(),
    members: z.array(referenceTo('a person')).describe('Everyone else in the team.').optional(),
    slackChannel: referenceTo('an entry of slackChannels where its incidents appear').optional(),
    pagerduty: referenceTo('an entry of pagerduty that its pages go to').optional(),
  }),
).describe('Teams own services and routes.');

export const pagerdutySchema = namedMap(
  strictMap({
    routingKeySecret: z
      .string({
        error: (issue) =>
          issue.input === undefined
            ? explain(
                '"routingKeySecret" is missing',
                'Name the entry of the PagerDuty secret that holds the routing key (never the key itself).',
              )
            : undefined,
      })
      .regex(/^[A-Za-z0-9_.-]{1,31}$/, {
        error: explain(
          'this does not name an entry of the PagerDuty secret',
          'Write the entry\'s name (at most 31 letters, digits, "_", "-", "."), never the 32-character routing key itself.',
        ),
      })
      .describe('Entry of the PagerDuty secret that holds the 32-character routing key.'),
    region: z.enum(['us', 'eu']).describe('Service region of the PagerDuty account. Default: us.').optional(),
  }),
).describe('PagerDuty services (Events API v2 integrations).');

export const snsContactsSchema = namedMap(
  strictMap({
    topic: topicSchema.describe('SNS topic: a name of this deployment, or an ARN.').optional(),
    phone: phoneSchema.describe('Phone number for SMS, E.164.').optional(),
  }).superRefine(exactlyOneOf(['topic', 'phone'], 'the SNS contact')),
).describe('Ways to reach people through SNS: a topic or a phone number each.');

export const fallbackSchema = strictMap(
  {
    email: emailSchema.describe('E-mail address, subscribed to the fallback topic at deploy.').optional(),
    sms: phoneSchema.describe('Phone number for SMS, E.164.').optional(),
  },
  explain(
    'the file names no fallback, so nobody hears when no page gets through',
    'Add fallback: {email: oncall@example.com}.',
  ),
)
  .superRefine((fallback, context) => {
    if (fallback.email !== undefined || fallback.sms !== undefined) return;
    context.addIssue({ code: 'custom', message: explain('the fallback names nobody', 'Give it email, sms or both.') });
  })
  .describe('Who is told when Tocsin cannot tell anybody else. Required.');
