import { describe, expect, it } from 'vitest';
import { judgeIntervals } from '#shared/route/judge-intervals.ts';
import { interval, range, time } from './interval-builders.ts';

const timeIntervals = {
  nights: [interval({ times: [time('22:00-24:00')] }), interval({ times: [time('00:00-06:00')] })],
  sundays: [interval({ weekdays: [range(0)] })],
  office: [interval({ times: [time('09:00-17:00')] })],
};

const judge = (muteTimeIntervals: readonly string[], activeTimeIntervals: readonly string[], now: string) =>
  judgeIntervals({ muteTimeIntervals, activeTimeIntervals }, timeIntervals, now);

const noon = '2026-03-04T12:00:00.000Z';
const night = '2026-03-04T23:00:00.000Z';

describe('the time intervals of a route', () => {
  it('let everything pass when there are none', () => {
    expect(judge([], [], noon)).toBeNull();
  });

  it('mute inside of a mute interval, until it ends', () => {
    expect(judge(['sundays', 'nights'], [], night)).toEqual({
      kind: 'interval',
      interval: 'nights',
      mode: 'mute',
      until: '2026-03-05T06:00:00.000Z',
    });
    expect(judge(['sundays', 'nights'], [], noon)).toBeNull();
  });

  it('mute outside of all active intervals, until the first begins', () => {
    expect(judge([], ['office', 'sundays'], night)).toEqual({
      kind: 'interval',
      interval: 'office, sundays',
      mode: 'active',
      until: '2026-03-05T09:00:00.000Z',
    });
    expect(judge([], ['office', 'sundays'], noon)).toBeNull();
  });

  it('ask the active ones first, as Alertmanager does', () => {
    expect(judge(['nights'], ['office'], night)).toMatchObject({ mode: 'active' });
    expect(judge(['office'], ['office'], noon)).toMatchObject({ mode: 'mute' });
  });

  it('end exactly when they say: the start is in, the end is out', () => {
    expect(judge(['nights'], [], '2026-03-05T05:59:59.999Z')).not.toBeNull();
    expect(judge(['nights'], [], '2026-03-05T06:00:00.000Z')).toBeNull();
  });

  it('fail loudly when the policy does not know a name', () => {
    expect(() => judge(['mornings'], [], noon)).toThrow('unknown time interval mornings');
    expect(() => judge(['constructor'], [], noon)).toThrow('unknown time interval constructor');
  });
});
