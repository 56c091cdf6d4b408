import { describe, expect, it } from 'vitest';
import { coverageOf } from '#shared/on-call/coverage.ts';
import { aLayer, anOverride, aRestriction, aSchedule, at } from './schedule-builders.ts';

const hour = 3600;

describe('the coverage of a schedule', () => {
  it('names the gaps and what each person carries, nights and weekends besides', () => {
    // 3 January 2026 is a Saturday.
    const office = aRestriction({ weekdays: [1, 2, 3, 4, 5], startMinute: 9 * 60, endMinute: 23 * 60 });
    const schedule = aSchedule([aLayer({ members: ['ann', 'ben'], restrictions: [office] })]);
    const standIn = anOverride({ startsAt: at('01-03T06:00'), endsAt: at('01-03T09:00') });
    expect(coverageOf(schedule, [standIn], at('01-02T00:00'), at('01-05T12:00'))).toEqual({
      gaps: [
        { startsAt: at('01-02T00:00'), endsAt: at('01-02T09:00') },
        { startsAt: at('01-02T23:00'), endsAt: at('01-03T06:00') },
        { startsAt: at('01-03T09:00'), endsAt: at('01-05T09:00') },
      ],
      people: [
        { person: 'ann', seconds: 3 * hour, nightSeconds: 0, weekendSeconds: 0 },
        { person: 'ben', seconds: 14 * hour, nightSeconds: hour, weekendSeconds: 0 },
        { person: 'zoe', seconds: 3 * hour, nightSeconds: 2 * hour, weekendSeconds: 3 * hour },
      ],
    });
  });

  it('counts the time that passes: a night in which clocks are set back is an hour longer, one in which they go forward shorter', () => {
    const schedule = aSchedule([aLayer({ members: ['ann'] })], 'Europe/Berlin');
    const carried = (from: string, to: string) => coverageOf(schedule, [], from, to).people;
    expect(carried('2026-10-24T10:00:00.000Z', '2026-10-25T11:00:00.000Z')).toEqual([
      { person: 'ann', seconds: 25 * hour, nightSeconds: 11 * hour, weekendSeconds: 25 * hour },
    ]);
    expect(carried('2026-03-28T11:00:00.000Z', '2026-03-29T10:00:00.000Z')).toEqual([
      { person: 'ann', seconds: 23 * hour, nightSeconds: 9 * hour, weekendSeconds: 23 * hour },
    ]);
  });

  it('has no gap when somebody is always on call', () => {
    expect(coverageOf(aSchedule([aLayer()]), [], at('02-01T00:00'), at('05-01T00:00')).gaps).toEqual([]);
  });
});
