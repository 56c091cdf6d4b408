import { describe, expect, it } from 'vitest';
import { complaintsAbout, examplePolicy } from './example-policy.ts';

/** The example with one maintenance window, on line 40. */
const withWindow = (window: string): string => `${examplePolicy}maintenanceWindows:\n  w: { ${window} }\n`;

type Row = readonly [name: string, text: string, complaints: readonly string[]];

const rows: readonly Row[] = [
  ['accept a daily one', `matchers: ['team="a"'], start: "02:00", duration: 2h, daily: true`, []],
  [
    'accept weekly, monthly and bounded ones',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, days: [sun, mon], from: 2026-01-01, until: 2026-12-31`,
    [],
  ],
  [
    'refuse one that does not say how often it comes',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, comment: x`,
    [
      'p.yaml:40:6: the recurrence of the window is empty. Fix: Give exactly one of: daily, days, daysOfMonth, nthWeekday, date.',
    ],
  ],
  [
    'refuse one that says it twice',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, daily: true, date: 2026-01-01`,
    [
      'p.yaml:40:6: the recurrence of the window has several of its kinds at once: daily, date. Fix: Give exactly one of: daily, days, daysOfMonth, nthWeekday, date.',
    ],
  ],
  [
    'refuse daily: false',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, daily: false`,
    ['p.yaml:40:69: daily is not true. Fix: Write daily: true, or remove it.'],
  ],
  [
    'refuse the long name of a day',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, days: [monday]`,
    ['p.yaml:40:69: "monday" is not allowed here. Fix: Use one of: "mon", "tue", "wed", "thu", "fri", "sat", "sun".'],
  ],
  [
    'refuse an empty list of days',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, days: []`,
    ['p.yaml:40:68: the list of days is empty. Fix: Name at least one of the days.'],
  ],
  [
    'refuse day 0 of the month',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, daysOfMonth: [0]`,
    ['p.yaml:40:76: no month has a day 0. Fix: Write 1 to 31, or -1 to -31 from the end of the month.'],
  ],
  [
    'refuse a day that no month has',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, daysOfMonth: [32]`,
    ['p.yaml:40:76: the day of the month is above 31. Fix: Write 1 to 31, or -1 to -31 from the end of the month.'],
  ],
  [
    'refuse a sixth Tuesday',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, nthWeekday: { nth: 6, day: tue }`,
    ['p.yaml:40:81: nth does not exist in any month. Fix: Write 1 to 5, or -1 for the last.'],
  ],
  [
    'refuse the first of no day',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, nthWeekday: { nth: 1 }`,
    ['p.yaml:40:62: "day" is missing. Fix: Use one of: "mon", "tue", "wed", "thu", "fri", "sat", "sun".'],
  ],
  [
    'refuse a date that the calendar does not have',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, date: 2026-02-30`,
    ['p.yaml:40:68: the calendar has no 2026-02-30. Fix: Write year, month and day, such as 2026-12-24.'],
  ],
  [
    'refuse a date in words',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, date: 5 May`,
    ['p.yaml:40:68: "5 May" is not a date. Fix: Write year, month and day, such as 2026-12-24.'],
  ],
  [
    'refuse an unknown zone',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, daily: true, timeZone: Berlin`,
    ['p.yaml:40:85: unknown time zone "Berlin". Fix: Write an IANA name such as Europe/Berlin or UTC.'],
  ],
  [
    'refuse one that ends before it begins',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, daily: true, from: 2026-05-02, until: 2026-05-01`,
    [
      'p.yaml:40:81: maintenance window w never comes: no date between from and until fits. Fix: Change from, until or the days.',
    ],
  ],
  [
    'refuse one whose day is not between its bounds',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, nthWeekday: { nth: 5, day: fri }, from: 2026-02-01, until: 2026-02-28`,
    [
      'p.yaml:40:102: maintenance window w never comes: no date between from and until fits. Fix: Change from, until or the days.',
    ],
  ],
  [
    'accept one whose day is',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, nthWeekday: { nth: 5, day: fri }, from: 2026-02-01, until: 2026-05-29`,
    [],
  ],
  [
    'refuse a date after the last',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, date: 2026-05-05, until: 2026-05-01`,
    [
      'p.yaml:40:87: maintenance window w never comes: no date between from and until fits. Fix: Change from, until or the days.',
    ],
  ],
  [
    'refuse a date before the first',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, date: 2026-05-05, from: 2026-05-06`,
    [
      'p.yaml:40:86: maintenance window w never comes: no date between from and until fits. Fix: Change from, until or the days.',
    ],
  ],
  [
    'refuse a day that the zone left out',
    `matchers: ['team="a"'], start: "02:00", duration: 2h, date: 2011-12-30, timeZone: Pacific/Apia`,
    ['p.yaml:40:68: Pacific/Apia has no day 2011-12-30. Fix: Choose another date.'],
  ],
  [
    'refuse one of no length',
    `matchers: ['team="a"'], start: "02:00", daily: true, duration: 0s`,
    ['p.yaml:40:71: 0s is too short. Fix: Use 1m to 30d.'],
  ],
  [
    'refuse a daily one that lasts a day',
    `matchers: ['team="a"'], start: "02:00", daily: true, duration: 24h`,
    [
      'p.yaml:40:71: maintenance window w never ends: it lasts 1d and begins again every 1d. Fix: Make it shorter, or rarer.',
    ],
  ],
  [
    'refuse a weekly one that lasts a week',
    `matchers: ['team="a"'], start: "02:00", days: [mon], duration: 7d`,
    [
      'p.yaml:40:71: maintenance window w never ends: it lasts 7d and begins again every 7d. Fix: Make it shorter, or rarer.',
    ],
  ],
  [
    'accept a weekly one that lasts almost a week',
    `matchers: ['team="a"'], start: "02:00", days: [mon], duration: 6d23h`,
    [],
  ],
  [
    'refuse a one-off start that clocks skip',
    `matchers: ['team="a"'], duration: 2h, date: 2026-03-29, timeZone: Europe/Berlin, start: "02:30"`,
    ['p.yaml:40:96: clocks in Europe/Berlin skip 02:30 on 2026-03-29. Fix: Choose another time.'],
  ],
  [
    'accept a recurring start that clocks skip on one day',
    `matchers: ['team="a"'], duration: 2h, daily: true, timeZone: Europe/Berlin, start: "02:30"`,
    [],
  ],
  [
    'refuse a start without a leading zero',
    `matchers: ['team="a"'], duration: 2h, daily: true, start: "2:00"`,
    ['p.yaml:40:66: "2:00" is not a time of day. Fix: Write hours and minutes in quotes, such as "02:00".'],
  ],
  [
    'refuse one that silences everything',
    `start: "02:00", duration: 2h, daily: true, matchers: ['team=~".*"', 'x=""']`,
    [
      `p.yaml:40:61: maintenance window w silences everything: each of its matchers also accepts a missing label. Fix: Say what it silences, such as 'team="database"'.`,
    ],
  ],
  [
    'accept a negative matcher, as a silence does',
    `start: "02:00", duration: 2h, daily: true, matchers: ['team!="a"']`,
    [],
  ],
  [
    'refuse one without matchers',
    'start: "02:00", duration: 2h, daily: true, matchers: []',
    [`p.yaml:40:61: the window has no matchers. Fix: Say what it silences, such as ['team="database"'].`],
  ],
  [
    'refuse what is no matcher',
    `start: "02:00", duration: 2h, daily: true, matchers: ['team=~"["']`,
    [
      'p.yaml:40:62: this is not a matcher: the regular expression "[" of label "team" cannot be read: missing closing ] at character 1. Fix: Write it as Alertmanager does, in single quotes: \'team="payments"\' or \'severity=~"critical|page"\'.',
    ],
  ],
];

describe('the maintenance windows of a policy file', () => {
  it.each(rows)('%s', (_, text, complaints) => {
    expect(complaintsAbout(withWindow(text))).toEqual(complaints);
  });
});
