import * as z from 'zod';
import { namePattern } from '../name.ts';
import { dateSchema, dateTimeSchema, endClockSchema, startClockSchema, weekdaySchema } from './clock.ts';
import { durationSchema, explain, namedMap, referenceTo, strictMap, textLike, timeZoneSchema } from './pieces.ts';

export const shiftWords = ['hourly', 'daily', 'weekly'] as const;

const shiftSchema = z.union([
  z.enum(shiftWords),
  durationSchema('30m', '365d', ', or hourly, daily or weekly').refine((text) => !text.endsWith('s'), {
    error: explain('a shift is counted in whole minutes', 'Write it without seconds, such as 12h or 90m.'),
  }),
]);

const restrictionSchema = strictMap({
  days: z
    .array(weekdaySchema)
    .min(1, { error: explain('the list of days is empty', 'Name at least one of the days, such as [sat, sun].') })
    .describe('Days of the week. A night belongs to the day on which it begins.')
    .optional(),
  holidays: referenceTo('a calendar of holidays: the layer counts on its dates, too').optional(),
  start: startClockSchema.describe('Local time. Default: the start of the day.').optional(),
  end: endClockSchema
    .describe('Local time; not after start it is on the next day. Default: the end of the day.')
    .optional(),
}).superRefine(({ days, holidays }, context) => {
  if (days !== undefined || holidays !== undefined) return;
  const fix = 'Add days: such as [mon, tue, wed, thu, fri, sat, sun], or holidays: with a calendar.';
  context.addIssue({ code: 'custom', message: explain('this never holds: it names no day', fix) });
});

const layerSchema = strictMap({
  name: textLike(
    namePattern,
    'a name',
    'Start with a letter or a digit and use only letters, digits, "_", "-" and "." (at most 80).',
  )
    .describe('Name in texts. Default: its position, from 1.')
    .optional(),
  members: z
    .array(referenceTo('a person'), {
      error: ({ input }) =>
        input === undefined
          ? explain('the layer has no members, so nobody is ever on call', 'Add members: [alice, bob].')
          : undefined,
    })
    .min(1, { error: explain('the layer has no members, so nobody is ever on call', 'Name at least one person.') })
    .max(100, { error: explain('the layer has more than 100 members', 'Split it into several schedules.') })
    .describe('People, in the order of their turns.'),
  shift: shiftSchema.describe(
    'How long a turn lasts, by the clocks of the zone: hourly, daily, weekly, or such as 12h.',
  ),
  start: dateTimeSchema.describe(
    'When the first turn begins, by the clocks of the zone; the later ones begin like it.',
  ),
  end: dateTimeSchema.describe('From here on the layer has nobody. Default: it goes on.').optional(),
  when: z
    .array(restrictionSchema)
    .min(1, { error: explain('when is empty', 'Remove when: (the layer then always counts) or fill it.') })
    .max(20, { error: explain('when has more than 20 entries', 'Merge some of them.') })
    .describe('The layer counts only in these parts of the week. Default: always.')
    .optional(),
});

export const schedulesSchema = namedMap(
  strictMap({
    timeZone: timeZoneSchema.describe('IANA time zone: every local time of the schedule is read in it.'),
    layers: z
      .array(layerSchema)
      .min(1, {
        error: explain(
          'the schedule has no layers, so nobody is ever on call',
          'Add a layer with members, shift and start.',
        ),
      })
      .max(20, { error: explain('the schedule has more than 20 layers', 'Split it into several schedules.') })
      .describe('A later layer covers the ones before wherever it has somebody.'),
    handOffChannel: referenceTo('an entry of slackChannels that hears of each change of shift').optional(),
  }),
).describe('Who is on call when. A role of a team may be a schedule, so none has the name of a person.');

const calendarSchema = z
  .record(
    dateSchema,
    z.string().min(1, { error: explain('the holiday has no name', 'Write what it is called, such as Christmas Day.') }),
  )
  .refine((dates) => Object.keys(dates).length > 0, {
    error: explain('the calendar of holidays has no date', 'Add one, such as 2026-12-25: Christmas Day.'),
  });

export const holidaysSchema = namedMap(calendarSchema).describe(
  'Calendars of holidays: date to name. Print one from an iCalendar file: npm run policy -- import-holidays FILE.ics',
);
