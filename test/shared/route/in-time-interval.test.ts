import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInAnyInterval, isInTimeInterval } from '#shared/route/in-time-interval.ts';
import type { TimeInterval } from '#shared/route/time-interval.ts';
import { interval, range, time } from './interval-builders.ts';

type Row = readonly [name: string, fields: Partial<TimeInterval>, instant: string, holds: boolean];

const check = (rows: readonly Row[]): void => {
  it.each(rows)('%s', (_, fields, instant, holds) => {
    expect(isInTimeInterval(interval(fields), instant)).toBe(holds);
  });
};

const office = [time('09:00-17:00')];

describe('a time interval holds', () => {
  check([
    ['always when no field says otherwise', {}, '2026-03-04T12:00:00.000Z', true],
    ['from the start minute', { times: office }, '2026-03-04T09:00:00.000Z', true],
    ['not a moment before it', { times: office }, '2026-03-04T08:59:59.999Z', false],
    ['to the last moment before the end minute', { times: office }, '2026-03-04T16:59:59.999Z', true],
    ['not at the end minute', { times: office }, '2026-03-04T17:00:00.000Z', false],
    ['to midnight when it ends at 24:00', { times: [time('22:00-24:00')] }, '2026-03-04T23:59:59.999Z', true],
    ['not after a midnight at which it ended', { times: [time('22:00-24:00')] }, '2026-03-05T00:00:00.000Z', false],
    ['in any of its times', { times: [time('00:00-06:00'), time('22:00-24:00')] }, '2026-03-04T05:59:00.000Z', true],
    ['on the first day of a range of weekdays', { weekdays: [range(1, 5)] }, '2026-03-02T12:00:00.000Z', true],
    ['on the last day of a range of weekdays', { weekdays: [range(1, 5)] }, '2026-03-06T12:00:00.000Z', true],
    ['not on a weekday outside of the range', { weekdays: [range(1, 5)] }, '2026-03-07T12:00:00.000Z', false],
    ['on Sundays, which are day 0', { weekdays: [range(0)] }, '2026-03-08T12:00:00.000Z', true],
    ['in a month of the range', { months: [range(3, 5)] }, '2026-05-31T23:59:59.999Z', true],
    ['not in another month', { months: [range(3, 5)] }, '2026-06-01T00:00:00.000Z', false],
    ['in a year of the range', { years: [range(2026, 2027)] }, '2027-12-31T23:59:59.999Z', true],
    ['not in another year', { years: [range(2026, 2027)] }, '2028-01-01T00:00:00.000Z', false],
    ['when every field does', { times: office, weekdays: [range(3)] }, '2026-03-04T09:00:00.000Z', true],
    ['not when one field does not', { times: office, weekdays: [range(4)] }, '2026-03-04T09:00:00.000Z', false],
    ['never when a field has no entry at all', { weekdays: [] }, '2026-03-04T09:00:00.000Z', false],
    ['before 1970 too', { times: office }, '1969-12-31T09:00:00.000Z', true],
  ]);
});

describe('days of the month', () => {
  check([
    ['a day of the month', { daysOfMonth: [range(15)] }, '2026-03-15T00:00:00.000Z', true],
    ['the day after it', { daysOfMonth: [range(15)] }, '2026-03-16T00:00:00.000Z', false],
    ['-1 is the last of 31 days', { daysOfMonth: [range(-1)] }, '2026-03-31T12:00:00.000Z', true],
    ['-1 is not the 30th of 31 days', { daysOfMonth: [range(-1)] }, '2026-03-30T12:00:00.000Z', false],
    ['-1 is the last of 30 days', { daysOfMonth: [range(-1)] }, '2026-04-30T12:00:00.000Z', true],
    ['-1 is 28 February', { daysOfMonth: [range(-1)] }, '2026-02-28T12:00:00.000Z', true],
    ['-1 is 29 February in a leap year', { daysOfMonth: [range(-1)] }, '2028-02-29T12:00:00.000Z', true],
    ['-1 is not 28 February in a leap year', { daysOfMonth: [range(-1)] }, '2028-02-28T12:00:00.000Z', false],
    ['2100 is no leap year', { daysOfMonth: [range(-1)] }, '2100-02-28T12:00:00.000Z', true],
    ['-3:-1 begins on the third last', { daysOfMonth: [range(-3, -1)] }, '2026-02-26T00:00:00.000Z', true],
    ['-3:-1 has not begun before', { daysOfMonth: [range(-3, -1)] }, '2026-02-25T23:59:59.999Z', false],
    ['1:-1 is the whole month', { daysOfMonth: [range(1, -1)] }, '2026-02-28T23:59:59.999Z', true],
    ['31 does not come in April', { daysOfMonth: [range(31)] }, '2026-04-30T12:00:00.000Z', false],
    ['29:31 does not come in a short February', { daysOfMonth: [range(29, 31)] }, '2026-02-28T12:00:00.000Z', false],
    ['20:31 is cut to the end of April', { daysOfMonth: [range(20, 31)] }, '2026-04-30T12:00:00.000Z', true],
    ['20:31 does not go on into May', { daysOfMonth: [range(20, 31)] }, '2026-05-01T12:00:00.000Z', false],
    ['-31:-25 is cut to the start of February', { daysOfMonth: [range(-31, -25)] }, '2026-02-01T12:00:00.000Z', true],
    ['-31:-25 ends in February as counted', { daysOfMonth: [range(-31, -25)] }, '2026-02-05T12:00:00.000Z', false],
    ['-31 does not come in April', { daysOfMonth: [range(-31)] }, '2026-04-01T12:00:00.000Z', false],
  ]);
});

describe('a time interval in a zone', () => {
  const berlin = { timeZone: 'Europe/Berlin', times: [time('02:00-03:00')] };
  check([
    [
      'converts first: an evening in UTC is the next day in Tokyo',
      { timeZone: 'Asia/Tokyo', weekdays: [range(1)] },
      '2026-03-01T15:00:00.000Z',
      true,
    ],
    [
      'converts first: a morning in UTC is the day before in New York',
      { timeZone: 'America/New_York', daysOfMonth: [range(-1)] },
      '2026-04-01T03:59:00.000Z',
      true,
    ],
    [
      'converts first: a new year comes later in Honolulu',
      { timeZone: 'Pacific/Honolulu', years: [range(2026)] },
      '2027-01-01T09:59:59.999Z',
      true,
    ],
    ['follows winter time', { timeZone: 'Europe/Berlin', times: office }, '2026-01-15T08:00:00.000Z', true],
    ['follows summer time', { timeZone: 'Europe/Berlin', times: office }, '2026-07-15T07:00:00.000Z', true],
    [
      'and so is over an hour earlier in UTC',
      { timeZone: 'Europe/Berlin', times: office },
      '2026-07-15T15:00:00.000Z',
      false,
    ],
    ['has half hours', { timeZone: 'Asia/Kolkata', times: office }, '2026-03-04T03:30:00.000Z', true],
    ['has quarters', { timeZone: 'Asia/Kathmandu', times: office }, '2026-03-04T03:14:00.000Z', false],
    ['does not come while clocks skip it: before', berlin, '2026-03-29T00:59:59.999Z', false],
    ['does not come while clocks skip it: after', berlin, '2026-03-29T01:00:00.000Z', false],
    ['comes twice when clocks go back: first', berlin, '2026-10-25T00:30:00.000Z', true],
    ['comes twice when clocks go back: second', berlin, '2026-10-25T01:30:00.000Z', true],
    ['is over after the second', berlin, '2026-10-25T02:00:00.000Z', false],
    [
      'knows a change of half an hour (Lord Howe)',
      { timeZone: 'Australia/Lord_Howe', times: [time('02:00-02:30')] },
      '2026-10-03T15:30:00.000Z',
      false,
    ],
    [
      'knows a day that never was (Apia)',
      { timeZone: 'Pacific/Apia', daysOfMonth: [range(30)], months: [range(12)] },
      '2011-12-30T12:00:00.000Z',
      false,
    ],
  ]);
});

describe('intervals under one name', () => {
  it('hold when one of them does, and never when there are none', () => {
    const night = interval({ times: [time('22:00-24:00')] });
    const sunday = interval({ weekdays: [range(0)] });
    expect(isInAnyInterval([night, sunday], '2026-03-08T12:00:00.000Z')).toBe(true);
    expect(isInAnyInterval([night, sunday], '2026-03-09T22:00:00.000Z')).toBe(true);
    expect(isInAnyInterval([night, sunday], '2026-03-09T12:00:00.000Z')).toBe(false);
    expect(isInAnyInterval([], '2026-03-09T12:00:00.000Z')).toBe(false);
  });
});

describe('in every zone', () => {
  it('a minute is read as the platform shows it', async () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const millis = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2037, 0) });
    await fc.assert(
      fc.property(fc.constantFrom(...zones), millis, (timeZone, at) => {
        const parts = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          hourCycle: 'h23',
          year: 'numeric',
          month: 'numeric',
          day: 'numeric',
          hour: 'numeric',
          minute: 'numeric',
        }).formatToParts(at);
        const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
        const minute = read('hour') * 60 + read('minute');
        const exact = interval({
          timeZone,
          times: [{ startMinute: minute, endMinute: minute + 1 }],
          daysOfMonth: [range(read('day'))],
          months: [range(read('month'))],
          years: [range(read('year'))],
        });
        expect(isInTimeInterval(exact, new Date(at).toISOString())).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
