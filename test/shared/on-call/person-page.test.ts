import { describe, expect, it } from 'vitest';
import { countPages, nightOf, type PersonPage } from '#shared/on-call/person-page.ts';

const berlin = 'Europe/Berlin';

describe('a night', () => {
  it.each<[string, string, string, string | null]>([
    ['begins at 22:00 on the clocks of the zone', '2026-03-02T21:00:00.000Z', berlin, '2026-03-02'],
    ['has not begun a moment before', '2026-03-02T20:59:59.999Z', berlin, null],
    ['belongs after midnight to the day before', '2026-03-03T02:00:00.000Z', berlin, '2026-03-02'],
    ['lasts until before 08:00', '2026-03-03T06:59:59.999Z', berlin, '2026-03-02'],
    ['is over at 08:00', '2026-03-03T07:00:00.000Z', berlin, null],
    ['follows the clocks into summer time', '2026-03-29T06:30:00.000Z', berlin, null],
    ['is another where the day is another', '2026-03-03T02:00:00.000Z', 'America/New_York', null],
    ['is right where offsets are no whole hours', '2026-03-02T16:15:00.000Z', 'Asia/Kathmandu', '2026-03-02'],
  ])('%s', (_, at, zone, expected) => {
    expect(nightOf(at, zone)).toBe(expected);
  });
});

describe('the pages of a person', () => {
  const page = (at: string, incidentNumber: number, person = 'alice'): PersonPage => ({
    schema: 1,
    person,
    at,
    incidentNumber,
    severity: 'SEV1',
    target: `person:${person}`,
  });
  const records = [
    page('2026-03-02T07:59:59.999Z', 40),
    page('2026-03-02T08:00:00.000Z', 41),
    page('2026-03-02T22:10:00.000Z', 42),
    page('2026-03-03T02:00:00.000Z', 42),
    page('2026-03-04T01:00:00.000Z', 43),
    page('2026-03-04T02:00:00.000Z', 43, 'bob'),
    page('2026-03-09T08:00:00.000Z', 44),
  ];

  it('are counted per night, and in all since the shift began', () => {
    const shift = { from: '2026-03-02T08:00:00.000Z', to: '2026-03-09T08:00:00.000Z', timeZone: berlin };
    expect(countPages('alice', records, shift)).toEqual({
      person: 'alice',
      pages: 4,
      incidents: 3,
      atNight: 3,
      nights: [
        { night: '2026-03-02', pages: 2 },
        { night: '2026-03-03', pages: 1 },
      ],
    });
  });

  it('are none for somebody who was left in peace', () => {
    const shift = { from: '2026-03-02T08:00:00.000Z', to: '2026-03-09T08:00:00.000Z', timeZone: berlin };
    expect(countPages('carol', records, shift)).toEqual({
      person: 'carol',
      pages: 0,
      incidents: 0,
      atNight: 0,
      nights: [],
    });
  });
});
