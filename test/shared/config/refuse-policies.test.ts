import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout } from './example-policy.ts';

/** From line 24 on, in front of the policy calm. */
const complaintsWith = (policies: string, severities = ''): string[] =>
  complaintsAbout(changeExample('escalationPolicies:\n', `escalationPolicies:\n${policies}`) + severities);
const uses = (name: string, ...others: string[]) =>
  `  ${name}: { steps: [{ after: 1m, targets: [${['person: alice', ...others.map((other) => `policy: ${other}`)].map((target) => `{ ${target} }`).join(', ')}] }] }\n`;
const cycleFix =
  'Fix: Remove one of these targets; repeatEvery: with repeat: all steps begins again from the first step.';

describe('policies that name each other', () => {
  it('pass as long as they come to an end', () => {
    expect(complaintsWith(uses('a', 'b', 'calm') + uses('b', 'calm', 'default-sev1'))).toEqual([]);
  });

  it.each([
    ['one that names itself', uses('a', 'a'), `p.yaml:24:68: escalation policy a names itself. ${cycleFix}`],
    [
      'two that name each other, with the way',
      uses('a', 'b') + uses('b', 'a'),
      `p.yaml:24:68: escalation policies lead back to themselves: a -> b -> a. ${cycleFix}`,
    ],
    [
      'three behind one that only leads there, told once',
      uses('start', 'b') + uses('b', 'c') + uses('c', 'calm', 'd') + uses('d', 'b'),
      `p.yaml:25:68: escalation policies lead back to themselves: b -> c -> d -> b. ${cycleFix}`,
    ],
    [
      'one that names what there is not',
      uses('a', 'cal'),
      'p.yaml:24:68: unknown escalation policy "cal". Fix: Did you mean "calm"? If not, add "cal" under escalationPolicies.',
    ],
  ])('are refused: %s', (_, policies, complaint) => {
    expect(complaintsWith(policies)).toEqual([complaint]);
  });

  it('are refused with more steps together than an incident carries', () => {
    const steps = Array.from(
      { length: 11 },
      (_, index) => `{ after: ${2 * index + 1}m, targets: [{ person: alice }] }`,
    );
    const inner = `  inner: { steps: [${steps.join(', ')}] }\n`;
    const outer = (minutes: number) =>
      `  outer: { steps: [{ after: 0s, targets: [{ policy: inner }] }, { after: ${minutes}m, targets: [{ policy: inner }] }] }\n`;
    expect(complaintsWith(inner + outer(4))).toEqual([]);
    expect(complaintsWith(inner + outer(3))).toEqual([
      'p.yaml:25:3: escalation policy outer has more than 20 steps with those of the policies that it names. Fix: Remove steps, or give steps of both the same delays.',
    ]);
  });

  it('still have their own steps in order', () => {
    const policy =
      '  a: { steps: [{ after: 5m, targets: [{ policy: calm }] }, { after: 1m, targets: [{ person: bob }] }] }\n';
    expect(complaintsWith(policy)).toEqual([
      'p.yaml:24:69: step 2 of a can never be reached: after 1m is not later than the step before (5m). Fix: Write the time since the incident was triggered, longer at each step; or merge the two steps.',
    ]);
  });
});

describe('what an escalation policy repeats', () => {
  it('is refused when nothing is repeated', () => {
    const policy = (repeat: string) => `  a: { steps: [{ after: 0s, targets: [{ person: bob }] }]${repeat} }\n`;
    expect(complaintsWith(policy(', repeat: all steps'))).toEqual([
      'p.yaml:24:68: repeat: all steps of a repeats nothing, because it has no repeatEvery. Fix: Add repeatEvery:, such as 15m, or remove repeat.',
    ]);
    expect(complaintsWith(policy(', repeat: all steps, repeatEvery: 5m'))).toEqual([]);
    expect(complaintsWith(policy(', repeat: all, repeatEvery: 5m'))).toEqual([
      'p.yaml:24:68: "all" is not allowed here. Fix: Use one of: "last step", "all steps".',
    ]);
  });
});

describe('B26: a step that nobody can reach', () => {
  const step = 'after: 1h, targets: [{ person: bob }, { sns: phone }]';
  const complaintsOfStep = (targets: string) =>
    complaintsAbout(
      changeExample(step, `after: 1h, targets: [${targets}]`)
        .replace('    manager: bob\n', '')
        .replace('{ critical: SEV1 }', '{}'),
    );

  it('is refused, with who is meant', () => {
    expect(complaintsOfStep('{ owner: manager }, { team: web, role: manager }')).toEqual([
      'p.yaml:26:9: nobody can be reached by step 2 of calm: manager of the owner, manager of web never pages anybody for SEV3. Fix: Fill the role, name somebody else, or remove the step.',
    ]);
  });

  it('is one that only informs no more than one with somebody beside the empty role', () => {
    expect(complaintsOfStep('{ owner: channel }')).toEqual([]);
    expect(complaintsOfStep('{ owner: manager }, { person: bob }')).toEqual([
      'warning: p.yaml:11:3: team web has no manager, and escalation policy calm pages that role. Fix: Add manager: to the team, or use an escalation policy that does without.',
    ]);
  });

  it('is not one of a schedule', () => {
    const schedule =
      'schedules: { pager: { timeZone: UTC, layers: [{ members: [alice], shift: weekly, start: 2026-03-02T09:00 }] } }\n';
    expect(complaintsAbout(changeExample(step, 'after: 1h, targets: [{ schedule: pager }]') + schedule)).toEqual([]);
    expect(complaintsAbout(changeExample(step, 'after: 1h, targets: [{ schedule: alice }]') + schedule)).toEqual([
      'p.yaml:27:44: unknown schedule "alice". Fix: "alice" is a person: write person: alice.',
    ]);
    expect(complaintsAbout(changeExample(step, 'after: 1h, targets: [{ schedule: pagr }]') + schedule)).toEqual([
      'p.yaml:27:44: unknown schedule "pagr". Fix: Did you mean "pager"? If not, add "pagr" under schedules.',
    ]);
  });
});

describe('the deadlines of a severity', () => {
  it.each([
    [
      'refuse one to resolve that passes before the one to acknowledge',
      'SEV2: { resolveWithin: 30m }',
      'p.yaml:39:38: SEV2 must be resolved within 30m, before it must be acknowledged (1h). Fix: Write a longer resolveWithin, or a shorter acknowledgeWithin.',
    ],
    [
      'refuse to page for a severity that never does',
      'SEV4: { missedDeadline: page }',
      'p.yaml:39:39: a missed deadline of SEV4 cannot page, because SEV4 never pages. Fix: Write missedDeadline: remind, or pages: working hours.',
    ],
    [
      'refuse another word for what a missed one does',
      'SEV1: { missedDeadline: pge }',
      'p.yaml:39:39: "pge" is not allowed here. Fix: Did you mean "page"?',
    ],
    [
      'refuse an acknowledgement that ends before anybody could read the incident',
      'SEV1: { acknowledgementExpiresAfter: 30s }',
      'p.yaml:39:52: 30s is too short. Fix: Use 1m to 30d, or the word never.',
    ],
  ])('%s', (_, row, complaint) => {
    expect(complaintsWith('', `severities: { ${row} }\n`)).toEqual([complaint]);
  });

  it('may be the same', () => {
    expect(complaintsWith('', 'severities: { SEV2: { resolveWithin: 1h, missedDeadline: page } }\n')).toEqual([]);
  });
});

describe('the pages of one step', () => {
  it('are counted by the contacts of those who may get them', () => {
    const people = Array.from(
      { length: 14 },
      (_, index) =>
        `  p${index}: { slack: U0P${index}, contact: { SEV1: [{ slack: true }, { slackMention: incidents }, { sns: phone }] } }\n`,
    );
    const names = Array.from({ length: 14 }, (_, index) => `p${index}`);
    const text = (count: number) =>
      changeExample('{ slack: U0BOB, sns: phone }\n', `{ slack: U0BOB, sns: phone }\n${people.join('')}`).replace(
        'after: 1h, targets: [{ person: bob }, { sns: phone }]',
        `after: 1h, targets: [${names
          .slice(0, count)
          .map((name) => `{ person: ${name} }`)
          .join(', ')}]`,
      );
    expect(complaintsAbout(text(13))).toEqual([]);
    expect(complaintsAbout(text(14))).toEqual([
      'p.yaml:41:9: step 2 of calm sends 42 pages (one for each contact of a person), and one step sends at most 40. Fix: Name roles in place of everyone, or spread the people over several steps.',
    ]);
  });
});
