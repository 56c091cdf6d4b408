import type { LocalDate } from '../kernel/local-time.ts';
import { defaultWorkingHours } from './defaults.ts';
import type { Policy, WorkingHours } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';
import { isoWeekdays } from './weekday.ts';

type HolidaysDocument = Pick<PolicyDocument, 'holidays'>;
type PersonDocument = NonNullable<PolicyDocument['people']>[string];

/** The dates of a calendar, in order; none of one that the file does not define. */
export const holidayDates = ({ holidays }: HolidaysDocument, calendar: string): readonly LocalDate[] =>
  Object.keys(holidays?.[calendar] ?? {}).sort();

export const compileHolidays = (document: HolidaysDocument): Policy['holidays'] =>
  Object.fromEntries(
    Object.keys(document.holidays ?? {}).map((calendar) => [calendar, holidayDates(document, calendar)]),
  );

type HoursDocument = Omit<NonNullable<PolicyDocument['workingHours']>, 'timeZone'>;

const compileHours = (hours: HoursDocument, timeZone: string, document: HolidaysDocument): WorkingHours => ({
  timeZone,
  weekdays: isoWeekdays(hours.days),
  start: hours.start,
  end: hours.end,
  ...(hours.holidays === undefined ? {} : { holidays: holidayDates(document, hours.holidays) }),
});

/** The organisation's. */
export const compileWorkingHours = (document: PolicyDocument): WorkingHours =>
  document.workingHours === undefined
    ? defaultWorkingHours
    : compileHours(document.workingHours, document.workingHours.timeZone, document);

/** A person's own hours, or the organisation's on the person's clocks; undefined: just the organisation's. */
export function compilePersonalHours(person: PersonDocument, document: PolicyDocument): WorkingHours | undefined {
  const ofAll = compileWorkingHours(document);
  const { workingHours, timeZone } = person;
  if (workingHours !== undefined) {
    return compileHours(workingHours, workingHours.timeZone ?? timeZone ?? ofAll.timeZone, document);
  }
  return timeZone === undefined ? undefined : { ...ofAll, timeZone };
}
