import { describe, expect, it } from 'vitest';
import { onCallAt, shiftsBetween } from '#shared/on-call/on-call.ts';
import type { Override } from '#shared/on-call/override.ts';
import { aLayer, anOverride, aRestriction, aSchedule, at, show } from './schedule-builders.ts';

const byLayer = (person: string, layer: string) => ({ person, by: { kind: 'layer', layer } });

describe('a rotation', () => {
  const schedule = aSchedule([aLayer()]);

  it('gives the members their turns in order, and begins again', () => {
    const shifts = shiftsBetween(schedule, [], at('01-01T12:00'), at('01-05T00:00'));
    expect(show(shifts)).toEqual(['01-01T12:00 ann', '01-02T09:00 ben', '01-03T09:00 cem', '01-04T09:00 ann']);
  });

  it('has nobody before its start', () => {
    expect(onCallAt(schedule, [], at('01-01T08:59'))).toBeNull();
    expect(onCallAt(schedule, [], at('01-01T09:00'))).toEqual({
      person: 'ann',
      by: { kind: 'layer', layer: 'primary' },
    });
  });

  it('has nobody from its end on, even in the middle of a turn', () => {
    const ending = aSchedule([aLayer({ end: '2026-01-02T15:00' })]);
    const shifts = shiftsBetween(ending, [], at('01-02T00:00'), at('01-03T00:00'));
    expect(show(shifts)).toEqual(['01-02T00:00 ann', '01-02T09:00 ben', '01-02T15:00 nobody']);
  });

  it('of one member is one long shift', () => {
    const alone = aSchedule([aLayer({ members: ['ann'] })]);
    expect(show(shiftsBetween(alone, [], at('02-01T00:00'), at('03-01T00:00')))).toEqual(['02-01T00:00 ann']);
  });

  it('hands over by the hour or after any other time', () => {
    const shiftsOf = (shiftMinutes: number) =>
      show(shiftsBetween(aSchedule([aLayer({ shiftMinutes })]), [], at('01-01T09:00'), at('01-01T11:00')));
    expect(shiftsOf(60)).toEqual(['01-01T09:00 ann', '01-01T10:00 ben']);
    expect(shiftsOf(45)).toEqual(['01-01T09:00 ann', '01-01T09:45 ben', '01-01T10:30 cem']);
  });

  it('of no time has no shifts', () => {
    expect(shiftsBetween(schedule, [], at('01-02T09:00'), at('01-02T09:00'))).toEqual([]);
  });
});

describe('layers', () => {
  const night = aLayer({ name: 'night', members: ['nia'], restrictions: [aRestriction()] });

  it('cover those before them where they have somebody', () => {
    const shifts = shiftsBetween(aSchedule([aLayer(), night]), [], at('01-02T06:00'), at('01-03T06:00'));
    expect(show(shifts)).toEqual(['01-02T06:00 nia', '01-02T08:00 ann', '01-02T09:00 ben', '01-02T20:00 nia']);
  });

  it('are told apart where the same person is in two of them', () => {
    const both = aSchedule([aLayer({ members: ['nia'] }), night]);
    expect(shiftsBetween(both, [], at('01-02T06:00'), at('01-02T12:00'))).toEqual([
      { startsAt: at('01-02T06:00'), endsAt: at('01-02T08:00'), onCall: byLayer('nia', 'night') },
      { startsAt: at('01-02T08:00'), endsAt: at('01-02T12:00'), onCall: byLayer('nia', 'primary') },
    ]);
  });

  it('do not cover those behind them', () => {
    const shifts = shiftsBetween(aSchedule([night, aLayer()]), [], at('01-02T06:00'), at('01-03T06:00'));
    expect(show(shifts)).toEqual(['01-02T06:00 ann', '01-02T09:00 ben']);
  });

  it('leave a gap where none has anybody', () => {
    const shifts = shiftsBetween(aSchedule([night]), [], at('01-02T06:00'), at('01-03T06:00'));
    expect(show(shifts)).toEqual(['01-02T06:00 nia', '01-02T08:00 nobody', '01-02T20:00 nia']);
  });
});

describe('a restriction', () => {
  const shiftsOf = (...restrictions: Parameters<typeof aRestriction>[0][]) => {
    const layer = aLayer({ members: ['nia'], restrictions: restrictions.map(aRestriction) });
    return show(shiftsBetween(aSchedule([layer]), [], at('01-08T12:00'), at('01-12T12:00')));
  };

  it('of a night belongs to the day on which it begins: the night to Saturday is Friday', () => {
    const expected = ['01-08T12:00 nobody', '01-09T20:00 nia', '01-10T08:00 nobody'];
    expect(shiftsOf({ weekdays: [5] })).toEqual(expected);
  });

  it('from midnight to midnight is the whole day, written either way', () => {
    const expected = ['01-08T12:00 nobody', '01-10T00:00 nia', '01-12T00:00 nobody'];
    expect(shiftsOf({ weekdays: [6, 7], startMinute: 0, endMinute: 0 })).toEqual(expected);
    expect(shiftsOf({ weekdays: [6, 7], startMinute: 0, endMinute: 1440 })).toEqual(expected);
  });

  it('holds on the dates of a calendar as on its weekdays', () => {
    const expected = [
      '01-08T12:00 nobody',
      '01-09T10:00 nia',
      '01-09T11:00 nobody',
      '01-11T10:00 nia',
      '01-11T11:00 nobody',
    ];
    expect(shiftsOf({ weekdays: [7], dates: ['2026-01-09'], startMinute: 600, endMinute: 660 })).toEqual(expected);
  });

  it('adds to the others of its layer, and touching ones make one shift', () => {
    const expected = ['01-08T12:00 nobody', '01-09T08:00 nia', '01-10T08:00 nobody'];
    expect(shiftsOf({ weekdays: [5], startMinute: 480, endMinute: 1200 }, { weekdays: [5] })).toEqual(expected);
  });

  it('counts a night that began before the time that is asked about', () => {
    const layer = aLayer({ members: ['nia'], restrictions: [aRestriction({ weekdays: [5] })] });
    expect(onCallAt(aSchedule([layer]), [], at('01-10T07:59'))?.person).toBe('nia');
    expect(onCallAt(aSchedule([layer]), [], at('01-10T08:00'))).toBeNull();
  });
});

describe('an override', () => {
  const schedule = aSchedule([aLayer()]);
  const day = (...overrides: Partial<Override>[]) =>
    show(shiftsBetween(schedule, overrides.map(anOverride), at('01-02T10:00'), at('01-02T22:00')));

  it('counts from its start to before its end, and says whom it replaces', () => {
    expect(day({})).toEqual(['01-02T10:00 ben', '01-02T12:00 zoe', '01-02T18:00 ben']);
    expect(onCallAt(schedule, [anOverride()], at('01-02T12:00'))).toEqual({
      person: 'zoe',
      by: { kind: 'override', id: 'override-1', madeBy: 'Dora', replaced: 'ben' },
    });
  });

  it('made later wins where two overlap, whatever order they are read in', () => {
    const later = { id: 'a', person: 'yun', startsAt: at('01-02T15:00'), createdAt: at('01-01T11:00') };
    const expected = ['01-02T10:00 ben', '01-02T12:00 zoe', '01-02T15:00 yun', '01-02T18:00 ben'];
    expect(day({}, later)).toEqual(expected);
    expect(day(later, {})).toEqual(expected);
  });

  it('made at the same instant wins by its id', () => {
    expect(day({ id: 'b', person: 'yun' }, { id: 'a' })).toContain('01-02T12:00 yun');
  });

  it('that replaces somebody counts only while that person would be on call', () => {
    const whole = { startsAt: at('01-02T00:00'), endsAt: at('01-04T00:00'), replaces: 'cem' };
    const shifts = shiftsBetween(schedule, [anOverride(whole)], at('01-02T10:00'), at('01-04T12:00'));
    expect(show(shifts)).toEqual(['01-02T10:00 ben', '01-03T09:00 zoe', '01-04T00:00 cem', '01-04T09:00 ann']);
  });

  it('that replaces somebody looks at whom the overrides made before it have', () => {
    const first = { id: 'a', person: 'yun', endsAt: at('01-02T14:00') };
    const second = { id: 'b', replaces: 'yun', createdAt: at('01-01T11:00') };
    expect(day(first, second)).toEqual(['01-02T10:00 ben', '01-02T12:00 zoe', '01-02T14:00 ben']);
  });

  it('that is cancelled counts no more from then on', () => {
    expect(day({ cancelledAt: at('01-02T13:00') })).toEqual(['01-02T10:00 ben', '01-02T12:00 zoe', '01-02T13:00 ben']);
    expect(day({ cancelledAt: at('01-02T12:00') })).toEqual(['01-02T10:00 ben']);
  });

  it('fills a gap', () => {
    const before = anOverride({ startsAt: at('01-01T00:00'), endsAt: at('01-01T10:00') });
    expect(onCallAt(schedule, [before], at('01-01T08:00'))).toEqual({
      person: 'zoe',
      by: { kind: 'override', id: 'override-1', madeBy: 'Dora', replaced: null },
    });
  });

  it('over a hand-over says each time whom it replaces', () => {
    const long = anOverride({ endsAt: at('01-03T12:00') });
    const shifts = shiftsBetween(schedule, [long], at('01-03T00:00'), at('01-03T12:00'));
    const taken = { id: 'override-1', kind: 'override', madeBy: 'Dora' } as const;
    expect(shifts.map(({ startsAt, onCall }) => [startsAt, onCall])).toEqual([
      [at('01-03T00:00'), { person: 'zoe', by: { ...taken, replaced: 'ben' } }],
      [at('01-03T09:00'), { person: 'zoe', by: { ...taken, replaced: 'cem' } }],
    ]);
  });

  it('of another schedule does not count', () => {
    expect(day({ schedule: 'database' })).toEqual(['01-02T10:00 ben']);
  });
});
