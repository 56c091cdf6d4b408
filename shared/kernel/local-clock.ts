// Function by function: the classes would add 35 KB to every function that may decide by local time.
import * as InstantFns from 'temporal-polyfill/fns/Instant';
import * as ZonedDateTimeFns from 'temporal-polyfill/fns/ZonedDateTime';
import { fromEpochMillis, type Instant, toEpochMillis } from './instant.ts';

const nanosInMilli = 1_000_000;

const zoned = (instant: Instant, timeZone: string) =>
  InstantFns.toZonedDateTimeISO(InstantFns.fromEpochMilliseconds(toEpochMillis(instant)), timeZone);

/** What the clocks of a zone show at an instant, as if it were UTC: for reading fields, never for storing. */
export function readLocalMillis(instant: Instant, timeZone: string): number {
  if (timeZone === 'UTC') return toEpochMillis(instant);
  return toEpochMillis(instant) + ZonedDateTimeFns.offsetNanoseconds(zoned(instant, timeZone)) / nanosInMilli;
}

/** `2026-03-29T03:00`, as the clocks of a zone show an instant. */
export const localDateTimeOf = (instant: Instant, timeZone: string): string =>
  fromEpochMillis(readLocalMillis(instant, timeZone)).slice(0, 16);

/** The first instant after `instant` at which the clocks of a zone are set; null when that is not known to come. */
export function nextClockChange(instant: Instant, timeZone: string): Instant | null {
  if (timeZone === 'UTC') return null;
  const change = ZonedDateTimeFns.getTimeZoneTransition(zoned(instant, timeZone), 'next');
  return change === null ? null : fromEpochMillis(change.epochMilliseconds);
}
