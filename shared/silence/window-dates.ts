import { addDays, isoWeekdayOf, type LocalDate } from '../kernel/local-time.ts';
import type { MaintenanceWindow, Recurrence } from './maintenance-window.ts';

const dayOfMonth = (date: LocalDate): number => Number(date.slice(8));

/** The same day counted from the end of its month: -1 is the last. */
const dayFromEnd = (date: LocalDate): number => {
  const [year = 0, month = 0] = date.split('-').map(Number);
  return dayOfMonth(date) - new Date(Date.UTC(year, month, 0)).getUTCDate() - 1;
};

const isNth = (date: LocalDate, nth: number): boolean =>
  nth === -1 ? dayFromEnd(date) >= -7 : Math.ceil(dayOfMonth(date) / 7) === nth;

function recursOn(recurrence: Recurrence, date: LocalDate): boolean {
  switch (recurrence.kind) {
    case 'daily':
      return true;
    case 'weekly':
      return recurrence.weekdays.includes(isoWeekdayOf(date));
    case 'monthly':
      return recurrence.daysOfMonth.includes(dayOfMonth(date)) || recurrence.daysOfMonth.includes(dayFromEnd(date));
    case 'monthly by weekday':
      return isoWeekdayOf(date) === recurrence.weekday && isNth(date, recurrence.nth);
    case 'once':
      return recurrence.date === date;
  }
}

/** The dates from `first` to `last`, both in, on which a window begins by the calendar; whether a zone has them is not asked. */
export function* windowDates(
  { recurrence, from, until }: Pick<MaintenanceWindow, 'recurrence' | 'from' | 'until'>,
  first: LocalDate,
  last: LocalDate,
): Generator<LocalDate> {
  const end = until !== null && until < last ? until : last;
  for (let date = from !== null && from > first ? from : first; date <= end; date = addDays(date, 1)) {
    if (recursOn(recurrence, date)) yield date;
  }
}
