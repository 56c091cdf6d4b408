import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout, type ExampleChange } from './example-policy.ts';

const changes: readonly ExampleChange[] = [
  {
    name: 'refuses a step that is not later than the one before',
    from: 'after: 1h',
    to: 'after: 0s',
    complaints: [
      'p.yaml:27:18: step 2 of calm can never be reached: after 0s is not later than the step before (0s). Fix: Write the time since the incident was triggered, longer at each step; or merge the two steps.',
    ],
  },
  {
    name: 'refuses a negative delay',
    from: 'after: 1h',
    to: 'after: -5m',
    complaints: [
      'p.yaml:27:18: "-5m" is not a duration. Fix: Write a number and a unit, such as 30s, 5m, 1h30m or 7d.',
    ],
  },
  {
    name: 'refuses a delay without a unit',
    from: 'after: 1h',
    to: 'after: 60',
    complaints: ['p.yaml:27:18: 60 is not a duration. Fix: Write a number and a unit, such as 30s, 5m, 1h30m or 7d.'],
  },
  {
    name: 'refuses a delay that is too long',
    from: 'after: 1h',
    to: 'after: 8d',
    complaints: ['p.yaml:27:18: 8d is too long. Fix: Use 0s to 7d.'],
  },
  {
    name: 'refuses a policy without steps',
    from: '    steps:\n      - { after: 0s, targets: [{ owner: channel }] }\n      - { after: 1h, targets: [{ person: bob }, { sns: phone }] }\n',
    to: '    steps: []\n',
    complaints: [
      'p.yaml:25:12: the escalation policy has no steps. Fix: Add a step, such as {after: 0s, targets: [{owner: onCall}]}.',
    ],
  },
  {
    name: 'refuses a step without targets',
    from: 'targets: [{ person: bob }, { sns: phone }]',
    to: 'targets: []',
    complaints: ['p.yaml:27:31: the step has no targets. Fix: Add a target, such as - owner: onCall.'],
  },
  {
    name: 'refuses a target of two kinds',
    from: 'targets: [{ person: bob }, { sns: phone }]',
    to: 'targets: [{ person: bob, sns: phone }]',
    complaints: [
      'p.yaml:27:32: the target has several of its kinds at once: person, sns. Fix: Give exactly one of: owner, team, person, schedule, slackChannel, pagerduty, sns, policy.',
    ],
  },
  {
    name: 'refuses a target of no kind',
    from: 'targets: [{ person: bob }, { sns: phone }]',
    to: 'targets: [{}]',
    complaints: [
      'p.yaml:27:32: the target is empty. Fix: Give exactly one of: owner, team, person, schedule, slackChannel, pagerduty, sns, policy.',
    ],
  },
  {
    name: 'refuses a role without a team and a mention without a channel',
    from: 'targets: [{ person: bob }, { sns: phone }]',
    to: 'targets: [{ person: bob, role: onCall }, { person: bob, mention: here }]',
    complaints: [
      'p.yaml:27:53: role belongs to a team, and none is named. Fix: Remove role, or name the team (for the owning team write owner: onCall).',
      'p.yaml:27:87: only a Slack channel can be mentioned. Fix: Remove mention, or add it to a target slackChannel or owner: channel.',
    ],
  },
  {
    name: 'warns of a target named twice in a step',
    from: 'targets: [{ person: bob }, { sns: phone }]',
    to: 'targets: [{ person: bob }, { person: bob }]',
    complaints: ['warning: p.yaml:27:49: step 2 of calm names this target twice. Fix: Remove one.'],
  },
  {
    name: 'refuses a SEV1 that never pages',
    from: 'escalationPolicies:',
    to: 'severities: { SEV1: { pages: never } }\nescalationPolicies:',
    complaints: ['p.yaml:23:30: SEV1 pages nobody. Fix: Write pages: always, or map these alerts to SEV3 or SEV4.'],
  },
  {
    name: 'refuses a SEV1 that waits for working hours',
    from: 'escalationPolicies:',
    to: 'severities: { SEV1: { pages: working hours } }\nescalationPolicies:',
    complaints: [
      'p.yaml:23:30: SEV1 pages nobody outside working hours. Fix: Write pages: always, or map these alerts to SEV3 or SEV4.',
    ],
  },
  {
    name: 'warns of a SEV2 that waits for working hours',
    from: 'escalationPolicies:',
    to: 'severities: { SEV2: { pages: working hours } }\nescalationPolicies:',
    complaints: [
      'warning: p.yaml:23:30: SEV2 pages nobody outside working hours. Fix: Write pages: always, or map these alerts to SEV3 or SEV4.',
    ],
  },
  {
    name: 'warns of a worse severity that may wait longer',
    from: 'escalationPolicies:',
    to: 'severities: { SEV1: { acknowledgeWithin: 2h } }\nescalationPolicies:',
    complaints: [
      'warning: p.yaml:23:42: SEV1 may wait longer for an acknowledgement than SEV2. Fix: Give SEV1 the shorter time.',
    ],
  },
  {
    name: 'refuses a route that sends SEV1 to a policy that pages nobody',
    from: '[\'tier="1"\']',
    to: '[\'severity="critical"\']\n          escalationPolicy: default-sev4',
    complaints: [
      'p.yaml:35:11: SEV1 incidents of team web page nobody (route root/shop/0, escalation policy default-sev4). Fix: Give team web an onCall person or schedule, or a pagerduty service, or name another escalation policy.',
    ],
  },
  {
    name: "judges a route's severities by what its matchers allow",
    from: '[\'tier="1"\']',
    to: '[\'severity="page"\']\n          escalationPolicy: default-sev4',
    complaints: [],
  },
  {
    name: 'sees what a regular expression on the severity label allows',
    from: '[\'tier="1"\']',
    to: '[\'severity=~"c.*"\']\n          escalationPolicy: default-sev4',
    complaints: [
      'p.yaml:35:11: SEV1 incidents of team web page nobody (route root/shop/0, escalation policy default-sev4). Fix: Give team web an onCall person or schedule, or a pagerduty service, or name another escalation policy.',
    ],
  },
  {
    name: "accepts a mention of the owner's channel as a page",
    from: 'escalationPolicies:',
    to: 'severities: { SEV1: { escalationPolicy: loud } }\nescalationPolicies:\n  loud: { steps: [{ after: 0s, targets: [{ owner: channel, mention: here }] }] }',
    complaints: [],
  },
];

describe('the escalation policies and severities of a policy file', () => {
  for (const { name, from, to, complaints } of changes) {
    it(name, () => {
      expect(complaintsAbout(changeExample(from, to))).toEqual(complaints);
    });
  }

  it('may page a whole team in one step, as long as one transaction holds its pages', () => {
    const teamOf = (size: number) => {
      const names = Array.from({ length: size }, (_, index) => `p${index}`);
      const people = names.map((name, index) => `  ${name}: { slack: U0${String(index).padStart(4, '0')} }\n`).join('');
      return changeExample(
        'targets: [{ person: bob }, { sns: phone }]',
        'targets: [{ team: crowd, role: everyone }]',
      ).replace('teams:\n', `${people}teams:\n  crowd: { members: [${names.join(', ')}] }\n`);
    };
    expect(complaintsAbout(teamOf(40))).toEqual([]);
    expect(complaintsAbout(teamOf(41))).toEqual([
      'p.yaml:69:9: step 2 of calm sends 41 pages (one for each contact of a person), and one step sends at most 40. Fix: Name roles in place of everyone, or spread the people over several steps.',
    ]);
  });
});
