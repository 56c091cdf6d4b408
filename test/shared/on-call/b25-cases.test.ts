import { describe, expect, it } from 'vitest';
import { readLocal } from '#shared/kernel/local-readings.ts';
import { shiftsBetween } from '#shared/on-call/on-call.ts';
import type { Layer } from '#shared/on-call/schedule.ts';
import { aLayer, aRestriction, aSchedule } from './schedule-builders.ts';

/** `27T23:00Z ann` for each shift that begins between two minutes of UTC, the first cut to it. */
function shiftsOf(layer: Partial<Layer>, timeZone: string, from: string, to: string): string[] {
  const four = aLayer({ members: ['ann', 'ben', 'cem', 'dan'], ...layer });
  const shifts = shiftsBetween(aSchedule([four], timeZone), [], `${from}:00.000Z`, `${to}:00.000Z`);
  return shifts.map(({ startsAt, onCall }) => `${startsAt.slice(8, 16)}Z ${onCall?.person ?? 'nobody'}`);
}

describe('B25 a gap: clocks go from 02:00 to 03:00 (Berlin, 28 March 2027, 01:00 UTC)', () => {
  const berlin = (layer: Partial<Layer>) => shiftsOf(layer, 'Europe/Berlin', '2027-03-27T23:00', '2027-03-28T03:00');

  it('B25 swallows the hourly turn from 02:00, and the turns after it keep their hours', () => {
    const hourly = berlin({ start: '2027-03-28T00:00', shiftMinutes: 60 });
    expect(hourly).toEqual(['27T23:00Z ann', '28T00:00Z ben', '28T01:00Z dan', '28T02:00Z ann']);
  });

  it('B25 moves a hand-over at 02:30, which does not exist, to the first instant after it', () => {
    const daily = berlin({ start: '2027-03-27T02:30' });
    expect(daily).toEqual(['27T23:00Z ann', '28T01:00Z ben']);
  });

  it('B25 moves the start of a layer out of it', () => {
    expect(berlin({ start: '2027-03-28T02:30' })).toEqual(['27T23:00Z nobody', '28T01:00Z ann']);
  });

  it('B25 shortens a restriction that reaches into it, and leaves out one that lies inside', () => {
    const restricted = (startMinute: number, endMinute: number) =>
      berlin({ members: ['ann'], restrictions: [aRestriction({ startMinute, endMinute })] });
    expect(restricted(60, 150)).toEqual(['27T23:00Z nobody', '28T00:00Z ann', '28T01:00Z nobody']);
    expect(restricted(135, 165)).toEqual(['27T23:00Z nobody']);
    expect(restricted(150, 240)).toEqual(['27T23:00Z nobody', '28T01:00Z ann', '28T02:00Z nobody']);
  });

  it('B25 makes the night from 20:00 to 08:00 eleven hours long', () => {
    const night = { members: ['ann'], restrictions: [aRestriction()] };
    const shifts = shiftsOf(night, 'Europe/Berlin', '2027-03-27T12:00', '2027-03-28T12:00');
    expect(shifts).toEqual(['27T12:00Z nobody', '27T19:00Z ann', '28T06:00Z nobody']);
  });

  it('B25 at midnight has the day begin at 01:00 (Beirut)', () => {
    const shifts = shiftsOf({ start: '2026-03-28T00:00' }, 'Asia/Beirut', '2026-03-28T12:00', '2026-03-30T00:00');
    expect(shifts).toEqual(['28T12:00Z ann', '28T22:00Z ben', '29T21:00Z cem']);
  });
});

describe('B25 a fold: clocks go from 03:00 back to 02:00 (Berlin, 31 October 2027, 01:00 UTC)', () => {
  const berlin = (layer: Partial<Layer>) => shiftsOf(layer, 'Europe/Berlin', '2027-10-30T22:00', '2027-10-31T03:00');

  it('B25 has the hourly turn from 02:00 last two hours', () => {
    const hourly = berlin({ start: '2027-10-31T00:00', shiftMinutes: 60 });
    expect(hourly).toEqual(['30T22:00Z ann', '30T23:00Z ben', '31T00:00Z cem', '31T02:00Z dan']);
  });

  it('B25 never gives a turn back: who took over at 02:30 stays on call while clocks show 02:00 again', () => {
    const halfHourly = berlin({ start: '2027-10-31T02:00', shiftMinutes: 30 });
    expect(halfHourly).toEqual([
      '30T22:00Z nobody',
      '31T00:00Z ann',
      '31T00:30Z ben',
      '31T02:00Z cem',
      '31T02:30Z dan',
    ]);
  });

  it('B25 has one hand-over at 02:30, the first time', () => {
    expect(berlin({ start: '2027-10-30T02:30' })).toEqual(['30T22:00Z ann', '31T00:30Z ben']);
  });

  it('B25 has a restriction from 02:15 to 02:45 come once', () => {
    const restricted = berlin({
      members: ['ann'],
      restrictions: [aRestriction({ startMinute: 135, endMinute: 165 })],
    });
    expect(restricted).toEqual(['30T22:00Z nobody', '31T00:15Z ann', '31T00:45Z nobody']);
  });

  it('B25 makes the night from 20:00 to 08:00 thirteen hours long', () => {
    const night = { members: ['ann'], restrictions: [aRestriction()] };
    const shifts = shiftsOf(night, 'Europe/Berlin', '2027-10-30T12:00', '2027-10-31T12:00');
    expect(shifts).toEqual(['30T12:00Z nobody', '30T18:00Z ann', '31T07:00Z nobody']);
  });
});

describe('B25 Lord Howe, where clocks are set by half an hour', () => {
  const zone = 'Australia/Lord_Howe';

  it('B25 a hand-over at 02:10, which does not exist, is at 02:30', () => {
    const shifts = shiftsOf({ start: '2026-10-03T02:10' }, zone, '2026-10-02T15:40', '2026-10-04T16:00');
    expect(shifts).toEqual(['02T15:40Z ann', '03T15:30Z ben', '04T15:10Z cem']);
  });

  it('B25 a turn from 01:45, which comes twice, lasts 24.5 hours', () => {
    const shifts = shiftsOf({ start: '2026-04-04T01:45' }, zone, '2026-04-03T14:45', '2026-04-05T16:00');
    expect(shifts).toEqual(['03T14:45Z ann', '04T14:45Z ben', '05T15:15Z cem']);
  });
});

describe('B25 Apia, which left 30 December 2011 out', () => {
  const zone = 'Pacific/Apia';

  it('B25 the turn of the missing day from 09:00 begins as the next day does, and is short', () => {
    const shifts = shiftsOf({ start: '2011-12-28T09:00' }, zone, '2011-12-28T19:00', '2011-12-31T19:00');
    expect(shifts).toEqual(['28T19:00Z ann', '29T19:00Z ben', '30T10:00Z cem', '30T19:00Z dan']);
  });

  it('B25 the turn from midnight to midnight is swallowed whole, and the next keeps its day', () => {
    const shifts = shiftsOf({ start: '2011-12-28T00:00' }, zone, '2011-12-28T10:00', '2011-12-31T10:00');
    expect(shifts).toEqual(['28T10:00Z ann', '29T10:00Z ben', '30T10:00Z dan']);
  });

  it('B25 a restriction to Fridays has no Friday in that week', () => {
    const fridays = { members: ['ann'], restrictions: [aRestriction({ weekdays: [5], startMinute: 0, endMinute: 0 })] };
    const shifts = shiftsOf({ ...fridays, start: '2011-01-01T00:00' }, zone, '2011-12-28T10:00', '2012-01-07T10:00');
    expect(shifts).toEqual(['28T10:00Z nobody', '05T10:00Z ann', '06T10:00Z nobody']);
  });
});

describe('B25 a local time that comes once must be exactly one instant', () => {
  const shown = (date: string, minute: number, timeZone = 'Europe/Berlin') => readLocal(date, minute, timeZone).shown;

  it('B25 around a gap and a fold', () => {
    expect([119, 120, 179, 180].map((minute) => shown('2027-03-28', minute))).toEqual([
      'once',
      'never',
      'never',
      'once',
    ]);
    expect([119, 120, 179, 180].map((minute) => shown('2027-10-31', minute))).toEqual([
      'once',
      'twice',
      'twice',
      'once',
    ]);
  });

  it('B25 never comes on a day that a zone left out, and always in UTC', () => {
    expect(shown('2011-12-30', 720, 'Pacific/Apia')).toBe('never');
    expect(shown('2011-12-30', 720, 'UTC')).toBe('once');
  });
});

it('B25 a weekly turn keeps its hour from a year before a leap day to the year after it', () => {
  const weekly = { start: '2027-03-01T09:00', shiftMinutes: 7 * 1440, members: ['ann', 'ben'] };
  const hours = (from: string, to: string) => shiftsOf(weekly, 'America/New_York', from, to).slice(1);
  expect(hours('2028-02-20T00:00', '2028-03-21T00:00')).toEqual([
    '21T14:00Z ben',
    '28T14:00Z ann',
    '06T14:00Z ben',
    '13T13:00Z ann',
    '20T13:00Z ben',
  ]);
  expect(hours('2028-12-20T00:00', '2029-01-03T00:00')).toEqual(['25T14:00Z ben', '01T14:00Z ann']);
});
