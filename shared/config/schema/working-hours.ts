import * as z from 'zod';
import { endClockSchema, startClockSchema, weekdaySchema } from './clock.ts';
import { explain, referenceTo, strictMap, timeZoneSchema } from './pieces.ts';

const hoursShape = {
  days: z
    .array(weekdaySchema)
    .min(1, { error: explain('workingHours has no days', 'Name at least one, such as [mon, tue, wed, thu, fri].') }),
  start: startClockSchema,
  end: endClockSchema,
  holidays: referenceTo('a calendar of holidays; its dates are no working days. Default: none').optional(),
};

/** Of the organisation. That its zone exists is a check of the compiled policy. */
export const workingHoursSchema = strictMap({
  timeZone: z.string().describe('IANA time zone, such as Europe/Berlin.'),
  ...hoursShape,
}).describe(
  'When severities with pages: working hours interrupt people. Default: Monday to Friday, 09:00 to 17:00 UTC.',
);

/** Of one person. */
export const personalHoursSchema = strictMap({
  timeZone: timeZoneSchema.describe("IANA time zone. Default: the person's, else the organisation's.").optional(),
  ...hoursShape,
}).describe("Default: the organisation's, on the clocks of the person's timeZone.");
