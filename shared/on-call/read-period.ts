import { addSeconds, type Instant, toEpochMillis } from '../kernel/instant.ts';
import { localDateTimeOf, readLocalMillis } from '../kernel/local-clock.ts';
import { readLocal } from '../kernel/local-readings.ts';
import { addDays, isoWeekdayOf, type LocalDate, localDateOf, localMoment } from '../kernel/local-time.ts';
import { fail, type Result, succeed } from '../kernel/result.ts';
import type { Day, Moment } from './moment.ts';

/** A time as somebody asks for it. */
export interface PeriodWish {
  readonly from: Moment;
  readonly end: { readonly to: Moment } | { readonly seconds: number };
}

/** Half-open. Not yet known to be a time at all: its end may lie before its start. */
export interface Period {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

const minutesInDay = 1_440;
/** What lasts longer belongs in the policy file. */
export const longestPeriodSeconds = 366 * 86_400;

export interface Place {
  readonly timeZone: string;
  readonly now: Instant;
}

/**
 * Which time is meant, on the clocks of a zone? Without a day it is today, and the end the next such time behind the start; what is
 * over by now and names no date is meant for the next day, or the next such weekday. What the clocks skip or show twice is a
 * problem with what to write instead.
 */
export function readPeriod(wish: PeriodWish, place: Place): Result<Period> {
  const period = readAhead(wish, place, 0);
  const pause = pauseOf(wish.from);
  if (!period.ok || pause === 0 || period.value.endsAt > place.now) return period;
  return readAhead(wish, place, pause);
}

/** When a moment is, standing alone: without a date it is the next. */
export function readMomentAlone(moment: Moment, place: Place): Result<Instant> {
  const today = localDateOf(place.now, place.timeZone);
  const at = readMoment(moment, place, today);
  const pause = pauseOf(moment);
  return !at.ok || pause === 0 || at.value >= place.now ? at : readMoment(moment, place, addDays(today, pause));
}

/** Days until a moment that names no date comes again; 0: it does not. */
function pauseOf(moment: Moment): number {
  if (moment.kind !== 'local') return 0;
  if (moment.day === null) return 1;
  return moment.day.kind === 'weekday' ? 7 : 0;
}

function readAhead({ from, end }: PeriodWish, place: Place, days: number): Result<Period> {
  const today = localDateOf(place.now, place.timeZone);
  const startsAt = readMoment(from, place, addDays(today, days));
  if (!startsAt.ok) return startsAt;
  if ('seconds' in end && end.seconds > longestPeriodSeconds) return fail('That is longer than a year.');
  const endsAt =
    'seconds' in end ? succeed(addSeconds(startsAt.value, end.seconds)) : readEnd(end.to, startsAt.value, place);
  return endsAt.ok ? succeed({ startsAt: startsAt.value, endsAt: endsAt.value }) : endsAt;
}

/** Without a date: the first such moment behind the start. */
function readEnd(moment: Moment, startsAt: Instant, place: Place): Result<Instant> {
  const startDate = localDateOf(startsAt, place.timeZone);
  const endsAt = readMoment(moment, place, startDate);
  const pause = pauseOf(moment);
  return !endsAt.ok || pause === 0 || endsAt.value > startsAt
    ? endsAt
    : readMoment(moment, place, addDays(startDate, pause));
}

/** `earliest`: the first date that a moment without a date may mean. */
function readMoment(moment: Moment, { timeZone, now }: Place, earliest: LocalDate): Result<Instant> {
  switch (moment.kind) {
    case 'now':
      return succeed(now);
    case 'instant':
      return succeed(moment.at);
    case 'local':
      return readOnce(dateOf(moment.day, localDateOf(now, timeZone), earliest), moment.minute, timeZone);
  }
}

function dateOf(day: Day | null, today: LocalDate, earliest: LocalDate): LocalDate {
  if (day === null) return earliest;
  switch (day.kind) {
    case 'date':
      return day.date;
    case 'from today':
      return addDays(today, day.days);
    case 'weekday':
      return addDays(earliest, (day.weekday - isoWeekdayOf(earliest) + 7) % 7);
  }
}

/** A one-off time must be exactly one instant: whoever writes it counts on it to the minute. */
function readOnce(date: LocalDate, minute: number, timeZone: string): Result<Instant> {
  if (minute >= minutesInDay) return readOnce(addDays(date, 1), minute - minutesInDay, timeZone);
  const reading = readLocal(date, minute, timeZone);
  if (reading.shown === 'once') return succeed(reading.at);
  const text = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')} on ${date}`;
  if (reading.shown === 'never') {
    const after = localDateTimeOf(localMoment(date, minute, timeZone).at, timeZone);
    return fail(`Clocks in ${timeZone} skip ${text}. Write ${after}, the first time behind the gap.`);
  }
  const [first, second] = reading.readings.map((at) => withOffset(at, timeZone));
  return fail(`Clocks in ${timeZone} show ${text} twice. Write ${first} for the first or ${second} for the second.`);
}

/** `2026-10-25T02:30+02:00`. */
function withOffset(at: Instant, timeZone: string): string {
  const minutes = Math.round((readLocalMillis(at, timeZone) - toEpochMillis(at)) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const offset = `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
  return `${localDateTimeOf(at, timeZone)}${offset}`;
}
