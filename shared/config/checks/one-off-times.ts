import type { Instant } from '../../kernel/instant.ts';
import { addMillis, fromEpochMillis } from '../../kernel/instant.ts';
import { nextClockChange, readLocalMillis } from '../../kernel/local-clock.ts';
import { localMoment } from '../../kernel/local-time.ts';
import type { LocalDateTime } from '../../on-call/schedule.ts';
import { parseClock } from '../time-range.ts';

const minuteMillis = 60_000;

/** The next whole minute: before zones had standard times, clocks were set by seconds. */
const minuteText = (localMillis: number): LocalDateTime =>
  fromEpochMillis(Math.ceil(localMillis / minuteMillis) * minuteMillis).slice(0, 16);

/** The clocks of a zone just before an instant, read on by that moment: what they would show without a change. */
const shownBefore = (instant: Instant, timeZone: string): number =>
  readLocalMillis(addMillis(instant, -1), timeZone) + 1;

/** What is wrong with a local time that comes only once, or null: clocks show it exactly once. */
export function findClockProblem(
  time: LocalDateTime,
  timeZone: string,
): { readonly message: string; readonly fix: string } | null {
  const { at, exists } = localMoment(time.slice(0, 10), parseClock(time.slice(11)) ?? 0, timeZone);
  if (!exists) {
    const message = `clocks in ${timeZone} skip ${time}`;
    return { message, fix: `Choose another time, such as ${minuteText(readLocalMillis(at, timeZone))}.` };
  }
  const change = nextClockChange(at, timeZone);
  if (change === null) return null;
  const [before, after] = [shownBefore(change, timeZone), readLocalMillis(change, timeZone)];
  const local = readLocalMillis(at, timeZone);
  if (local < after || local >= before) return null;
  return {
    message: `clocks in ${timeZone} show ${time} twice`,
    fix: `Choose another time, such as ${minuteText(before)}.`,
  };
}
