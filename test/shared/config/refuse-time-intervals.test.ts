import { describe, expect, it } from 'vitest';
import { complaintsAbout, examplePolicy } from './example-policy.ts';

/** The example with one entry of a time interval; the entry begins at line 42, column 9. */
const withInterval = (entry: string): string =>
  `${examplePolicy}time_intervals:\n  - name: nights\n    time_intervals:\n      - ${entry}\n`;

type Row = readonly [name: string, text: string, complaints: readonly string[]];

const rows: readonly Row[] = [
  [
    'accept every form that Alertmanager does',
    '{ times: [{ start_time: "00:00", end_time: "24:00" }], weekdays: [Sunday, "monday:FRIDAY"], days_of_month: [1, "-1", "2:5", "-5:-2", "1:-1"], months: [1, may, "june:9", "11:12"], years: [2026, "2027:2030"], location: Europe/Berlin }',
    [],
  ],
  ['accept an entry that always holds', '{}', []],
  [
    'refuse a time without a leading zero',
    '{ times: [{ start_time: "9:00", end_time: "17:00" }] }',
    ['p.yaml:42:33: "9:00" is not a time of day. Fix: Write hours and minutes in quotes, such as "09:00" or "24:00".'],
  ],
  [
    'refuse a time that goes over midnight',
    '{ times: [{ start_time: "22:00", end_time: "06:00" }] }',
    [
      'p.yaml:42:52: the time ends at 06:00, not after its start at 22:00. Fix: Write a later end; for a night write two entries, one to "24:00" and one from "00:00".',
    ],
  ],
  [
    'refuse a time of no length',
    '{ times: [{ start_time: "22:00", end_time: "22:00" }] }',
    [
      'p.yaml:42:52: the time ends at 22:00, not after its start at 22:00. Fix: Write a later end; for a night write two entries, one to "24:00" and one from "00:00".',
    ],
  ],
  [
    'refuse a start at 24:00',
    '{ times: [{ start_time: "24:00", end_time: "24:00" }] }',
    [
      'p.yaml:42:52: the time ends at 24:00, not after its start at 24:00. Fix: Write a later end; for a night write two entries, one to "24:00" and one from "00:00".',
    ],
  ],
  [
    'refuse a time without an end',
    '{ times: [{ start_time: "17:00" }] }',
    ['p.yaml:42:19: "end_time" is missing. Fix: Add "end_time" (a text) here.'],
  ],
  [
    'refuse a time that is a number',
    '{ times: [{ start_time: 900, end_time: "17:00" }] }',
    ['p.yaml:42:33: 900 is not a time of day. Fix: Write hours and minutes in quotes, such as "09:00" or "24:00".'],
  ],
  [
    'refuse an empty list, which would never hold',
    '{ times: [] }',
    [
      'p.yaml:42:18: times is empty, so the interval never holds. Fix: Remove times: (it then always holds) or fill it.',
    ],
  ],
  [
    'refuse a short name of a day',
    '{ weekdays: [mon] }',
    [
      'p.yaml:42:22: "mon" is not a weekday or a range of them. Fix: Write a day such as sunday, or a range such as monday:friday; split one that goes over saturday.',
    ],
  ],
  [
    'refuse a number as a weekday',
    '{ weekdays: [1] }',
    [
      'p.yaml:42:22: "1" is not a weekday or a range of them. Fix: Write a day such as sunday, or a range such as monday:friday; split one that goes over saturday.',
    ],
  ],
  [
    'refuse weekdays that go over the end of the week',
    '{ weekdays: ["saturday:monday"] }',
    [
      'p.yaml:42:22: "saturday:monday" is no range: it ends before it begins. Fix: Write a day such as sunday, or a range such as monday:friday; split one that goes over saturday.',
    ],
  ],
  [
    'refuse a range of three',
    '{ weekdays: ["monday:friday:sunday"] }',
    [
      'p.yaml:42:22: "monday:friday:sunday" is not a weekday or a range of them. Fix: Write a day such as sunday, or a range such as monday:friday; split one that goes over saturday.',
    ],
  ],
  [
    'refuse day 0',
    '{ days_of_month: [0] }',
    [
      'p.yaml:42:27: "0" is not a day of the month or a range of them. Fix: Write 1 to 31, or -1 to -31 from the end of the month, or a range such as "1:5" or "-3:-1".',
    ],
  ],
  [
    'refuse a day that no month has',
    '{ days_of_month: [32] }',
    [
      'p.yaml:42:27: "32" is not a day of the month or a range of them. Fix: Write 1 to 31, or -1 to -31 from the end of the month, or a range such as "1:5" or "-3:-1".',
    ],
  ],
  [
    'refuse a negative start with a positive end',
    '{ days_of_month: ["-1:1"] }',
    [
      'p.yaml:42:27: "-1:1" is no range: it begins counted from the end of the month and ends counted from its start. Fix: Write 1 to 31, or -1 to -31 from the end of the month, or a range such as "1:5" or "-3:-1".',
    ],
  ],
  [
    'refuse days whose end is before their start',
    '{ days_of_month: ["5:1"] }',
    [
      'p.yaml:42:27: "5:1" is no range: Alertmanager takes it as one that can end before it begins in a short month. Fix: Write 1 to 31, or -1 to -31 from the end of the month, or a range such as "1:5" or "-3:-1".',
    ],
  ],
  [
    'refuse days whose end may be before their start, as Alertmanager does',
    '{ days_of_month: ["28:-1"] }',
    [
      'p.yaml:42:27: "28:-1" is no range: Alertmanager takes it as one that can end before it begins in a short month. Fix: Write 1 to 31, or -1 to -31 from the end of the month, or a range such as "1:5" or "-3:-1".',
    ],
  ],
  [
    'refuse half a day',
    '{ days_of_month: [1.5] }',
    [
      'p.yaml:42:27: "1.5" is not a day of the month or a range of them. Fix: Write 1 to 31, or -1 to -31 from the end of the month, or a range such as "1:5" or "-3:-1".',
    ],
  ],
  [
    'refuse a thirteenth month',
    '{ months: [13] }',
    [
      'p.yaml:42:20: "13" is not a month or a range of them. Fix: Write january to december or 1 to 12, or a range such as march:may; split one that goes over december.',
    ],
  ],
  [
    'refuse a short name of a month',
    '{ months: [jan] }',
    [
      'p.yaml:42:20: "jan" is not a month or a range of them. Fix: Write january to december or 1 to 12, or a range such as march:may; split one that goes over december.',
    ],
  ],
  [
    'refuse months that go over the end of the year',
    '{ months: ["november:february"] }',
    [
      'p.yaml:42:20: "november:february" is no range: it ends before it begins. Fix: Write january to december or 1 to 12, or a range such as march:may; split one that goes over december.',
    ],
  ],
  [
    'refuse years whose end is before their start',
    '{ years: ["2028:2026"] }',
    [
      'p.yaml:42:19: "2028:2026" is no range: it ends before it begins. Fix: Write a year such as 2026, or a range such as "2026:2028".',
    ],
  ],
  [
    'refuse a word for a year',
    '{ years: [soon] }',
    [
      'p.yaml:42:19: "soon" is not a year or a range of them. Fix: Write a year such as 2026, or a range such as "2026:2028".',
    ],
  ],
  [
    'refuse the zone of the machine',
    '{ location: Local }',
    ['p.yaml:42:21: unknown time zone "Local". Fix: Write an IANA name such as Europe/Berlin or UTC.'],
  ],
  [
    'refuse a zone that does not exist',
    '{ location: Europe/Belrin }',
    ['p.yaml:42:21: unknown time zone "Europe/Belrin". Fix: Write an IANA name such as Europe/Berlin or UTC.'],
  ],
  [
    'refuse an unknown key',
    '{ day: [1] }',
    [
      'p.yaml:42:11: unknown key "day". Fix: Use one of: "times", "weekdays", "days_of_month", "months", "years", "location".',
    ],
  ],
  [
    'refuse days that its months do not have',
    '{ days_of_month: [31], months: [february, april] }',
    [
      'p.yaml:42:9: time interval nights can never hold here: no day fits all of its fields. Fix: Change days_of_month, weekdays, months or years.',
    ],
  ],
  [
    'refuse a leap day in years without one',
    '{ days_of_month: [29], months: [2], years: ["2025:2027"] }',
    [
      'p.yaml:42:9: time interval nights can never hold here: no day fits all of its fields. Fix: Change days_of_month, weekdays, months or years.',
    ],
  ],
  ['accept a leap day in a year far away', '{ days_of_month: [29], months: [2], years: [2025, 2096] }', []],
  [
    'refuse a leap day in 2100',
    '{ days_of_month: [29], months: [2], years: [2100] }',
    [
      'p.yaml:42:9: time interval nights can never hold here: no day fits all of its fields. Fix: Change days_of_month, weekdays, months or years.',
    ],
  ],
  ['accept a Friday the 13th', '{ days_of_month: [13], weekdays: [friday], months: [2] }', []],
  [
    'refuse a name that is used twice, under either key',
    '{}\nmute_time_intervals:\n  - name: nights\n    time_intervals: [{ weekdays: [sunday] }]',
    ['p.yaml:44:11: the name "nights" is already that of time_intervals[0]. Fix: Give one of them another name.'],
  ],
  [
    "refuse a name of JavaScript's own",
    '{}\n  - { name: constructor, time_intervals: [{}] }',
    ['p.yaml:43:13: the name "constructor" is reserved. Fix: Choose another name.'],
  ],
  [
    'refuse a name without an entry',
    '{}\n  - { name: days, time_intervals: [] }',
    ['p.yaml:43:35: the interval has no entry, so it never holds. Fix: Add an entry, or {} for always.'],
  ],
  [
    'refuse an empty name',
    '{}\n  - { name: "", time_intervals: [{}] }',
    [
      'p.yaml:43:13: the name is empty. Fix: Write a short text that routes can refer to, such as nights or out-of-hours.',
    ],
  ],
];

describe('the time intervals of a policy file', () => {
  it.each(rows)('%s', (_, text, complaints) => {
    expect(complaintsAbout(withInterval(text))).toEqual(complaints);
  });
});
