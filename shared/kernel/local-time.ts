// Function by function: the classes would add 35 KB to every function that may decide by local time.
import * as PlainDateTimeFns from 'temporal-polyfill/fns/PlainDateTime';
import * as ZonedDateTimeFns from 'temporal-polyfill/fns/ZonedDateTime';
import { assert } from './assert.ts';
import { fromEpochMillis, type Instant } from './instant.ts';
import { readLocalMillis } from './local-clock.ts';

/** `YYYY-MM-DD` on the calendar of some zone. Compares as a string. */
export type LocalDate = string;

const dayMillis = 86_400_000;
const minutesInDay = 1440;

const toMidnight = (date: LocalDate): number => {
  const millis = Date.parse(`${date}T00:00:00.000Z`);
  assert(!Number.isNaN(millis), `not a date: ${date}`);
  return millis;
};

const fromLocalMillis = (millis: number): LocalDate => fromEpochMillis(millis).slice(0, 10);

/** Whether the calendar has this date: 2026-02-30 it has not. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const millis = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(millis) && fromLocalMillis(millis) === text;
}

/** The date that a zone has at an instant. */
export const localDateOf = (instant: Instant, timeZone: string): LocalDate =>
  fromLocalMillis(readLocalMillis(instant, timeZone));

export const addDays = (date: LocalDate, days: number): LocalDate =>
  fromLocalMillis(toMidnight(date) + days * dayMillis);

/** ISO: 1 is Monday. */
export const isoWeekdayOf = (date: LocalDate): number => new Date(toMidnight(date)).getUTCDay() || 7;

/** When a zone's clocks first show a time, and whether they do: a time that they skip moves to the first instant after the gap. */
export interface LocalMoment {
  readonly at: Instant;
  readonly exists: boolean;
}

/** `minute` of the day; 1440 is the start of the next. A time that comes twice means the first of the two. */
export function localMoment(date: LocalDate, minute: number, timeZone: string): LocalMoment {
  if (minute >= minutesInDay) return localMoment(addDays(date, 1), minute - minutesInDay, timeZone);
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const local = PlainDateTimeFns.create(year, month, day, Math.floor(minute / 60), minute % 60);
  const before = PlainDateTimeFns.toZonedDateTime(local, timeZone, { disambiguation: 'earlier' });
  const exists = PlainDateTimeFns.equals(ZonedDateTimeFns.toPlainDateTime(before), local);
  const valid = exists ? before : ZonedDateTimeFns.getTimeZoneTransition(before, 'next');
  assert(valid, `no clock change after ${before.epochMilliseconds} in ${timeZone}`);
  return { at: fromEpochMillis(valid.epochMilliseconds), exists };
}

/** Zones have left out whole days, such as Apia 30 December 2011. Noon is never skipped alone. */
export const hasDay = (date: LocalDate, timeZone: string): boolean =>
  localMoment(date, minutesInDay / 2, timeZone).exists;
