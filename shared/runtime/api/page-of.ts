/**
 * Lambda answers at most 6 MB (PROTOCOLS 8.1); a page ends below it, whatever its entries hold. Counted in UTF-16 units of
 * JSON, each of at most three bytes.
 */
const pageUnits = 1_500_000;

export interface ListPage<T> {
  readonly entries: readonly T[];
  /** Index of the first entry that is left for the next page; null when none is. */
  readonly rest: number | null;
}

/** The first entries that fit one answer; always one, so that a list ends. */
export function pageOf<T>(entries: readonly T[], limit: number): ListPage<T> {
  let units = 0;
  for (const [index, entry] of entries.entries()) {
    units += JSON.stringify(entry).length;
    const full = index > 0 && (index >= limit || units > pageUnits);
    if (full) return { entries: entries.slice(0, index), rest: index };
  }
  return { entries, rest: null };
}
