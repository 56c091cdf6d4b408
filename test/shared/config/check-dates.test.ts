import { describe, expect, it } from 'vitest';
import { checkPolicyDates } from '#shared/config/check-dates.ts';
import { formatProblem } from '#shared/config/problem.ts';
import type { Instant } from '#shared/kernel/instant.ts';
import { changeExample, complaintsAbout, readExample } from './example-policy.ts';

/** Monday. */
const now = '2026-11-02T12:00:00.000Z';

function datedComplaints(yaml: string, at: Instant = now): string[] {
  const text = changeExample('escalationPolicies:\n', `${yaml}escalationPolicies:\n`);
  const reading = readExample(text);
  if (!reading.ok) throw new Error(complaintsAbout(text).join('\n'));
  return checkPolicyDates(text, reading.policy, 'p.yaml', at).map(formatProblem);
}

/** From line 23 on. */
const schedule = (...layers: string[]) =>
  `schedules:\n  pager:\n    timeZone: Europe/Berlin\n    layers: [${layers.join(', ')}]\n`;
const always = '{ name: base, members: [alice], shift: weekly, start: 2026-03-02T09:00 }';
const layer = (more: string) => `{ name: top, members: [bob], shift: weekly, ${more} }`;
const fix = 'Fix: Widen when: of a layer, or put a layer in front that always has somebody.';

describe('B26: nobody on call in the next 90 days', () => {
  it('is not told of a schedule that always has somebody', () => {
    expect(datedComplaints(schedule(always))).toEqual([]);
    expect(datedComplaints(schedule(always, layer('start: 2026-03-02T09:00, when: [{ days: [sat] }]')))).toEqual([]);
  });

  it.each([
    [
      'with the first of several gaps, on the clocks of the schedule',
      [layer('start: 2026-03-02T09:00, when: [{ days: [mon, tue, wed, thu, fri], start: "08:00", end: "20:00" }]')],
      'p.yaml:24:3: nobody of schedule pager is on call from mon 2026-11-02 20:00 for 12h (Europe/Berlin), the first of 65 gaps in the next 90 days.',
    ],
    [
      'when a layer has not begun',
      [layer('start: 2026-11-05T09:00')],
      'p.yaml:24:3: nobody of schedule pager is on call from mon 2026-11-02 13:00 for 2d20h (Europe/Berlin) in the next 90 days.',
    ],
    [
      'when a layer ends and nobody takes over',
      [layer('start: 2026-03-02T09:00, end: 2027-01-01T00:00')],
      'p.yaml:24:3: nobody of schedule pager is on call from fri 2027-01-01 00:00 for 30d13h (Europe/Berlin) in the next 90 days.',
    ],
    [
      'between two layers that nearly meet',
      [
        layer('start: 2026-03-02T09:00, end: 2026-12-01T09:00'),
        '{ name: next, members: [alice], shift: daily, start: 2026-12-01T09:30 }',
      ],
      'p.yaml:24:3: nobody of schedule pager is on call from tue 2026-12-01 09:00 for 30m (Europe/Berlin) in the next 90 days.',
    ],
  ])('is told %s', (_, layers, complaint) => {
    expect(datedComplaints(schedule(...layers))).toEqual([`${complaint} ${fix}`]);
  });

  it('is told when it comes into the 90 days, and no earlier', () => {
    const yaml = schedule(layer('start: 2026-03-02T09:00, end: 2027-03-01T00:00'));
    const gapAt = Date.parse('2027-02-28T23:00:00.000Z');
    const ahead = 90 * 86_400_000;
    expect(datedComplaints(yaml, new Date(gapAt - ahead).toISOString())).toEqual([]);
    expect(datedComplaints(yaml, new Date(gapAt - ahead + 60_000).toISOString())).toHaveLength(1);
  });
});

describe('a calendar of holidays', () => {
  const calendar = 'holidays: { berlin: { 2026-12-25: Weihnachten, 2026-10-31: Reformationstag } }\n';

  it('is told when its last date is past, on the clocks of the organisation', () => {
    expect(datedComplaints(calendar, '2026-12-25T23:59:00.000Z')).toEqual([]);
    expect(datedComplaints(calendar, '2026-12-26T00:00:00.000Z')).toEqual([
      'p.yaml:23:13: the last date of the holidays berlin is past: 2026-12-25. Fix: Add the next year: npm run policy -- import-holidays FILE.ics prints it.',
    ]);
    const auckland = `${calendar}workingHours: { timeZone: Pacific/Auckland, days: [mon], start: "09:00", end: "17:00" }\n`;
    expect(datedComplaints(auckland, '2026-12-25T12:00:00.000Z')).toHaveLength(1);
  });
});

it('says nothing about a file without schedules and holidays', () => {
  expect(datedComplaints('')).toEqual([]);
});
