import { describe, expect, it } from 'vitest';
import type { WorkingHours } from '#shared/config/policy.ts';
import { nextWorkingInstant } from '#shared/escalation/working-hours.ts';

const berlin: WorkingHours = { timeZone: 'Europe/Berlin', weekdays: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' };
const everyDay = [1, 2, 3, 4, 5, 6, 7];

describe('the next working instant', () => {
  it.each([
    ['inside the hours is now', '2026-03-02T12:00:00.000Z', '2026-03-02T12:00:00.000Z'],
    ['at the start is now', '2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z'],
    ['a moment before the start is the start', '2026-03-02T07:59:59.999Z', '2026-03-02T08:00:00.000Z'],
    ['a moment before the end is now', '2026-03-02T15:59:59.999Z', '2026-03-02T15:59:59.999Z'],
    ['at the end is the next morning, because the end is out', '2026-03-02T16:00:00.000Z', '2026-03-03T08:00:00.000Z'],
    ['on Friday evening is Monday', '2026-03-06T20:00:00.000Z', '2026-03-09T08:00:00.000Z'],
    ['over the change to summer time is the local start', '2026-03-28T12:00:00.000Z', '2026-03-30T07:00:00.000Z'],
    ['over the change to winter time is the local start', '2026-10-24T12:00:00.000Z', '2026-10-26T08:00:00.000Z'],
  ])('%s', (_, instant, expected) => {
    expect(nextWorkingInstant(berlin, instant)).toBe(expected);
  });

  it('counts days as they are in the zone, not in UTC', () => {
    const auckland = { ...berlin, timeZone: 'Pacific/Auckland' };
    // Sunday 21:00 UTC is Monday 10:00 in Auckland (UTC+13).
    expect(nextWorkingInstant(auckland, '2026-03-01T21:00:00.000Z')).toBe('2026-03-01T21:00:00.000Z');
    expect(nextWorkingInstant(auckland, '2026-03-01T12:00:00.000Z')).toBe('2026-03-01T20:00:00.000Z');
  });

  it('looks a whole week ahead when the only day is over', () => {
    const mondays = { ...berlin, weekdays: [1] };
    expect(nextWorkingInstant(mondays, '2026-03-02T16:00:00.000Z')).toBe('2026-03-09T08:00:00.000Z');
  });

  it('is no holiday, however many follow each other', () => {
    const holidays = ['2026-12-24', '2026-12-25', '2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01'];
    const closed = { ...berlin, holidays };
    expect(nextWorkingInstant(closed, '2026-12-23T12:00:00.000Z')).toBe('2026-12-23T12:00:00.000Z');
    expect(nextWorkingInstant(closed, '2026-12-23T16:00:00.000Z')).toBe('2027-01-04T08:00:00.000Z');
    const mondays = { ...berlin, weekdays: [1], holidays: ['2026-12-28', '2027-01-04', '2027-01-11'] };
    expect(nextWorkingInstant(mondays, '2026-12-21T16:00:00.000Z')).toBe('2027-01-18T08:00:00.000Z');
  });

  it('takes 24:00 as the end of the day', () => {
    const allDay = { ...berlin, weekdays: [1], start: '00:00', end: '24:00' };
    expect(nextWorkingInstant(allDay, '2026-03-02T22:59:59.999Z')).toBe('2026-03-02T22:59:59.999Z');
    expect(nextWorkingInstant(allDay, '2026-03-02T23:00:00.000Z')).toBe('2026-03-08T23:00:00.000Z');
  });

  it('fails loudly when working hours never come', () => {
    expect(() => nextWorkingInstant({ ...berlin, weekdays: [] }, '2026-03-02T12:00:00.000Z')).toThrow('never come');
  });
});

describe('a local time on the day when clocks change', () => {
  it('that the day does not have moves to the first valid instant', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    const early = { ...berlin, weekdays: everyDay, start: '02:30', end: '04:00' };
    expect(nextWorkingInstant(early, '2026-03-29T00:30:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(nextWorkingInstant(early, '2026-03-29T01:15:00.000Z')).toBe('2026-03-29T01:15:00.000Z');
    expect(nextWorkingInstant(early, '2026-03-29T02:00:00.000Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  it('leaves out hours that lie wholly in the gap', () => {
    const gone = { ...berlin, weekdays: everyDay, start: '02:10', end: '02:50' };
    expect(nextWorkingInstant(gone, '2026-03-29T00:30:00.000Z')).toBe('2026-03-30T00:10:00.000Z');
    const sundays = { ...gone, weekdays: [7] };
    expect(nextWorkingInstant(sundays, '2026-03-22T01:50:00.000Z')).toBe('2026-04-05T00:10:00.000Z');
  });

  it('that the day has twice means the first of the two', () => {
    // Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
    const early = { ...berlin, weekdays: everyDay, start: '02:30', end: '04:00' };
    expect(nextWorkingInstant(early, '2026-10-25T00:00:00.000Z')).toBe('2026-10-25T00:30:00.000Z');
    const short = { ...early, end: '02:45' };
    expect(nextWorkingInstant(short, '2026-10-25T00:50:00.000Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it('is right where clocks change by half an hour (Lord Howe)', () => {
    // 4 October 2026: 02:00 (UTC+10:30) becomes 02:30 (UTC+11) at 15:30 UTC of the day before.
    const lordHowe = { timeZone: 'Australia/Lord_Howe', weekdays: everyDay, start: '02:15', end: '05:00' };
    expect(nextWorkingInstant(lordHowe, '2026-10-03T15:00:00.000Z')).toBe('2026-10-03T15:30:00.000Z');
    expect(nextWorkingInstant(lordHowe, '2026-10-03T18:00:00.000Z')).toBe('2026-10-04T15:15:00.000Z');
    // 5 April 2026: 02:00 (UTC+11) becomes 01:30 (UTC+10:30): 01:45 comes twice, first at 14:45 UTC.
    const twice = { ...lordHowe, start: '01:45' };
    expect(nextWorkingInstant(twice, '2026-04-04T14:00:00.000Z')).toBe('2026-04-04T14:45:00.000Z');
  });
});
