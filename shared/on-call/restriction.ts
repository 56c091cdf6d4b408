import { isoWeekdayOf } from '../kernel/local-time.ts';
import { clocksAt, firstShowing, type ZoneClock } from '../kernel/zone-clock.ts';
import type { Restriction } from './schedule.ts';
import { cutTo, type Span, unite } from './span.ts';

const minuteMillis = 60_000;
const dayMillis = 86_400_000;

/** A night that began the day before may still last, and a clock that was set back may show the day before. */
const slackDays = 2;

const dateOf = (day: number): string => new Date(day * dayMillis).toISOString().slice(0, 10);

const isOn = ({ weekdays, dates }: Restriction, date: string): boolean =>
  weekdays.includes(isoWeekdayOf(date)) || dates.includes(date);

/** Both edges as clocks first show them: a night's end and the next morning's start are the same instant, whatever clocks do. */
function occurrenceOn({ startMinute, endMinute }: Restriction, clock: ZoneClock, day: number): Span {
  const endDay = endMinute > startMinute ? day : day + 1;
  return {
    startsAt: firstShowing(clock, day * dayMillis + startMinute * minuteMillis),
    endsAt: firstShowing(clock, endDay * dayMillis + endMinute * minuteMillis),
  };
}

function occurrencesBetween(restriction: Restriction, clock: ZoneClock, { startsAt, endsAt }: Span): readonly Span[] {
  const first = Math.floor(clocksAt(clock, startsAt) / dayMillis) - slackDays;
  const last = Math.floor(clocksAt(clock, endsAt) / dayMillis) + slackDays;
  const spans: Span[] = [];
  for (let day = first; day <= last; day++) {
    if (isOn(restriction, dateOf(day))) spans.push(occurrenceOn(restriction, clock, day));
  }
  return spans;
}

/** The times inside of a span in which at least one of the restrictions holds: as a list. */
export function allowedWithin(restrictions: readonly Restriction[], clock: ZoneClock, span: Span): readonly Span[] {
  if (restrictions.length === 0) return [span];
  const occurrences = restrictions
    .flatMap((restriction) => occurrencesBetween(restriction, clock, span))
    .map((each) => cutTo(each, span));
  return unite(occurrences);
}
