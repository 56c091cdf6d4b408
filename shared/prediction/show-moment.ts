import { fromEpochMillis, type Instant } from '../kernel/instant.ts';
import { readLocalMillis } from '../kernel/local-clock.ts';
import { isoWeekdayOf } from '../kernel/local-time.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** `Sun 2027-03-28 01:30:00` on the clocks of a zone. */
export function showMoment(at: Instant, timeZone: string): string {
  const local = fromEpochMillis(readLocalMillis(at, timeZone));
  const date = local.slice(0, 10);
  return `${weekdays[isoWeekdayOf(date) - 1]} ${date} ${local.slice(11, 19)}`;
}

/** On the clocks of a zone and in UTC: `Sun 2027-03-28 01:30:00  03-28 00:30:00Z`; once where they are the same. */
export const showBoth = (at: Instant, timeZone: string): string =>
  timeZone === 'UTC'
    ? `${showMoment(at, timeZone)}Z`
    : `${showMoment(at, timeZone)}  ${at.slice(5, 10)} ${at.slice(11, 19)}Z`;

/** Columns of equal width, the last one as it is. */
export function alignRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, text] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    }
  }
  return rows.map((row) =>
    row
      .map((text, column) => (column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
