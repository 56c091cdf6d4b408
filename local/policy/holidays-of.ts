import { addDays, isLocalDate, type LocalDate } from '#shared/kernel/local-time.ts';
import type { CalendarEvent, CalendarProblem, CalendarProperty } from './read-icalendar.ts';
import { datesFrom, recurringDates } from './recurring-dates.ts';

/** Longer than the longest school holidays; what lasts a year is no holiday. */
const longestEventDays = 100;
/** How many years an event that comes every year is written out for. */
export const yearsAhead = 3;

export type Holidays = Readonly<Record<LocalDate, string>>;

export type HolidayReading =
  | { readonly ok: true; readonly holidays: Holidays; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problem: CalendarProblem };

/** What one event says, or why it cannot be read; null: it is not meant, with what to tell the reader. */
type EventReading =
  | { readonly dates: readonly LocalDate[] }
  | { readonly problem: CalendarProblem }
  | { readonly note: string };

const propertyOf = ({ properties }: CalendarEvent, name: string): CalendarProperty | undefined =>
  properties.find((property) => property.name === name);

/** RFC 5545, 3.3.11. */
const unescapeText = (text: string): string =>
  text
    .replace(/\\([nN,;\\])/g, (_, character: string) => (character.toLowerCase() === 'n' ? ' ' : character))
    .replace(/\s+/g, ' ')
    .trim();

const titleOf = (event: CalendarEvent): string => unescapeText(propertyOf(event, 'SUMMARY')?.value ?? '') || 'Holiday';

/** The date of an all-day value: a date, or midnight on the clocks of wherever people are (not of UTC). Null: it is none. */
function allDayOf({ value }: CalendarProperty): LocalDate | null {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)(T000000)?$/.exec(value.trim()) ?? [];
  const date = `${year}-${month}-${day}`;
  return year !== undefined && isLocalDate(date) ? date : null;
}

const looksLikeTime = ({ value }: CalendarProperty): boolean => /^\d{8}T\d{6}Z?$/.test(value.trim());

function daysOf(event: CalendarEvent, start: LocalDate): number | null {
  const end = propertyOf(event, 'DTEND');
  const duration = propertyOf(event, 'DURATION');
  if (duration) {
    const [, weeks, days] = /^P(?:(\d{1,2})W|(\d{1,3})D)$/.exec(duration.value.trim()) ?? [];
    return weeks === undefined ? (days === undefined ? null : Number(days)) : Number(weeks) * 7;
  }
  if (!end) return 1;
  const endDate = allDayOf(end);
  if (endDate === null) return null;
  // The end is out; some programs write the day itself.
  if (endDate === start) return 1;
  for (let days = 1; days <= longestEventDays; days++) if (addDays(start, days) === endDate) return days;
  return null;
}

const asked = ['RDATE', 'RECURRENCE-ID'];

function readEvent(event: CalendarEvent, lastYear: number): EventReading {
  const title = JSON.stringify(titleOf(event));
  const start = propertyOf(event, 'DTSTART');
  const fail = (line: number, message: string, fix: string): EventReading => ({ problem: { line, message, fix } });
  if (!start) return fail(event.line, `the event ${title} has no DTSTART`, 'Remove the event from the file.');
  const date = allDayOf(start);
  if (date === null && looksLikeTime(start))
    return { note: `line ${start.line}: ${title} is left out: it is not all day` };
  if (date === null) {
    return fail(
      start.line,
      `the event ${title} begins on ${start.value}, which is no date`,
      'Correct it, such as 20261225.',
    );
  }
  const days = daysOf(event, date);
  if (days === null || days < 1 || days > longestEventDays) {
    const message = `the event ${title} does not end 1 to ${longestEventDays} days after its start`;
    return fail(event.line, message, 'Correct its DTEND, the day after its last one.');
  }
  const unread = event.properties.find(({ name }) => asked.includes(name));
  const rule = propertyOf(event, 'RRULE');
  const starts = rule ? recurringDates(date, rule.value, lastYear) : [date];
  if (starts === null || unread) {
    const { line, name, value } = unread ?? rule ?? start;
    const fix = 'Remove the event from the file and write its dates into the policy file by hand.';
    return fail(line, `the event ${title} recurs in a way that is not read: ${name}:${value}`, fix);
  }
  const left = event.properties.filter(({ name }) => name === 'EXDATE').flatMap(({ value }) => value.split(','));
  const without = left.map((text) => `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`);
  return { dates: starts.filter((each) => !without.includes(each)).flatMap((each) => datesFrom(each, days)) };
}

/**
 * The holidays of a calendar from a year on, in order of their dates: each all-day event on each of its days. Two on one day share it.
 * What comes every year is written out for `yearsAhead` years. An event that cannot be read is refused with its line, because a
 * holiday that is silently left out is found on that day.
 */
export function holidaysOf(events: readonly CalendarEvent[], fromYear: number): HolidayReading {
  const names = new Map<LocalDate, string[]>();
  const notes: string[] = [];
  for (const event of events.filter((each) => propertyOf(each, 'STATUS')?.value.toUpperCase() !== 'CANCELLED')) {
    const reading = readEvent(event, fromYear + yearsAhead - 1);
    if ('problem' in reading) return { ok: false, problem: reading.problem };
    if ('note' in reading) notes.push(reading.note);
    else
      for (const date of reading.dates.filter((each) => each >= `${fromYear}-01-01`)) {
        const known = names.get(date) ?? [];
        names.set(date, [...known, ...[titleOf(event)].filter((title) => !known.includes(title))]);
      }
  }
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ok: true, holidays: Object.fromEntries(sorted.map(([date, titles]) => [date, titles.join(' / ')])), notes };
}
