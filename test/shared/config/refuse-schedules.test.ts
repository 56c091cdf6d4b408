import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout } from './example-policy.ts';

/** Lines 23 to 27 of the file. */
const schedules = `holidays: { berlin: { 2026-12-25: Weihnachten } }
schedules:
  pager:
    timeZone: Europe/Berlin
    layers: [{ name: days, members: [alice, bob], shift: weekly, start: 2026-03-02T09:00 }]
`;

function complaints(from: string, to: string): string[] {
  const changed = schedules.replace(from, to);
  if (changed === schedules) throw new Error(`"${from}" does not stand in the schedules`);
  return complaintsAbout(changeExample('escalationPolicies:\n', `${changed}escalationPolicies:\n`));
}

const layers = '[{ name: days, members: [alice, bob], shift: weekly, start: 2026-03-02T09:00 }';
const membersFix = 'Fix: Did you mean "bob"? If not, add "bib" under people.';
const dateTimeFix = 'Fix: Write date and time, such as 2026-03-02T09:00, without seconds and without a zone.';

describe('the schedules of a policy file', () => {
  it('pass when nothing is wrong with them', () => {
    expect(complaintsAbout(changeExample('escalationPolicies:\n', `${schedules}escalationPolicies:\n`))).toEqual([]);
  });

  it.each([
    [
      'refuses a rotation without members',
      'members: [alice, bob]',
      'members: []',
      'p.yaml:27:37: the layer has no members, so nobody is ever on call. Fix: Name at least one person.',
    ],
    [
      'refuses a layer that does not mention members',
      'members: [alice, bob], ',
      '',
      'p.yaml:27:14: the layer has no members, so nobody is ever on call. Fix: Add members: [alice, bob].',
    ],
    [
      'refuses a schedule without layers',
      layers,
      '[',
      'p.yaml:27:13: the schedule has no layers, so nobody is ever on call. Fix: Add a layer with members, shift and start.',
    ],
    [
      'refuses an unknown person',
      'members: [alice, bob]',
      'members: [alice, bib]',
      `p.yaml:27:45: unknown person "bib". ${membersFix}`,
    ],
    [
      'refuses a schedule as a member of a layer, and says what it is',
      'members: [alice, bob]',
      'members: [alice, pager]',
      'p.yaml:27:45: unknown person "pager". Fix: "pager" is a schedule: write schedule: pager in a step, or name the people here.',
    ],
    [
      'refuses a schedule with the name of a person',
      '  pager:',
      '  alice:',
      'p.yaml:25:3: schedule alice has the name of a person. Fix: Give the schedule another name: a role of a team may be either.',
    ],
    [
      'refuses an unknown time zone',
      'Europe/Berlin',
      'Europe/Berln',
      'p.yaml:26:15: unknown time zone "Europe/Berln". Fix: Write an IANA name such as Europe/Berlin or UTC.',
    ],
    [
      'refuses an unknown channel for the hand-off',
      '    layers',
      '    handOffChannel: incident\n    layers',
      'p.yaml:27:21: unknown Slack channel "incident". Fix: Did you mean "incidents"? If not, add "incident" under slackChannels.',
    ],
    [
      'refuses a shift with a word that there is not',
      'shift: weekly',
      'shift: monthly',
      'p.yaml:27:58: "monthly" is not a duration. Fix: Write a number and a unit, such as 30s, 5m, 1h30m or 7d, or hourly, daily or weekly.',
    ],
    [
      'refuses a shift that is too short',
      'shift: weekly',
      'shift: 5m',
      'p.yaml:27:58: 5m is too short. Fix: Use 30m to 365d, or hourly, daily or weekly.',
    ],
    [
      'refuses a shift with seconds',
      'shift: weekly',
      'shift: 1h30s',
      'p.yaml:27:58: a shift is counted in whole minutes. Fix: Write it without seconds, such as 12h or 90m.',
    ],
    [
      'refuses a start with a zone of its own',
      '2026-03-02T09:00',
      '2026-03-02T09:00Z',
      `p.yaml:27:73: "2026-03-02T09:00Z" is not a local date and time. ${dateTimeFix}`,
    ],
    [
      'refuses a start on a day that the calendar does not have',
      '2026-03-02T09:00',
      '2026-02-29T09:00',
      `p.yaml:27:73: the calendar has no 2026-02-29. ${dateTimeFix}`,
    ],
    [
      'refuses an end that is not after the start',
      '2026-03-02T09:00',
      '2026-03-02T09:00, end: 2026-03-02T09:00',
      'p.yaml:27:96: layer days of schedule pager ends at 2026-03-02T09:00, not after its start at 2026-03-02T09:00. Fix: Write a later end.',
    ],
    [
      'refuses two layers with one name',
      layers,
      `${layers}, { name: days, members: [bob], shift: weekly, start: 2026-03-02T09:00, when: [{ days: [sat] }] }`,
      'p.yaml:27:101: layer 2 of schedule pager has the name of layer 1: days. Fix: Give it another name.',
    ],
    [
      'refuses a layer under one that always covers it',
      layers,
      `${layers}, { name: top, members: [bob], shift: weekly, start: 2026-03-02T09:00 }`,
      'p.yaml:27:14: nobody of layer days of schedule pager is ever on call: layer top always covers it. Fix: Give layer top a when:, or move it before layer days.',
    ],
    [
      'refuses a restriction that never holds',
      '09:00 }',
      '09:00, when: [{ start: "18:00", end: "09:00" }] }',
      'p.yaml:27:98: this never holds: it names no day. Fix: Add days: such as [mon, tue, wed, thu, fri, sat, sun], or holidays: with a calendar.',
    ],
    [
      'refuses a restriction with an empty list of days',
      '09:00 }',
      '09:00, when: [{ days: [] }] }',
      'p.yaml:27:106: the list of days is empty. Fix: Name at least one of the days, such as [sat, sun].',
    ],
    [
      'refuses an unknown calendar',
      '09:00 }',
      '09:00, when: [{ holidays: berln }] }',
      'p.yaml:27:110: unknown calendar of holidays "berln". Fix: Did you mean "berlin"? If not, add "berln" under holidays.',
    ],
    [
      'refuses a holiday that the calendar of months does not have',
      '2026-12-25',
      '2026-02-30',
      'p.yaml:23:23: the calendar has no 2026-02-30. Fix: Write year, month and day, such as 2026-12-24.',
    ],
    [
      'refuses a calendar without dates',
      '{ 2026-12-25: Weihnachten }',
      '{}',
      'p.yaml:23:21: the calendar of holidays has no date. Fix: Add one, such as 2026-12-25: Christmas Day.',
    ],
  ])('%s', (_, from, to, complaint) => {
    expect(complaints(from, to)).toEqual([complaint]);
  });
});

describe('B25: a local time that comes once', () => {
  const withTime = (zone: string, start: string) =>
    complaintsAbout(
      changeExample(
        'escalationPolicies:\n',
        `${schedules.replace('Europe/Berlin', zone).replace('2026-03-02T09:00', start)}escalationPolicies:\n`,
      ),
    );

  it.each([
    ['Europe/Berlin', '2026-03-29T02:30', 'skip', '2026-03-29T03:00'],
    ['Europe/Berlin', '2026-03-29T02:00', 'skip', '2026-03-29T03:00'],
    ['Pacific/Apia', '2011-12-30T09:00', 'skip', '2011-12-31T00:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', 'skip', '2026-10-04T02:30'],
    ['Europe/Berlin', '2026-10-25T02:00', 'twice', '2026-10-25T03:00'],
    ['Europe/Berlin', '2026-10-25T02:59', 'twice', '2026-10-25T03:00'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', 'twice', '2026-04-05T02:00'],
    // Local mean time until then: clocks were set back by 3 minutes 58 seconds.
    ['America/New_York', '1883-11-18T12:03', 'twice', '1883-11-18T12:04'],
  ])('is refused in %s at %s, which its clocks %s, with a time that does', (zone, start, kind, instead) => {
    const what = kind === 'skip' ? `skip ${start}` : `show ${start} twice`;
    expect(withTime(zone, start)).toEqual([
      `p.yaml:27:73: clocks in ${zone} ${what}. Fix: Choose another time, such as ${instead}.`,
    ]);
    expect(withTime(zone, instead)).toEqual([]);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T01:59'],
    ['Europe/Berlin', '2026-03-29T03:00'],
    ['Europe/Berlin', '2026-10-25T01:59'],
    ['Europe/Berlin', '2026-10-25T03:00'],
    ['UTC', '2026-10-25T02:30'],
  ])('passes in %s at %s', (zone, start) => {
    expect(withTime(zone, start)).toEqual([]);
  });

  it('may be one that a day lacks where it recurs', () => {
    const nightly = schedules.replace('09:00 }', '09:00, when: [{ days: [sun], start: "02:15", end: "02:45" }] }');
    expect(complaintsAbout(changeExample('escalationPolicies:\n', `${nightly}escalationPolicies:\n`))).toEqual([]);
  });
});
