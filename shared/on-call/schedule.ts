import type { LocalDate } from '../kernel/local-time.ts';

/** `YYYY-MM-DDTHH:MM` on the clocks of some zone. Compares as a string. */
export type LocalDateTime = string;

/**
 * Who is on call when, as the policy file says it: at any instant at most one person. Runtime changes are overrides
 * (override.ts), which count above every layer.
 */
export interface Schedule {
  readonly name: string;
  /** IANA name: every local time of the schedule is read in it. */
  readonly timeZone: string;
  /** A later layer covers the ones before wherever it has somebody. */
  readonly layers: readonly Layer[];
  /** Key of `slackChannels` that hears of each change of shift; null: nobody is told. */
  readonly handOffChannel: string | null;
}

/**
 * Members take turns, one shift each, from `start` on. Shifts recur by the wall clock: shift n begins when the clocks show
 * `start` + n x `shiftMinutes`; a time that they skip moves to the first instant after the gap, and one that they show twice
 * means the first of the two. So a day shift lasts 23 or 25 hours when clocks change in it.
 */
export interface Layer {
  readonly name: string;
  /** Names of people, in the order of their turns; at least one. */
  readonly members: readonly string[];
  /** Minutes of the wall clock. */
  readonly shiftMinutes: number;
  readonly start: LocalDateTime;
  /** From here on the layer has nobody; null: it goes on. */
  readonly end: LocalDateTime | null;
  /** The layer has somebody only inside of one of these; empty: always. */
  readonly restrictions: readonly Restriction[];
}

/**
 * Part of the week in which a layer counts: on these days from `startMinute` to before `endMinute`, which lies on the next
 * day when it is not after the start (a night belongs to the day on which it begins).
 */
export interface Restriction {
  /** ISO weekdays, 1 is Monday. With `dates`, either is enough. */
  readonly weekdays: readonly number[];
  /** Days of a holiday calendar. */
  readonly dates: readonly LocalDate[];
  /** Minutes of the day. 0 to 0 (or 1440) is the whole day. */
  readonly startMinute: number;
  readonly endMinute: number;
}
