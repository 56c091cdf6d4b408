import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findClockProblem } from '#shared/config/checks/one-off-times.ts';
import { fromEpochMillis } from '#shared/kernel/instant.ts';
import { nextClockChange, readLocalMillis } from '#shared/kernel/local-clock.ts';

const zones = Intl.supportedValuesOf('timeZone');
const hourMillis = 3_600_000;
const minuteMillis = 60_000;

/** A local minute near a change of a zone's clocks, where there is one. */
const nearChange = fc
  .record({
    zone: fc.constantFrom(...zones),
    from: fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2045, 0) }),
    minutes: fc.integer({ min: -26 * 60, max: 26 * 60 }),
  })
  .map(({ zone, from, minutes }) => {
    const start = fromEpochMillis(from - (from % minuteMillis));
    const change = nextClockChange(start, zone) ?? start;
    const local = readLocalMillis(change, zone) + minutes * minuteMillis;
    return { zone, time: fromEpochMillis(local - (local % minuteMillis)).slice(0, 16) };
  });

/** At how many instants do the clocks of a zone show a time? Every offset that the zone has within two days is tried. */
function countShowings(time: string, zone: string): number {
  const local = Date.parse(`${time}:00.000Z`);
  const offsets = new Set<number>();
  for (let hours = -48; hours <= 48; hours += 6) {
    const instant = local + hours * hourMillis;
    offsets.add(readLocalMillis(fromEpochMillis(instant), zone) - instant);
  }
  return [...offsets].filter((offset) => readLocalMillis(fromEpochMillis(local - offset), zone) === local).length;
}

it('B25: refuses a local time exactly when the clocks of its zone do not show it once, and names one that they do', () => {
  fc.assert(
    fc.property(nearChange, ({ zone, time }) => {
      const problem = findClockProblem(time, zone);
      const shown = countShowings(time, zone);
      expect(problem?.message ?? null).toBe(
        shown === 1 ? null : `clocks in ${zone} ${shown === 0 ? `skip ${time}` : `show ${time} twice`}`,
      );
      const instead = /such as (.+)\.$/.exec(problem?.fix ?? '')?.[1];
      if (instead !== undefined) expect(countShowings(instead, zone)).toBe(1);
    }),
    { seed: 4, numRuns: 3_000 },
  );
});
