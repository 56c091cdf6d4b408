import type { Instant } from '../kernel/instant.ts';
import { readLocalMillis } from '../kernel/local-clock.ts';
import type { NumberRange, TimeInterval } from './time-interval.ts';

const minuteMillis = 60_000;
export const dayMillis = 86_400_000;

const lastDayOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const isAmong = (value: number, ranges: readonly NumberRange[] | null): boolean =>
  ranges === null || ranges.some(({ begin, end }) => value >= begin && value <= end);

/** Negative days count from the end of this month; whatever lies outside of the month is cut off, not carried over. */
function isAmongDays(day: number, lastDay: number, ranges: readonly NumberRange[] | null): boolean {
  const inMonth = (written: number): number => (written < 0 ? lastDay + written + 1 : written);
  return isAmong(day, ranges?.map(({ begin, end }) => ({ begin: inMonth(begin), end: inMonth(end) })) ?? null);
}

/** Whether the fields that say which days hold on a day; `localMillis` is any time of it, as clocks show it. */
export function isDayIn(interval: TimeInterval, localMillis: number): boolean {
  const date = new Date(localMillis);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  return (
    isAmong(date.getUTCDay(), interval.weekdays) &&
    isAmong(month, interval.months) &&
    isAmong(year, interval.years) &&
    (interval.daysOfMonth === null || isAmongDays(date.getUTCDate(), lastDayOf(year, month), interval.daysOfMonth))
  );
}

const isTimeIn = ({ times }: TimeInterval, localMillis: number): boolean => {
  const minute = Math.floor((((localMillis % dayMillis) + dayMillis) % dayMillis) / minuteMillis);
  return times === null || times.some(({ startMinute, endMinute }) => minute >= startMinute && minute < endMinute);
};

/**
 * Whether an interval holds at an instant, as in Alertmanager (PROTOCOLS 4.3): decided by what the clocks of its zone show, so a
 * time that they skip never holds and one that comes twice holds both times.
 */
export function isInTimeInterval(interval: TimeInterval, instant: Instant): boolean {
  const localMillis = readLocalMillis(instant, interval.timeZone);
  return isTimeIn(interval, localMillis) && isDayIn(interval, localMillis);
}

/** Intervals under one name are alternatives. */
export const isInAnyInterval = (intervals: readonly TimeInterval[], instant: Instant): boolean =>
  intervals.some((interval) => isInTimeInterval(interval, instant));
