import { describe, expect, it } from 'vitest';
import { complaintsAbout, examplePolicy } from './example-policy.ts';

/** The example with more at its end, from line 39. */
const withEnd = (text: string): string => `${examplePolicy}${text}\n`;

type Row = readonly [name: string, text: string, complaints: readonly string[]];

const rows: readonly Row[] = [
  [
    'accepts a rule in both spellings',
    `inhibit_rules:\n  - { source_matchers: ['a="b"'], target_match: { c: d }, target_match_re: { e: "f|g" }, equal: [cluster] }`,
    [],
  ],
  ['accepts a rule whose source is everything', `inhibit_rules: [{ target_matchers: ['a="b"'] }]`, []],
  [
    'warns about a rule that suppresses everything',
    `inhibit_rules: [{ source_matchers: ['severity="critical"'] }]`,
    [
      'warning: p.yaml:39:17: inhibition rule inhibit_rules[0] suppresses every alert while its source fires. Fix: Say in target_matchers which alerts are suppressed.',
    ],
  ],
  [
    'warns about a rule whose target every alert matches',
    `inhibit_rules: [{ source_matchers: ['a="b"'], target_match_re: { c: ".*" } }]`,
    [
      'warning: p.yaml:39:17: inhibition rule inhibit_rules[0] suppresses every alert while its source fires. Fix: Say in target_matchers which alerts are suppressed.',
    ],
  ],
  [
    'warns about a rule with the same on both sides',
    `inhibit_rules: [{ source_matchers: ['a="b"'], target_match: { a: b } }]`,
    [
      'warning: p.yaml:39:17: inhibition rule inhibit_rules[0] never suppresses anything: an alert that both sides match is not suppressed by another such. Fix: Make the two sides different, such as severity="critical" and severity="warning".',
    ],
  ],
  [
    'warns about a rule whose source no alert matches',
    `inhibit_rules: [{ source_matchers: ['a="b"', 'a="c"'], target_match: { d: e } }]`,
    [
      'warning: p.yaml:39:17: inhibition rule inhibit_rules[0] never suppresses anything: a="b" contradicts a="c". Fix: Change one of the two source matchers.',
    ],
  ],
  [
    'refuses a wrong expression in the older spelling',
    'inhibit_rules: [{ source_match_re: { a: "(" }, target_match: { b: c } }]',
    [
      'p.yaml:39:41: the regular expression "(" of label "a" cannot be read: missing closing ) at character 1. Fix: Correct the regular expression; it is RE2 and anchored at both ends.',
    ],
  ],
  [
    'refuses a number as a label value',
    'inhibit_rules: [{ source_match: { a: 1 }, target_match: { b: c } }]',
    ['p.yaml:39:38: "a" should be a text and is a number. Fix: Put it in quotes: "1".'],
  ],
  [
    'refuses two rules of one name',
    'inhibit_rules:\n  - { name: x, source_match: { a: b }, target_match: { b: c } }\n  - { name: x, source_match: { a: c }, target_match: { b: d } }',
    ['p.yaml:41:13: the name "x" is already that of inhibit_rules[0]. Fix: Give one of them another name.'],
  ],
  [
    'refuses an unknown key of a rule',
    'inhibit_rules: [{ sources: [] }]',
    [
      'p.yaml:39:19: unknown key "sources". Fix: Use one of: "name", "source_matchers", "source_match", "source_match_re", "target_matchers", "target_match", "target_match_re", "equal".',
    ],
  ],
  [
    'refuses a heartbeat of an unknown source or team',
    'heartbeats:\n  dog: { source: mian, every: 5m, owner: wbe }',
    [
      'p.yaml:40:18: unknown source "mian". Fix: Use "main". Or add "mian" under sources.',
      'p.yaml:40:42: unknown team "wbe". Fix: Use "web". Or add "wbe" under teams.',
    ],
  ],
  [
    'warns about a heartbeat whose lateness is worse than its absence',
    'heartbeats:\n  dog: { source: main, every: 5m, lateSeverity: SEV1, missingSeverity: SEV3 }',
    [
      'warning: p.yaml:40:49: heartbeat dog is SEV1 when it is late and only SEV3 when it is missing. Fix: Give missingSeverity the worse of the two.',
    ],
  ],
  [
    'refuses a heartbeat without its time',
    'heartbeats:\n  dog: { source: main }',
    ['p.yaml:40:3: "every" is missing. Fix: Add "every" (a text) here.'],
  ],
  [
    'refuses a heartbeat that is too fast to be watched',
    'heartbeats:\n  dog: { source: main, every: 10s, grace: 1x }',
    [
      'p.yaml:40:31: 10s is too short. Fix: Use 1m to 30d.',
      'p.yaml:40:43: "1x" is not a duration. Fix: Write a number and a unit, such as 30s, 5m, 1h30m or 7d.',
    ],
  ],
  [
    'refuses flapping from the first time on',
    'flapping: { transitions: 1 }',
    ['p.yaml:39:26: transitions is out of range. Fix: Write 2 to 100, or 0 for never.'],
  ],
  [
    'refuses a wrong number of transitions',
    'flapping: { transitions: often, within: 10s }',
    [
      'p.yaml:39:26: transitions is not a whole number. Fix: Write 2 to 100, or 0 for never.',
      'p.yaml:39:41: 10s is too short. Fix: Use 1m to 7d.',
    ],
  ],
  ['accepts that nothing ever flaps', 'flapping: { transitions: 0 }', []],
  [
    "refuses what belongs to Alertmanager's own file, with the way to say it here",
    'receivers: []\nglobal: {}\ntemplates: []\ntracing: {}',
    [
      "p.yaml:39:1: receivers belongs to Alertmanager's own file and says nothing here. Fix: Remove it; say whom to tell with owner: at the routes, teams and escalationPolicies. receiver: may stay at the routes.",
      "p.yaml:40:1: global belongs to Alertmanager's own file and says nothing here. Fix: Remove it; its resolve_timeout is resolveTimeout: of a source, its credentials are in secrets.",
      "p.yaml:41:1: templates belongs to Alertmanager's own file and says nothing here. Fix: Remove it; messages are written by Tocsin.",
      "p.yaml:42:1: tracing belongs to Alertmanager's own file and says nothing here. Fix: Remove it.",
    ],
  ],
];

describe('what a policy file says about inhibition, heartbeats and flapping', () => {
  it.each(rows)('%s', (_, text, complaints) => {
    expect(complaintsAbout(withEnd(text))).toEqual(complaints);
  });
});
