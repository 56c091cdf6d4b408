import { fromEpochMillis, type Instant } from '../kernel/instant.ts';
import { readLocalMillis } from '../kernel/local-clock.ts';
import { isoWeekdayOf } from '../kernel/local-time.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** `Sun 2027-03-28 01:30:00` on the clocks of a zone. */
export function showMoment(at: Instant, timeZone: string): string {
  const local = fromEpochMillis(readLocalMillis(at, timeZone));
  const date = local.slice(0, 10);
  return `${weekdays[isoWeekdayOf(date) - 1]} ${date} ${local.slice(11, 19)}`;
}
