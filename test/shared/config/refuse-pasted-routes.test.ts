import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout } from './example-policy.ts';

/** The example with another text in the place of one line of its last route, from line 37, column 7. */
const withRoute = (text: string): string => changeExample('escalationPolicy: calm', text.replaceAll('\n', '\n      '));

type Row = readonly [name: string, text: string, complaints: readonly string[]];

const rows: readonly Row[] = [
  [
    'may say everything',
    `match: { a: b }\nmatch_re: { c: "d.*" }\nreceiver: team-x\ngroup_by: ['...']\ngroup_wait: 0s\ngroup_interval: 1m30s\nrepeat_interval: 500ms`,
    [],
  ],
  ['may group by nothing and wait for nothing', 'group_by: []\ngroup_wait: 0', []],
  [
    'refuses an unknown time interval, in either list',
    'mute_time_intervals: [nights]\nactive_time_intervals: [days]',
    [
      'p.yaml:37:29: unknown time interval "nights". Fix: Add time_intervals: with "nights" in it.',
      'p.yaml:38:31: unknown time interval "days". Fix: Add time_intervals: with "days" in it.',
    ],
  ],
  [
    "refuses '...' among labels, and a label twice",
    'group_by: [a, "...", a]',
    [
      "p.yaml:37:17: '...' means every label and stands alone. Fix: Write group_by: ['...'], or only label names.",
      'p.yaml:37:28: group_by names "a" twice. Fix: Name it once.',
    ],
  ],
  [
    'refuses an empty label name',
    'group_by: [""]',
    ['p.yaml:37:18: the label name is empty. Fix: Name a label, or write [] for no grouping.'],
  ],
  [
    'refuses a group interval of zero',
    'group_interval: 0s',
    ['p.yaml:37:23: this is zero. Fix: Write a longer time, such as 5m or 4h.'],
  ],
  [
    'refuses a repeat interval of zero',
    'repeat_interval: 0',
    ['p.yaml:37:24: this is zero. Fix: Write a longer time, such as 5m or 4h.'],
  ],
  [
    'refuses a time without a unit',
    'group_wait: 5',
    ['p.yaml:37:19: 5 is not a duration. Fix: Write such as 30s, 5m or 4h.'],
  ],
  ['refuses a time beyond all calendars', 'group_wait: 20y', ['p.yaml:37:19: 20y is too long. Fix: Use at most 10y.']],
  [
    'refuses an empty receiver',
    'receiver: ""',
    ['p.yaml:37:17: the receiver is empty. Fix: Write a name, or remove it.'],
  ],
  [
    'refuses a number as a label value',
    'match: { tier: 1 }',
    ['p.yaml:37:22: "tier" should be a text and is a number. Fix: Put it in quotes: "1".'],
  ],
  [
    'refuses a wrong expression and a wrong label in the older spelling',
    'match_re: { a: "(", 1b: x }',
    ['p.yaml:37:27: "1b" is not a label name. Fix: Use letters, digits and "_", not starting with a digit.'],
  ],
  [
    'refuses an older spelling that contradicts the newer one',
    'match: { team: c }',
    [
      'p.yaml:36:17: no alert can reach route root/1: team="c" contradicts team=~"a|b". Fix: Change one of the two, or move the route out of its parent.',
    ],
  ],
];

describe('a route that is written as in Alertmanager', () => {
  it.each(rows)('%s', (_, text, complaints) => {
    expect(complaintsAbout(withRoute(text))).toEqual(complaints);
  });
});
