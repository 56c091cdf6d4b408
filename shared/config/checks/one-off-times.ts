import { addMillis, fromEpochMillis, type Instant } from '../../kernel/instant.ts';
import { nextClockChange, readLocalMillis } from '../../kernel/local-clock.ts';
import { readLocal } from '../../kernel/local-readings.ts';
import type { LocalDateTime } from '../../on-call/schedule.ts';
import { parseClock } from '../time-range.ts';

const minuteMillis = 60_000;

/** The next whole minute: before zones had standard times, clocks were set by seconds. */
const minuteText = (localMillis: number): LocalDateTime =>
  fromEpochMillis(Math.ceil(localMillis / minuteMillis) * minuteMillis).slice(0, 16);

/** What clocks show behind a change, after a gap, or would have shown without it, after a fold: the first time that comes once. */
function firstClearTime(before: Instant, timeZone: string): LocalDateTime | null {
  const change = nextClockChange(before, timeZone);
  if (change === null) return null;
  const without = readLocalMillis(addMillis(change, -1), timeZone) + 1;
  return minuteText(Math.max(without, readLocalMillis(change, timeZone)));
}

/** What is wrong with a local time that is to come once, or null: clocks show it exactly once. */
export function findClockProblem(
  time: LocalDateTime,
  timeZone: string,
): { readonly message: string; readonly fix: string } | null {
  const reading = readLocal(time.slice(0, 10), parseClock(time.slice(11)) ?? 0, timeZone);
  if (reading.shown === 'once') return null;
  const instead = firstClearTime(reading.readings[0], timeZone);
  return {
    message: `clocks in ${timeZone} ${reading.shown === 'never' ? `skip ${time}` : `show ${time} twice`}`,
    fix: instead === null ? 'Choose another time.' : `Choose another time, such as ${instead}.`,
  };
}
