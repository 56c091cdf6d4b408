import * as z from 'zod';
import { durationOrNever, durationSchema, exactlyOneOf, explain, namedMap, referenceTo, strictMap } from './pieces.ts';

const targetKinds = ['owner', 'team', 'person', 'schedule', 'slackChannel', 'pagerduty', 'sns', 'policy'];

const targetShape = strictMap({
  owner: z
    .enum(['onCall', 'secondary', 'manager', 'everyone', 'channel', 'pagerduty'])
    .describe("A role, the Slack channel or the PagerDuty service of the team that owns the incident's service.")
    .optional(),
  team: referenceTo('a team; which of its people is said by role').optional(),
  role: z
    .enum(['onCall', 'secondary', 'manager', 'everyone'])
    .describe('Role in that team. Default: onCall.')
    .optional(),
  person: referenceTo('a person').optional(),
  schedule: referenceTo('a schedule: whoever is on call when the step runs').optional(),
  slackChannel: referenceTo('an entry of slackChannels').optional(),
  mention: z
    .enum(['here', 'channel'])
    .describe('Interrupt with @here or @channel. Without it a channel is informed and nobody is paged.')
    .optional(),
  pagerduty: referenceTo('an entry of pagerduty').optional(),
  sns: referenceTo('an entry of snsContacts').optional(),
  policy: referenceTo('another escalation policy, whose steps begin here').optional(),
});

export const targetSchema = targetShape.superRefine((target, context) => {
  exactlyOneOf(targetKinds, 'the target')(target, context);
  if (target.role !== undefined && target.team === undefined) {
    const fix = 'Remove role, or name the team (for the owning team write owner: onCall).';
    context.addIssue({
      code: 'custom',
      path: ['role'],
      message: explain('role belongs to a team, and none is named', fix),
    });
  }
  if (target.mention !== undefined && target.slackChannel === undefined && target.owner !== 'channel') {
    const fix = 'Remove mention, or add it to a target slackChannel or owner: channel.';
    context.addIssue({
      code: 'custom',
      path: ['mention'],
      message: explain('only a Slack channel can be mentioned', fix),
    });
  }
});

export const stepSchema = strictMap({
  after: durationSchema('0s', '7d').describe('Time since the incident was triggered, not since the step before.'),
  targets: z
    .array(targetSchema)
    .min(1, { error: explain('the step has no targets', 'Add a target, such as - owner: onCall.') })
    .max(20, {
      error: explain(
        'the step has more than 20 targets',
        'Spread them over several steps, or name a team with role: everyone.',
      ),
    })
    .describe('Whom this step tells, all at once.'),
});

export const escalationPoliciesSchema = namedMap(
  strictMap({
    steps: z
      .array(stepSchema)
      .min(1, {
        error: explain(
          'the escalation policy has no steps',
          'Add a step, such as {after: 0s, targets: [{owner: onCall}]}.',
        ),
      })
      .max(20, {
        error: explain(
          'the escalation policy has more than 20 steps',
          'Remove steps; repeatEvery repeats the last one, or all.',
        ),
      }),
    repeatEvery: durationOrNever('1m', '24h')
      .describe('Repeat this often until somebody acknowledges. Default: never.')
      .optional(),
    repeat: z
      .enum(['last step', 'all steps'])
      .describe('What is repeated: the last step, or all with their delays. Default: last step.')
      .optional(),
  }),
).describe('Lists of steps. default-sev1 to default-sev4 exist already; one of that name here replaces it.');

const severityRowSchema = strictMap({
  meaning: z
    .string()
    .min(1, { error: explain('the meaning is empty', 'Say in a few words when this severity applies.') })
    .optional(),
  acknowledgeWithin: durationSchema('1m', '30d').describe('How soon somebody should answer.').optional(),
  resolveWithin: durationOrNever('1m', '365d')
    .describe('How soon it should be resolved, counted from its opening. Default: never.')
    .optional(),
  missedDeadline: z
    .enum(['remind', 'page'])
    .describe('What a missed deadline does: a reminder in Slack, or pages besides. Default: remind.')
    .optional(),
  updateEvery: durationOrNever('1m', '30d').describe('How often people should hear what is going on.').optional(),
  pages: z.enum(['always', 'working hours', 'never']).describe('When people are interrupted.').optional(),
  acknowledgementExpiresAfter: durationOrNever('1m', '30d')
    .describe('Then the incident pages again. Default: never.')
    .optional(),
  pageDeadline: durationSchema('30s', '1h').describe('A page not handed over by then goes to the fallback.').optional(),
  escalationPolicy: referenceTo('the escalation policy used when neither route nor service names one').optional(),
  closesAfter: durationOrNever('1h', '365d')
    .describe('A resolved incident closes by itself after this time.')
    .optional(),
});

export const severitiesSchema = strictMap({
  SEV1: severityRowSchema.optional(),
  SEV2: severityRowSchema.optional(),
  SEV3: severityRowSchema.optional(),
  SEV4: severityRowSchema.optional(),
}).describe('What the severities mean; each value left out keeps its default.');
