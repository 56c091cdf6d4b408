import { AdapterError } from '../kernel/adapter-error.ts';
import { compareBytes, type KeyRange } from './byte-order.ts';
import { itemBytes } from './stored-value.ts';
import type { Item, Key, Page } from './table.ts';

/** One item of a partition of the table (sort = sk) or of an index (sort = its sort attribute). */
export interface Entry extends Key {
  readonly sort: string;
  readonly item: Item;
}

type Place = Omit<Entry, 'item'>;

/** DynamoDB: a query answers at most 1 MB, then a cursor. */
const pageBytesLimit = 1024 * 1024;

/** A partition: entries ordered by the bytes of `sort`; equal ones (possible in an index only) by key. */
export function makeSortedEntries() {
  const entries: Entry[] = [];

  /** Position of the first entry that is not before the place. */
  function positionOf(place: Place): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = entries[middle];
      if (entry !== undefined && comparePlaces(entry, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const isAt = (position: number, place: Place) => {
    const entry = entries[position];
    return entry !== undefined && comparePlaces(entry, place) === 0;
  };

  return {
    put(entry: Entry): void {
      const position = positionOf(entry);
      entries.splice(position, isAt(position, entry) ? 1 : 0, entry);
    },
    remove(place: Place): void {
      const position = positionOf(place);
      if (isAt(position, place)) entries.splice(position, 1);
    },
    /** The entries of the range, after the cursor when there is one, in either direction. */
    select(range: KeyRange, newestFirst: boolean, after: Place | null): readonly Entry[] {
      const start = range.from === null ? 0 : positionOf({ sort: range.from, pk: '', sk: '' });
      const end = range.before === null ? entries.length : positionOf({ sort: range.before, pk: '', sk: '' });
      if (after === null) return directed(entries.slice(start, end), newestFirst);
      const at = positionOf(after);
      if (newestFirst) return directed(entries.slice(start, Math.min(at, end)), true);
      return entries.slice(Math.max(isAt(at, after) ? at + 1 : at, start), end);
    },
  };
}

export type SortedEntries = ReturnType<typeof makeSortedEntries>;

const directed = (entries: readonly Entry[], newestFirst: boolean) => (newestFirst ? entries.toReversed() : entries);

const comparePlaces = (a: Place, b: Place): number =>
  compareBytes(a.sort, b.sort) || compareBytes(a.pk, b.pk) || compareBytes(a.sk, b.sk);

/** One page as DynamoDB cuts it: a full page carries a cursor even when nothing follows. */
export function cutPage(entries: readonly Entry[], limit: number | undefined): Page<Item> {
  const items: Item[] = [];
  let bytes = 0;
  for (const { item, sort } of entries) {
    items.push(item);
    bytes += itemBytes(item);
    if (items.length === limit || bytes >= pageBytesLimit) {
      return { items, next: JSON.stringify({ sort, pk: item.pk, sk: item.sk }) };
    }
  }
  return { items, next: null };
}

export function readCursor(cursor: string | null | undefined): Place | null {
  if (cursor === null || cursor === undefined) return null;
  const place: unknown = parseJson(cursor);
  if (!isPlace(place)) throw new AdapterError('table', 'invalid', 'not a cursor of this table');
  return place;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' &&
  value !== null &&
  'sort' in value &&
  typeof value.sort === 'string' &&
  'pk' in value &&
  typeof value.pk === 'string' &&
  'sk' in value &&
  typeof value.sk === 'string';
