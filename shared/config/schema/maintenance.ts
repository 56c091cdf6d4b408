import * as z from 'zod';
import { dateSchema, weekdaySchema } from './clock.ts';
import { matcherListSchema } from './matchers.ts';
import { durationSchema, exactlyOneOf, explain, namedMap, strictMap, textLike, timeZoneSchema } from './pieces.ts';

const kinds = ['daily', 'days', 'daysOfMonth', 'nthWeekday', 'date'];

const dayFix = 'Write 1 to 31, or -1 to -31 from the end of the month.';
const dayOfMonthSchema = z
  .int({ error: () => explain('the day of the month is not a whole number', dayFix) })
  .min(-31, { error: explain('the day of the month is below -31', dayFix) })
  .max(31, { error: explain('the day of the month is above 31', dayFix) })
  .refine((day) => day !== 0, { error: explain('no month has a day 0', dayFix) });

const nthFix = 'Write 1 to 5, or -1 for the last.';
const nthSchema = z
  .int({ error: () => explain('nth is not a whole number', nthFix) })
  .refine((nth) => nth === -1 || (nth >= 1 && nth <= 5), { error: explain('nth does not exist in any month', nthFix) });

const atLeastOne = (what: string) => ({
  error: explain(`the list of ${what} is empty`, `Name at least one of the ${what}.`),
});

export const maintenanceWindowsSchema = namedMap(
  strictMap({
    matchers: matcherListSchema
      .min(1, { error: explain('the window has no matchers', `Say what it silences, such as ['team="database"'].`) })
      .describe('What is silenced: all must match.'),
    comment: z.string().describe('Shown with the silence. Default: the name of the window.').optional(),
    timeZone: timeZoneSchema.describe('IANA time zone of start and dates. Default: UTC.').optional(),
    start: textLike(
      /^([01]\d|2[0-3]):[0-5]\d$/,
      'a time of day',
      'Write hours and minutes in quotes, such as "02:00".',
    ).describe('Local time at which it begins.'),
    duration: durationSchema('1m', '30d').describe('Elapsed time, also when clocks change in it.'),
    daily: z.literal(true, { error: explain('daily is not true', 'Write daily: true, or remove it.') }).optional(),
    days: z.array(weekdaySchema).min(1, atLeastOne('days')).describe('Weekly, on these days.').optional(),
    daysOfMonth: z
      .array(dayOfMonthSchema)
      .min(1, atLeastOne('days'))
      .describe('Monthly, on these days; -1 is the last. A month without the day is left out.')
      .optional(),
    nthWeekday: strictMap({ nth: nthSchema.describe('1 to 5, or -1 for the last.'), day: weekdaySchema })
      .describe('Monthly, such as the second Tuesday.')
      .optional(),
    date: dateSchema.describe('Once, on this date.').optional(),
    from: dateSchema.describe('First date on which it may begin.').optional(),
    until: dateSchema.describe('Last date on which it may begin.').optional(),
  }).superRefine(exactlyOneOf(kinds, 'the recurrence of the window')),
).describe('Recurring times in which matching alerts are silenced.');
