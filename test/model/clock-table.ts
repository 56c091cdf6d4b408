/**
 * What the clocks of a zone show at every quarter of an hour, read from Intl once: the reference only ever scans this
 * list. Every zone has whole quarters of an hour since long, and every policy of the model uses whole quarters too.
 */

export const quarterMillis = 15 * 60_000;

export interface Reading {
  readonly at: number;
  /** `YYYY-MM-DDTHH:MM`. */
  readonly local: string;
  readonly date: string;
  readonly minute: number;
  /** 1 is Monday. */
  readonly weekday: number;
}

export interface Span {
  /** A whole quarter of an hour, epoch milliseconds. */
  readonly from: number;
  readonly days: number;
}

const tables = new Map<string, readonly Reading[]>();

export function readingsOf(timeZone: string, { from, days }: Span): readonly Reading[] {
  const key = `${timeZone} ${from} ${days}`;
  const known = tables.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const table = Array.from({ length: days * 96 }, (_, quarter): Reading => {
    const at = from + quarter * quarterMillis;
    const local = format.format(at).replace(' ', 'T');
    const date = local.slice(0, 10);
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay() || 7;
    return { at, local, date, minute: Number(local.slice(11, 13)) * 60 + Number(local.slice(14)), weekday };
  });
  tables.set(key, table);
  return table;
}

/** The reading of the quarter of an hour that an instant lies in. */
export function readingAt(table: readonly Reading[], at: number): Reading {
  const reading = table[Math.floor((at - (table[0]?.at ?? 0)) / quarterMillis)];
  if (!reading) throw new Error(`${new Date(at).toISOString()} is outside of the model's weeks`);
  return reading;
}

/** The first instant at which the clocks show this time or, where they skip it, a later one. */
export const firstShowing = (table: readonly Reading[], local: string): number | null =>
  table.find((reading) => reading.local >= local)?.at ?? null;
