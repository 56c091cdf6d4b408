import type { Matcher } from '../alert/matcher.ts';

/**
 * A recurring window of the policy file in which matching alerts are suppressed. Each occurrence becomes a silence in the one store
 * of silences, made ahead by the sweep, so that every client of silences sees it and a person can end it early.
 */
export interface MaintenanceWindow {
  readonly name: string;
  /** ANDed; at least one. */
  readonly matchers: readonly Matcher[];
  readonly comment: string;
  /** IANA name; start and dates are local there. */
  readonly timeZone: string;
  /** Local time of day at which an occurrence begins, `HH:MM`. A time that a day does not have moves to the first valid instant. */
  readonly start: string;
  /** Elapsed time, not wall-clock time: a window of 4 h lasts 4 h also when clocks change in it. */
  readonly durationSeconds: number;
  readonly recurrence: Recurrence;
  /** Local dates `YYYY-MM-DD`, both in; null: no bound. */
  readonly from: string | null;
  readonly until: string | null;
}

export type Recurrence =
  | { readonly kind: 'daily' }
  /** ISO weekdays, 1 is Monday. */
  | { readonly kind: 'weekly'; readonly weekdays: readonly number[] }
  /** 1 to 31, or -1 to -31 from the month's end; a month without that day has no occurrence. */
  | { readonly kind: 'monthly'; readonly daysOfMonth: readonly number[] }
  /** Such as the second Tuesday: nth 1 to 5, or -1 for the last. */
  | { readonly kind: 'monthly by weekday'; readonly nth: number; readonly weekday: number }
  /** One local date. */
  | { readonly kind: 'once'; readonly date: string };
