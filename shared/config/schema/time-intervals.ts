import * as z from 'zod';
import { parseClock, parseTimeRange, type RangeUnit } from '../time-range.ts';
import { explain, strictMap, textLike, timeZoneSchema } from './pieces.ts';

const clockFix = 'Write hours and minutes in quotes, such as "09:00" or "24:00".';
const clockSchema = textLike(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day', clockFix);

const timesSchema = strictMap({ start_time: clockSchema, end_time: clockSchema }).superRefine((times, context) => {
  const [start, end] = [parseClock(times.start_time), parseClock(times.end_time)];
  if (start === null || end === null || start < end) return;
  const message = `the time ends at ${times.end_time}, not after its start at ${times.start_time}`;
  const fix = 'Write a later end; for a night write two entries, one to "24:00" and one from "00:00".';
  context.addIssue({ code: 'custom', path: ['end_time'], message: explain(message, fix) });
});

const rangeFixes: Readonly<Record<RangeUnit, string>> = {
  weekday: 'Write a day such as sunday, or a range such as monday:friday; split one that goes over saturday.',
  'day of the month': 'Write 1 to 31, or -1 to -31 from the end of the month, or a range such as "1:5" or "-3:-1".',
  month: 'Write january to december or 1 to 12, or a range such as march:may; split one that goes over december.',
  year: 'Write a year such as 2026, or a range such as "2026:2028".',
};

/** One entry as Alertmanager writes it; YAML reads a single day, month or year as a number. */
const rangeSchema = (unit: RangeUnit) =>
  z.union([z.number(), z.string()]).superRefine((entry, context) => {
    const range = parseTimeRange(String(entry), unit);
    if (!range.ok) context.addIssue({ code: 'custom', message: explain(range.problem, rangeFixes[unit]) });
  });

/** Alertmanager takes an empty list and means never by it; nobody who writes one does. */
const filledList = <Entry extends z.ZodType>(entry: Entry) =>
  z.array(entry).min(1, {
    error: ({ path }) => {
      const key = String(path?.at(-1));
      return explain(
        `${key} is empty, so the interval never holds`,
        `Remove ${key}: (it then always holds) or fill it.`,
      );
    },
  });

const intervalSchema = strictMap({
  times: filledList(timesSchema).describe('Parts of the day, from start_time to before end_time.').optional(),
  weekdays: filledList(rangeSchema('weekday')).describe('Such as monday:friday.').optional(),
  days_of_month: filledList(rangeSchema('day of the month'))
    .describe('1 to 31, or -1 to -31 from the end of the month; ranges such as "1:5".')
    .optional(),
  months: filledList(rangeSchema('month')).describe('Names or numbers; ranges such as march:may.').optional(),
  years: filledList(rangeSchema('year')).describe('Numbers; ranges such as "2026:2028".').optional(),
  location: timeZoneSchema.describe('IANA time zone. Default: UTC.').optional(),
});

const longestName = 200;
const nameFix = 'Write a short text that routes can refer to, such as nights or out-of-hours.';

/** Any text, since people paste theirs. */
const intervalNameSchema = z
  .string()
  .min(1, { error: explain('the name is empty', nameFix) })
  .max(longestName, { error: explain(`the name has more than ${longestName} characters`, nameFix) });

/** The same for both keys: Alertmanager's older and newer name for one list. */
export const timeIntervalsSchema = z.array(
  strictMap({
    name: intervalNameSchema.describe(
      'What routes call it; unique in time_intervals and mute_time_intervals together.',
    ),
    time_intervals: z
      .array(intervalSchema)
      .min(1, { error: explain('the interval has no entry, so it never holds', 'Add an entry, or {} for always.') })
      .describe('It holds when one of these does.'),
  }),
);

export type TimeIntervalsDocument = z.infer<typeof timeIntervalsSchema>;
