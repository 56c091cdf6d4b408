import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout, type ExampleChange } from './example-policy.ts';

const changes: readonly ExampleChange[] = [
  {
    name: 'refuses a person nobody can reach',
    from: '{ slack: U0ALICE }',
    to: '{}',
    complaints: [
      'p.yaml:8:3: nobody can reach alice: neither slack nor sns is set. Fix: Add slack: with the member id, or sns: with an SNS contact.',
    ],
  },
  {
    name: 'refuses two people with one Slack user id',
    from: '{ slack: U0ALICE }',
    to: '{ slack: U0BOB }',
    complaints: [
      'p.yaml:9:17: the Slack user id U0BOB is already that of alice. Fix: Correct one of the two, or remove one entry.',
    ],
  },
  {
    name: 'warns of two names for one Slack channel',
    from: 'C0INCIDENTS',
    to: 'C0INCIDENTS\n  other: C0INCIDENTS',
    complaints: [
      'warning: p.yaml:3:10: the Slack channel id C0INCIDENTS is already that of incidents. Fix: Correct one of the two, or remove one entry.',
    ],
  },
  {
    name: 'refuses a team without on-call that a policy pages',
    from: '    onCall: alice\n',
    to: '',
    complaints: [
      'p.yaml:11:3: team web has no onCall, and escalation policy default-sev1 pages that role. Fix: Add onCall: to the team, or use an escalation policy that does without.',
    ],
  },
  {
    name: 'warns of a team without a manager that a policy pages',
    from: '    manager: bob\n',
    to: '',
    complaints: [
      'warning: p.yaml:11:3: team web has no manager, and escalation policy default-sev1 pages that role. Fix: Add manager: to the team, or use an escalation policy that does without.',
    ],
  },
  {
    name: 'warns of a team without a secondary that a policy pages',
    from: '    secondary: bob\n',
    to: '',
    complaints: [
      'warning: p.yaml:11:3: team web has no secondary, and escalation policy default-sev1 pages that role. Fix: Add secondary: to the team, or use an escalation policy that does without.',
    ],
  },
  {
    name: 'warns of incidents that have no Slack channel',
    from: '    slackChannel: incidents\n',
    to: '',
    complaints: [
      'warning: p.yaml:11:3: incidents of team web have no Slack channel. Fix: Add slackChannel: to the team or to its routes.',
    ],
  },
  {
    name: 'refuses an unknown time zone and an end before the start',
    from: 'escalationPolicies:',
    to: 'workingHours: { timeZone: Europe/Berln, days: [mon], start: "17:00", end: "09:00" }\nescalationPolicies:',
    complaints: [
      'p.yaml:23:27: unknown time zone "Europe/Berln". Fix: Write an IANA name such as Europe/Berlin or UTC.',
      'p.yaml:23:75: working hours end at 09:00, not after their start at 17:00. Fix: Write a later end; "24:00" is midnight.',
    ],
  },
  {
    name: 'refuses an offset as a time zone',
    from: 'escalationPolicies:',
    to: 'workingHours: { timeZone: "+01:00", days: [mon], start: "09:00", end: "24:00" }\nescalationPolicies:',
    complaints: ['p.yaml:23:27: unknown time zone "+01:00". Fix: Write an IANA name such as Europe/Berlin or UTC.'],
  },
];

describe('the people, teams and hours of a policy file', () => {
  for (const { name, from, to, complaints } of changes) {
    it(name, () => {
      expect(complaintsAbout(changeExample(from, to))).toEqual(complaints);
    });
  }
});
