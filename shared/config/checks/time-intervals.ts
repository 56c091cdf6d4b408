import { isDayIn } from '../../route/in-time-interval.ts';
import type { TimeInterval } from '../../route/time-interval.ts';
import { compileInterval } from '../compile-time-intervals.ts';
import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import { placeRoutes } from './route-walk.ts';

/** Within 40 years, the pause around a century without a leap day, each date falls on each weekday: where no year is said, from 2000 on. */
const firstYear = 2000;
const yearsToLook = 41;
/** Of more years than that some day surely fits; looking at each would take seconds. */
const mostYearEntries = 40;
const dayMillis = 86_400_000;

/** Whether some day of the calendar is in an interval. */
function everHolds(interval: TimeInterval): boolean {
  const begins = interval.years?.map(({ begin }) => begin) ?? [firstYear];
  if (begins.length > mostYearEntries) return true;
  return begins.some((year) => {
    const end = Date.UTC(year + yearsToLook, 0);
    for (let day = Date.UTC(year, 0); day < end; day += dayMillis) {
      if (isDayIn(interval, day)) return true;
    }
    return false;
  });
}

/** An interval that no day is in is a slip: what it should mute is told, what it should let through never is. */
export const checkIntervalsHold = (document: PolicyDocument): Finding[] =>
  (['time_intervals', 'mute_time_intervals'] as const).flatMap((key) =>
    (document[key] ?? []).flatMap(({ name, time_intervals }, index) =>
      time_intervals.flatMap((entry, position): Finding[] => {
        if (everHolds(compileInterval(entry))) return [];
        const message = `time interval ${name} can never hold here: no day fits all of its fields`;
        const at = [key, index, 'time_intervals', position];
        return [{ level: 'error', at, message, fix: 'Change days_of_month, weekdays, months or years.' }];
      }),
    ),
  );

const isWholeDay = ({ times }: TimeInterval): boolean =>
  times === null || times.some(({ startMinute, endMinute }) => startMinute === 0 && endMinute === 1440);

/** Whether an entry holds at every instant. */
export const isAlways = (interval: TimeInterval): boolean =>
  isWholeDay(interval) &&
  [interval.weekdays, interval.daysOfMonth, interval.months, interval.years].every((field) => field === null);

/** A route that is always muted tells nobody, which is better said by not having it. */
export const checkMutedForEver = ({ route, timeIntervals }: Policy): Finding[] =>
  placeRoutes(route).flatMap(({ node, at }) =>
    node.muteTimeIntervals.flatMap((name, index): Finding[] => {
      if (!(timeIntervals[name] ?? []).some(isAlways)) return [];
      const message = `route ${node.path} never tells anybody: time interval ${name} holds always`;
      const fix = `Limit the interval, or remove it from the route.`;
      return [{ level: 'error', at: [...at, 'mute_time_intervals', index], message, fix }];
    }),
  );
