import { fail, type Result, succeed } from '../kernel/result.ts';
import type { NumberRange } from '../route/time-interval.ts';

/** What a range of a time interval counts. */
export type RangeUnit = 'weekday' | 'day of the month' | 'month' | 'year';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** Whole numbers that fit; the largest year is the last that an instant can have. */
const bounds: Readonly<Record<RangeUnit, NumberRange>> = {
  weekday: { begin: 0, end: 6 },
  'day of the month': { begin: -31, end: 31 },
  month: { begin: 1, end: 12 },
  year: { begin: 1, end: 9999 },
};

/** The shortest month: what is in order there is in order in every month. */
const shortestMonth = 28;

function readMember(text: string, unit: RangeUnit): number | null {
  const named = unit === 'weekday' ? weekdays.indexOf(text) : unit === 'month' ? months.indexOf(text) + 1 || -1 : -1;
  if (named >= 0) return named;
  // Alertmanager knows weekdays by name only: whether a week begins with 0 or 1 is nothing to guess.
  if (unit === 'weekday' || !/^[+-]?\d{1,4}$/.test(text)) return null;
  const number = Number.parseInt(text, 10);
  const { begin, end } = bounds[unit];
  const isOutside = number < begin || number > end || (unit === 'day of the month' && number === 0);
  return isOutside ? null : number;
}

const fromShortest = (day: number): number => (day < 0 ? shortestMonth + day : day);

function orderProblem({ begin, end }: NumberRange, unit: RangeUnit): string | null {
  if (unit !== 'day of the month') return begin > end ? 'it ends before it begins' : null;
  if (begin < 0 && end > 0) return 'it begins counted from the end of the month and ends counted from its start';
  return fromShortest(begin) > fromShortest(end)
    ? 'Alertmanager takes it as one that can end before it begins in a short month'
    : null;
}

/**
 * Reads one entry of weekdays, days, months or years as Alertmanager does: a member or `first:last`, both in, letter case
 * counts for nothing, and no range goes over the end of the week, month or year.
 */
export function parseTimeRange(text: string, unit: RangeUnit): Result<NumberRange> {
  const parts = text.toLowerCase().split(':');
  const [first = '', last = first] = parts;
  const begin = readMember(first, unit);
  const end = readMember(last, unit);
  if (parts.length > 2 || begin === null || end === null) return fail(`"${text}" is not a ${unit} or a range of them`);
  const problem = orderProblem({ begin, end }, unit);
  return problem === null ? succeed({ begin, end }) : fail(`"${text}" is no range: ${problem}`);
}

/** Minutes of the day of `HH:MM`, `24:00` included; null for anything else. */
export function parseClock(text: string): number | null {
  if (!/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(text)) return null;
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}
