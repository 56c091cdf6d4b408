import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout } from './example-policy.ts';

/** Replaces the entry of bob in line 9. */
const complaintsOfBob = (entry: string): string[] =>
  complaintsAbout(changeExample('bob: { slack: U0BOB, sns: phone }', `bob: ${entry}`));

const kinds = 'Fix: Give exactly one of: slack, slackMention, pagerduty, sns.';

describe('the contacts of a person', () => {
  it('pass when every severity that pages has one', () => {
    const contact = '{ SEV1: [{ slack: true }, { sns: phone, after: 15m }], default: [{ slackMention: incidents }] }';
    expect(complaintsOfBob(`{ slack: U0BOB, contact: ${contact} }`)).toEqual([]);
    expect(complaintsOfBob('{ contact: { default: [{ pagerduty: web }] } }')).toEqual([]);
  });

  it.each([
    [
      'is refused when it leaves out a severity that pages and there is no other way (B26)',
      '{ contact: { SEV1: [{ sns: phone }] } }',
      'p.yaml:9:3: nobody can reach bob for SEV2, SEV3: contact does not say how, and neither slack nor sns is set. Fix: Add default: to the contact, or slack: or sns: to the person.',
    ],
    [
      'is refused when it has nothing in it and there is no other way (B26)',
      '{ contact: {} }',
      'p.yaml:9:3: nobody can reach bob for SEV1, SEV2, SEV3: contact does not say how, and neither slack nor sns is set. Fix: Add default: to the contact, or slack: or sns: to the person.',
    ],
    [
      'is refused when its list is empty',
      '{ slack: U0BOB, contact: { SEV1: [] } }',
      'p.yaml:9:41: the list of contacts is empty. Fix: Name at least one, such as - slack: true.',
    ],
    [
      'is refused when it needs Slack and nobody wrote the id down',
      '{ contact: { default: [{ sns: phone }, { slack: true }] } }',
      'p.yaml:9:56: slack of bob reaches nobody: bob has no Slack member id. Fix: Add slack: with the member id to bob, or remove this entry.',
    ],
    [
      'is refused when it mentions somebody without a Slack id',
      '{ contact: { default: [{ slackMention: incidents }] } }',
      'p.yaml:9:47: slackMention of bob reaches nobody: bob has no Slack member id. Fix: Add slack: with the member id to bob, or remove this entry.',
    ],
    [
      'is refused with the same way twice, because the second page would be taken for the first',
      '{ slack: U0BOB, contact: { default: [{ slack: true }, { sns: phone }, { slack: true, after: 5m }] } }',
      'p.yaml:9:78: bob is paged twice in the same way here. Fix: Remove one; repeats are said by repeatEvery.',
    ],
    [
      'is warned about when each waits: the delay of a step is the place for that',
      '{ slack: U0BOB, contact: { SEV1: [{ slack: true, after: 2m }, { sns: phone, after: 5m }] } }',
      'warning: p.yaml:9:41: bob is paged at the earliest 2m after the step. Fix: Remove after: from the first entry; the delay of the step says how long to wait.',
    ],
    [
      'is refused when it waits longer than SQS delays a message',
      '{ slack: U0BOB, contact: { SEV1: [{ slack: true }, { sns: phone, after: 16m }] } }',
      'p.yaml:9:80: 16m is too long. Fix: Use 0s to 15m.',
    ],
    [
      'is refused when it is of two kinds',
      '{ slack: U0BOB, contact: { SEV1: [{ slack: true, sns: phone }] } }',
      `p.yaml:9:42: the contact has several of its kinds at once: slack, sns. ${kinds}`,
    ],
    [
      'is refused when it is of no kind',
      '{ slack: U0BOB, contact: { SEV1: [{}] } }',
      `p.yaml:9:42: the contact is empty. ${kinds}`,
    ],
    [
      'is refused with an id in place of true',
      '{ slack: U0BOB, contact: { SEV1: [{ slack: U0BOB }] } }',
      "p.yaml:9:51: slack is not true here. Fix: Write slack: true; the id stands at the person's.",
    ],
    [
      'is refused with an unknown SNS contact',
      '{ slack: U0BOB, contact: { SEV1: [{ sns: phones }] } }',
      'p.yaml:9:49: unknown SNS contact "phones". Fix: Did you mean "phone"? If not, add "phones" under snsContacts.',
    ],
    [
      'is refused with an unknown PagerDuty service',
      '{ slack: U0BOB, contact: { SEV1: [{ pagerduty: wob }] } }',
      'p.yaml:9:55: unknown PagerDuty service "wob". Fix: Did you mean "web"? If not, add "wob" under pagerduty.',
    ],
    [
      'is refused with an unknown channel to mention in',
      '{ slack: U0BOB, contact: { SEV1: [{ slackMention: incidnts }] } }',
      'p.yaml:9:58: unknown Slack channel "incidnts". Fix: Did you mean "incidents"? If not, add "incidnts" under slackChannels.',
    ],
  ])('%s', (_, entry, complaint) => {
    expect(complaintsOfBob(entry)).toEqual([complaint]);
  });

  it('may be missing for a severity that never pages', () => {
    const list = '[{ sns: phone }]';
    expect(complaintsOfBob(`{ contact: { SEV1: ${list}, SEV2: ${list}, SEV3: ${list} } }`)).toEqual([]);
  });
});

const nights =
  'time_intervals: [{ name: nights, time_intervals: [{ times: [{ start_time: "00:00", end_time: "06:00" }] }] }, { name: ever, time_intervals: [{}] }]\n';
const complaintsWithNights = (entry: string, rest = ''): string[] =>
  complaintsAbout(changeExample('bob: { slack: U0BOB, sns: phone }', `bob: ${entry}`) + nights + rest);

describe('the times at which a person prefers to be quiet', () => {
  it('pass for what is not SEV1', () => {
    const quiet = '{ severities: [SEV2, SEV3, SEV4], outside: workingHours, during: [nights] }';
    expect(complaintsWithNights(`{ slack: U0BOB, quiet: ${quiet} }`)).toEqual([]);
  });

  it.each([
    [
      'are refused for SEV1, with the reason',
      '{ severities: [SEV1], during: [nights] }',
      'p.yaml:9:46: nobody can be quiet for SEV1: it is a complete outage or data loss. Fix: Remove SEV1 from the list.',
    ],
    [
      'are refused without a time',
      '{ severities: [SEV3] }',
      'p.yaml:9:31: quiet does not say when. Fix: Add outside: workingHours, or during: with names of time_intervals.',
    ],
    [
      'are refused without a severity',
      '{ severities: [], outside: workingHours }',
      'p.yaml:9:45: quiet names no severity. Fix: Name SEV2, SEV3 or SEV4, or remove quiet.',
    ],
    [
      'are refused with an unknown time interval',
      '{ severities: [SEV3], during: [night] }',
      'p.yaml:9:62: unknown time interval "night". Fix: Did you mean "nights"? If not, add "night" under time_intervals.',
    ],
  ])('%s', (_, quiet, complaint) => {
    expect(complaintsWithNights(`{ slack: U0BOB, quiet: ${quiet} }`)).toEqual([complaint]);
  });

  it('are refused when they leave a step to nobody at every time (B26)', () => {
    const text = changeExample(
      'bob: { slack: U0BOB, sns: phone }',
      'bob: { slack: U0BOB, quiet: { severities: [SEV3], during: [ever] } }',
    )
      .replace('{ person: bob }, { sns: phone }', '{ person: bob }')
      .replace('{ critical: SEV1 }', '{}')
      .concat(nights);
    expect(complaintsAbout(text)).toEqual([
      'p.yaml:27:9: nobody can be reached by step 2 of calm: bob never pages anybody for SEV3. Fix: Fill the role, name somebody else, or remove the step.',
    ]);
  });
});

describe('the working hours of a person', () => {
  it.each([
    [
      'are refused when they end before they start',
      '{ days: [mon], start: "17:00", end: "09:00" }',
      'p.yaml:9:74: working hours end at 09:00, not after their start at 17:00. Fix: Write a later end; "24:00" is midnight.',
    ],
    [
      'are refused with an unknown zone',
      '{ days: [mon], start: "09:00", end: "17:00", timeZone: Berlin }',
      'p.yaml:9:93: unknown time zone "Berlin". Fix: Write an IANA name such as Europe/Berlin or UTC.',
    ],
    [
      'are refused with an unknown calendar',
      '{ days: [mon], start: "09:00", end: "17:00", holidays: berlin }',
      'p.yaml:9:93: unknown calendar of holidays "berlin". Fix: Add holidays: with "berlin" in it.',
    ],
  ])('%s', (_, hours, complaint) => {
    expect(complaintsOfBob(`{ slack: U0BOB, workingHours: ${hours} }`)).toEqual([complaint]);
  });
});
