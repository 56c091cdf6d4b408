import type { WorkingHours } from '../config/policy.ts';
import { assert } from '../kernel/assert.ts';
import { type Instant, latest } from '../kernel/instant.ts';
import { addDays, isoWeekdayOf, type LocalDate, localDateOf, localMoment } from '../kernel/local-time.ts';

/** Some weekday of working hours is at most a week ahead; each holiday can take one away, and so can a change of the clocks. */
const daysToLook = ({ holidays }: WorkingHours): number => 7 * ((holidays?.length ?? 0) + 2);

/**
 * The first instant at or after `instant` that lies in working hours: `instant` itself when it does.
 * A day's hours are one interval [start, end), and a holiday has none. A local time that the day does not have (clocks go forward) moves to the
 * first valid instant; one that it has twice (clocks go back) means the first of the two.
 * @throws InvariantError when the hours never come (no weekday, or empty hours on each day looked at)
 */
export function nextWorkingInstant(hours: WorkingHours, instant: Instant): Instant {
  const today = localDateOf(instant, hours.timeZone);
  for (let days = 0; days <= daysToLook(hours); days++) {
    const date = addDays(today, days);
    if (!isWorkingDay(hours, date)) continue;
    const next = latest(instant, localInstant(date, hours.start, hours.timeZone));
    if (next < localInstant(date, hours.end, hours.timeZone)) return next;
  }
  assert(false, `working hours never come: ${JSON.stringify(hours)}`);
}

const isWorkingDay = ({ weekdays, holidays }: WorkingHours, date: LocalDate): boolean =>
  weekdays.includes(isoWeekdayOf(date)) && holidays?.includes(date) !== true;

/** `24:00` is the start of the next day. */
const localInstant = (date: LocalDate, time: string, timeZone: string): Instant =>
  localMoment(date, Number(time.slice(0, 2)) * 60 + Number(time.slice(3)), timeZone).at;
