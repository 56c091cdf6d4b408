import * as z from 'zod';
import { isLocalDate } from '../../kernel/local-time.ts';
import { weekdayNames } from '../weekday.ts';
import { explain, textLike } from './pieces.ts';

/** Days, dates and times as the clocks of some zone show them. */

export const weekdaySchema = z.enum(weekdayNames);

const dateFix = 'Write year, month and day, such as 2026-12-24.';
export const dateSchema = textLike(/^\d{4}-\d\d-\d\d$/, 'a date', dateFix).refine(isLocalDate, {
  error: ({ input }) => explain(`the calendar has no ${input}`, dateFix),
});

const clockFix = 'Write hours and minutes in quotes, such as "09:00".';
/** At which something begins. */
export const startClockSchema = textLike(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day', clockFix);
/** Before which something ends; `24:00` is the end of the day. */
export const endClockSchema = textLike(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day', clockFix);

const dateTimeFix = 'Write date and time, such as 2026-03-02T09:00, without seconds and without a zone.';
export const dateTimeSchema = textLike(
  /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/,
  'a local date and time',
  dateTimeFix,
).refine((text) => isLocalDate(text.slice(0, 10)), {
  error: ({ input }) => explain(`the calendar has no ${String(input).slice(0, 10)}`, dateTimeFix),
});
