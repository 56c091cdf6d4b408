import { describe, expect, it } from 'vitest';
import { nextShiftChange, onCallUntil, shiftChangesBetween } from '#shared/on-call/shift-change.ts';
import { aLayer, anOverride, aSchedule, at } from './schedule-builders.ts';

const schedule = aSchedule([aLayer()]);
const timesOf = (after: string, until: string, overrides = [anOverride()]) =>
  shiftChangesBetween(schedule, overrides, at(after), at(until)).map((change) => change.at);

describe('the changes of shift', () => {
  it('after one instant until another are each seen once by who asks again and again', () => {
    expect(timesOf('01-02T08:59', '01-02T09:00')).toEqual([at('01-02T09:00')]);
    expect(timesOf('01-02T09:00', '01-02T09:01')).toEqual([]);
    expect(timesOf('01-02T09:00', '01-03T09:00')).toEqual([at('01-02T12:00'), at('01-02T18:00'), at('01-03T09:00')]);
  });

  it('are none when the same person goes on by another rule', () => {
    expect(timesOf('01-02T09:00', '01-02T20:00', [anOverride({ person: 'ben' })])).toEqual([]);
  });

  it('say who hands over to whom', () => {
    expect(nextShiftChange(schedule, [], at('01-02T09:00'))).toEqual({
      at: at('01-03T09:00'),
      from: { person: 'ben', by: { kind: 'layer', layer: 'primary' } },
      to: { person: 'cem', by: { kind: 'layer', layer: 'primary' } },
    });
  });

  it('are found however far ahead, up to 400 days', () => {
    const yearly = aSchedule([aLayer({ shiftMinutes: 365 * 1440 })]);
    expect(onCallUntil(yearly, [], at('01-02T09:00'))).toBe('2027-01-01T09:00:00.000Z');
    expect(onCallUntil(aSchedule([aLayer({ members: ['ann'] })]), [], at('01-02T09:00'))).toBeNull();
  });

  it('end a gap, too', () => {
    expect(onCallUntil(schedule, [], '2025-12-01T00:00:00.000Z')).toBe(at('01-01T09:00'));
  });
});
