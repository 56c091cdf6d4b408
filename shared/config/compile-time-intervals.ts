import { assert } from '../kernel/assert.ts';
import type { NumberRange, TimeInterval } from '../route/time-interval.ts';
import type { Policy } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';
import type { TimeIntervalsDocument } from './schema/time-intervals.ts';
import { parseClock, parseTimeRange, type RangeUnit } from './time-range.ts';

type IntervalDocument = TimeIntervalsDocument[number]['time_intervals'][number];

function minuteOf(clock: string): number {
  const minute = parseClock(clock);
  assert(minute !== null, `the schema let a wrong time of day through: ${clock}`);
  return minute;
}

/** A field that is absent always holds. */
function rangesOf(entries: readonly (string | number)[] | undefined, unit: RangeUnit): readonly NumberRange[] | null {
  if (entries === undefined) return null;
  return entries.map((entry) => {
    const range = parseTimeRange(String(entry), unit);
    assert(range.ok, `the schema let a wrong ${unit} through: ${entry}`);
    return range.value;
  });
}

/** One entry of the file. */
export const compileInterval = (interval: IntervalDocument): TimeInterval => ({
  times:
    interval.times?.map(({ start_time, end_time }) => ({
      startMinute: minuteOf(start_time),
      endMinute: minuteOf(end_time),
    })) ?? null,
  weekdays: rangesOf(interval.weekdays, 'weekday'),
  daysOfMonth: rangesOf(interval.days_of_month, 'day of the month'),
  months: rangesOf(interval.months, 'month'),
  years: rangesOf(interval.years, 'year'),
  timeZone: interval.location ?? 'UTC',
});

/** Both keys of the file make one set of names. A name used twice is a check's business; here the later one wins. */
export const compileTimeIntervals = (document: PolicyDocument): Policy['timeIntervals'] =>
  Object.fromEntries(
    [...(document.mute_time_intervals ?? []), ...(document.time_intervals ?? [])].map((named) => [
      named.name,
      named.time_intervals.map(compileInterval),
    ]),
  );
