import { describe, expect, it } from 'vitest';
import { fromEpochMillis } from '#shared/kernel/instant.ts';
import { nextClockChange, readLocalMillis } from '#shared/kernel/local-clock.ts';
import { localMoment } from '#shared/kernel/local-time.ts';
import { clocksAt, firstShowing, zoneClock } from '#shared/kernel/zone-clock.ts';

const minuteMillis = 60_000;
const dayMillis = 1440 * minuteMillis;

/** Minutes on either side of a change of clocks, and of what is an hour away. */
const aroundChange = [-721, -120, -61, -60, -59, -30, -1, 0, 1, 29, 30, 31, 59, 60, 61, 90, 119, 120, 180, 900];

/** The changes of a zone in 2026, and one ordinary day. */
function* momentsOf(timeZone: string): Generator<number> {
  yield Date.UTC(2026, 5, 15, 12);
  let change = nextClockChange('2026-01-01T00:00:00.000Z', timeZone);
  while (change !== null && change < '2027') {
    yield Date.parse(change);
    change = nextClockChange(change, timeZone);
  }
}

const moments = Intl.supportedValuesOf('timeZone').flatMap((timeZone) =>
  [...momentsOf(timeZone)].flatMap((moment) =>
    aroundChange.map((minutes) => ({ timeZone, moment, at: moment + minutes * minuteMillis })),
  ),
);

describe('the clocks of a zone around a time', () => {
  it('show what the zone shows, and come to a local time when the zone does', () => {
    const wrong = moments.filter(({ timeZone, moment, at }) => {
      const clock = zoneClock(timeZone, fromEpochMillis(moment), fromEpochMillis(moment));
      if (clocksAt(clock, at) !== readLocalMillis(fromEpochMillis(at), timeZone)) return true;
      // As local time around the change: skipped ones and such as come twice are among them.
      const local = at + clocksAt(clock, moment - 1) - (moment - 1);
      const date = fromEpochMillis(local).slice(0, 10);
      const minute = (((local % dayMillis) + dayMillis) % dayMillis) / minuteMillis;
      return fromEpochMillis(firstShowing(clock, local)) !== localMoment(date, minute, timeZone).at;
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(moments.length).toBeGreaterThan(10_000);
  });

  it('are the same whatever was asked before', () => {
    const ask = ([from, to]: readonly [string, string]) => {
      const clock = zoneClock('Europe/Berlin', from, to);
      return [from, to].map((at) => clocksAt(clock, Date.parse(at)) - Date.parse(at));
    };
    const summer = ['2026-07-01T00:00:00.000Z', '2026-07-02T00:00:00.000Z'] as const;
    const winter = ['2026-12-01T00:00:00.000Z', '2026-12-02T00:00:00.000Z'] as const;
    const both = [summer[0], winter[1]] as const;
    const answers = [summer, winter, both, summer, winter].map(ask);
    const [one, two] = [3_600_000, 7_200_000];
    expect(answers).toEqual([
      [two, two],
      [one, one],
      [two, one],
      [two, two],
      [one, one],
    ]);
  });
});
