// Function by function: the classes would add 35 KB to every function that may decide a step.
import * as InstantFns from 'temporal-polyfill/fns/Instant';
import * as PlainDateFns from 'temporal-polyfill/fns/PlainDate';
import * as PlainDateTimeFns from 'temporal-polyfill/fns/PlainDateTime';
import * as PlainTimeFns from 'temporal-polyfill/fns/PlainTime';
import * as ZonedDateTimeFns from 'temporal-polyfill/fns/ZonedDateTime';
import type { WorkingHours } from '../config/policy.ts';
import { assert } from '../kernel/assert.ts';
import { fromEpochMillis, type Instant, latest, toEpochMillis } from '../kernel/instant.ts';

/** Some working day is at most a week ahead, and today's hours may be over: so today and the next seven days. */
const daysToLook = 7;

/**
 * The first instant at or after `instant` that lies in working hours: `instant` itself when it does.
 * A day's hours are one interval [start, end). A local time that the day does not have (clocks go forward) moves to the
 * first valid instant; one that it has twice (clocks go back) means the first of the two.
 * @throws InvariantError when the hours never come (no weekday, or empty hours on each day looked at)
 */
export function nextWorkingInstant(hours: WorkingHours, instant: Instant): Instant {
  const here = InstantFns.fromEpochMilliseconds(toEpochMillis(instant));
  const today = ZonedDateTimeFns.toPlainDate(InstantFns.toZonedDateTimeISO(here, hours.timeZone));
  for (let days = 0; days <= daysToLook; days++) {
    const date = PlainDateFns.addDays(today, days);
    if (!hours.weekdays.includes(PlainDateFns.dayOfWeek(date))) continue;
    const next = latest(instant, localInstant(date, hours.start, hours.timeZone));
    if (next < localInstant(date, hours.end, hours.timeZone)) return next;
  }
  assert(false, `working hours never come: ${JSON.stringify(hours)}`);
}

/** `24:00` is the start of the next day. */
function localInstant(date: PlainDateFns.Record, time: string, timeZone: string): Instant {
  if (time === '24:00') return localInstant(PlainDateFns.addDays(date, 1), '00:00', timeZone);
  const local = PlainDateFns.toPlainDateTime(
    date,
    PlainTimeFns.create(Number(time.slice(0, 2)), Number(time.slice(3))),
  );
  const before = PlainDateTimeFns.toZonedDateTime(local, timeZone, { disambiguation: 'earlier' });
  const exact = PlainDateTimeFns.equals(ZonedDateTimeFns.toPlainDateTime(before), local);
  const valid = exact ? before : ZonedDateTimeFns.getTimeZoneTransition(before, 'next');
  assert(valid, `no clock change after ${fromEpochMillis(before.epochMilliseconds)}`);
  return fromEpochMillis(valid.epochMilliseconds);
}
