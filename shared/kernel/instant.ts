import { assert } from './assert.ts';

/**
 * A UTC instant as `YYYY-MM-DDTHH:mm:ss.sssZ`. One fixed width, so that instants compare as strings and sort as keys.
 * Intervals are half-open everywhere: the start is in, the end is out.
 */
export type Instant = string;

const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const isInstant = (text: string): boolean => instantPattern.test(text);

export const fromEpochMillis = (millis: number): Instant => new Date(millis).toISOString();

export function toEpochMillis(instant: Instant): number {
  const millis = Date.parse(instant);
  assert(!Number.isNaN(millis), `not an instant: ${instant}`);
  return millis;
}

export const toEpochSeconds = (instant: Instant): number => Math.floor(toEpochMillis(instant) / 1000);

export const addSeconds = (instant: Instant, seconds: number): Instant =>
  fromEpochMillis(toEpochMillis(instant) + Math.round(seconds * 1000));

export const addMillis = (instant: Instant, millis: number): Instant =>
  fromEpochMillis(toEpochMillis(instant) + millis);

/** Seconds from `from` to `to`; negative when `to` is earlier. */
export const secondsBetween = (from: Instant, to: Instant): number => (toEpochMillis(to) - toEpochMillis(from)) / 1000;

export const latest = (a: Instant, b: Instant): Instant => (a >= b ? a : b);
export const earliest = (a: Instant, b: Instant): Instant => (a <= b ? a : b);

/** True when `at` is in [start, end); a null end never comes. */
export const isWithin = (at: Instant, start: Instant, end: Instant | null): boolean =>
  at >= start && (end === null || at < end);

/**
 * Reads RFC 3339 with 0 to 9 fraction digits and any offset (Alertmanager sends up to nanoseconds), cut to milliseconds.
 * Returns null for anything that is no such instant.
 */
export function parseRfc3339(text: string): Instant | null {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return null;
  const [, date, time, fraction = '', zone = 'Z'] = match;
  const millis = Date.parse(
    `${date}T${time}${fraction.slice(0, 4).padEnd(fraction ? 4 : 0, '0')}${zone.toUpperCase()}`,
  );
  if (Number.isNaN(millis)) return null;
  // An offset can push year 0 or 9999 out of four digits, and then it would no longer compare as a string.
  const instant = fromEpochMillis(millis);
  return isInstant(instant) ? instant : null;
}
