import { addDays, isLocalDate, isoWeekdayOf, type LocalDate } from '#shared/kernel/local-time.ts';

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** What a rule of one date a year says; anything else is not read. */
interface YearlyRule {
  readonly interval: number;
  readonly count: number;
  readonly until: LocalDate | null;
  /** `4` and `TH`: the fourth Thursday of the month; null: the same date each year. */
  readonly nth: { readonly ordinal: number; readonly weekday: number } | null;
}

function wholeNumber(text: string | undefined, otherwise: number): number | null {
  if (text === undefined) return otherwise;
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null;
}

const dateOf = (text: string): LocalDate | null => {
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  return /^\d{8}(T\d{6}Z?)?$/.test(text) && isLocalDate(date) ? date : null;
};

/** The day part of a rule: null when it is not one date a year, or another one than the event's own. */
function readNth(parts: ReadonlyMap<string, string>, start: LocalDate): { readonly nth: YearlyRule['nth'] } | null {
  const [month, day] = [Number(start.slice(5, 7)), Number(start.slice(8))];
  const byMonth = parts.get('BYMONTH');
  const byMonthDay = parts.get('BYMONTHDAY');
  const byDay = parts.get('BYDAY');
  if (byMonth !== undefined && Number(byMonth) !== month) return null;
  if (byDay === undefined) return byMonthDay === undefined || Number(byMonthDay) === day ? { nth: null } : null;
  const [, ordinal, weekday = ''] = /^([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)$/.exec(byDay) ?? [];
  if (ordinal === undefined || byMonth === undefined || byMonthDay !== undefined) return null;
  return { nth: { ordinal: Number(ordinal), weekday: weekdays.indexOf(weekday) + 1 } };
}

const known = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYMONTH', 'BYMONTHDAY', 'BYDAY', 'WKST'];

function readRule(rule: string, start: LocalDate): YearlyRule | null {
  const parts = new Map(
    rule
      .toUpperCase()
      .split(';')
      .map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']),
  );
  if (parts.get('FREQ') !== 'YEARLY' || [...parts.keys()].some((key) => !known.includes(key))) return null;
  const interval = wholeNumber(parts.get('INTERVAL'), 1);
  const count = wholeNumber(parts.get('COUNT'), Number.POSITIVE_INFINITY);
  const untilText = parts.get('UNTIL');
  const until = untilText === undefined ? null : dateOf(untilText);
  const day = readNth(parts, start);
  if (interval === null || count === null || day === null || (untilText !== undefined && until === null)) return null;
  return { interval, count, until, nth: day.nth };
}

/** The nth weekday of a month, counted from its end for a negative one; null: the month does not have it. */
function nthWeekday(month: string, { ordinal, weekday }: NonNullable<YearlyRule['nth']>): LocalDate | null {
  const days = Array.from({ length: 31 }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
  const fitting = days.filter((date) => isLocalDate(date) && isoWeekdayOf(date) === weekday);
  return fitting.at(ordinal < 0 ? ordinal : ordinal - 1) ?? null;
}

/**
 * The dates up to and with a year on which an event of one date a year begins; null: the rule says more than that, such as several dates
 * or weeks. A 29 February comes in leap years only, as RFC 5545 has it.
 */
export function recurringDates(start: LocalDate, rule: string, lastYear: number): readonly LocalDate[] | null {
  const read = readRule(rule, start);
  if (!read) return null;
  const dates: LocalDate[] = [];
  for (let year = Number(start.slice(0, 4)); year <= lastYear && dates.length < read.count; year += read.interval) {
    const month = `${String(year).padStart(4, '0')}-${start.slice(5, 7)}`;
    const date = read.nth ? nthWeekday(month, read.nth) : `${month}-${start.slice(8)}`;
    if (date === null || !isLocalDate(date) || date < start) continue;
    if (read.until !== null && date > read.until) break;
    dates.push(date);
  }
  return dates;
}

/** The dates of an event that lasts so many days. */
export const datesFrom = (start: LocalDate, days: number): LocalDate[] =>
  Array.from({ length: days }, (_, index) => addDays(start, index));
