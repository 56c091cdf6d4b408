import { itemAfter } from './apply-write.ts';
import { type KeyRange, keyRangeOf } from './byte-order.ts';
import { holds } from './condition.ts';
import { indexes } from './keys.ts';
import { checkKey, checkLimit, keyOf, prepareWrites } from './prepare-writes.ts';
import { cutPage, makeSortedEntries, readCursor, type SortedEntries } from './sorted-entries.ts';
import { ConditionFailed, type IndexName, type Item, type Key, type Table, type Write } from './table.ts';

/** What one write changed, as a stream with old and new images would tell it. */
export interface CommittedChange {
  readonly key: Key;
  readonly before: Item | null;
  readonly after: Item | null;
}

export interface TableOperation {
  readonly name: 'get' | 'query' | 'queryIndex' | 'write';
  /** `after`: a write is carried out and its caller does not learn it. */
  readonly moment: 'before' | 'after';
  /** Empty for reads. */
  readonly writes: readonly Write[];
}

export interface MemoryTableOptions {
  /** Receives every committed batch, in the order of the commits, before the writer has its answer. */
  readonly onWrite?: (changes: readonly CommittedChange[]) => void;
  /** An error that it answers is thrown in place of, or after, the operation. */
  readonly inject?: (operation: TableOperation) => Error | null;
}

export interface MemoryTable extends Table {
  /** Every item, ordered by key: for the invariants of tests and the simulation. */
  allItems(): readonly Item[];
}

/** The table in memory, with the meaning of table.ts: every operation happens at one instant. Items are frozen. */
export function makeMemoryTable(options: MemoryTableOptions = {}): MemoryTable {
  const items = new Map<string, Item>();
  const partitions = new Map<string, SortedEntries>();

  const partition = (name: string): SortedEntries => {
    const known = partitions.get(name);
    if (known !== undefined) return known;
    const made = makeSortedEntries();
    partitions.set(name, made);
    return made;
  };
  const find = (key: Key): Item | null => items.get(nameOf(key)) ?? null;

  function store(change: CommittedChange): void {
    for (const place of change.before === null ? [] : placesOf(change.before)) partition(place.partition).remove(place);
    for (const place of change.after === null ? [] : placesOf(change.after)) partition(place.partition).put(place);
    if (change.after === null) items.delete(nameOf(change.key));
    else items.set(nameOf(change.key), change.after);
  }

  async function run<T>(name: TableOperation['name'], writes: readonly Write[], work: () => T): Promise<T> {
    const early = options.inject?.({ name, moment: 'before', writes }) ?? null;
    if (early !== null) throw early;
    const answer = work();
    const late = options.inject?.({ name, moment: 'after', writes }) ?? null;
    if (late !== null) throw late;
    return answer;
  }

  function commit(writes: readonly Write[]): { readonly newItem: Item | null } {
    const prepared = prepareWrites(writes);
    const found = prepared.map((write) => ({ write, before: find(keyOf(write)) }));
    const failures = found.flatMap(({ write, before }, index) =>
      holds(write.condition, before) ? [] : [{ index, item: before }],
    );
    if (failures.length > 0) throw new ConditionFailed(failures);
    const changes = found.map(({ write, before }) => {
      const { pk, sk } = keyOf(write);
      return { key: { pk, sk }, before, after: itemAfter(write, before) };
    });
    for (const change of changes) store(change);
    const changed = changes.filter((change) => change.before !== change.after);
    if (changed.length > 0) options.onWrite?.(changed);
    return { newItem: prepared.length === 1 && prepared[0]?.kind === 'update' ? (changes[0]?.after ?? null) : null };
  }

  return {
    get: (keys) =>
      run('get', [], () => {
        for (const key of keys) checkKey(key);
        return keys.map(find);
      }),
    query: (query) =>
      run('query', [], () => {
        checkLimit(query.limit);
        const entries = partition(tablePartition(query.pk));
        return cutPage(
          entries.select(keyRangeOf(query), query.newestFirst === true, readCursor(query.after)),
          query.limit,
        );
      }),
    queryIndex: (query) =>
      run('queryIndex', [], () => {
        checkLimit(query.limit);
        const range: KeyRange = { from: null, before: query.before ?? null };
        const entries = partition(indexPartition(query.index, query.partition));
        return cutPage(entries.select(range, false, readCursor(query.after)), query.limit);
      }),
    write: (writes) => run('write', writes, () => commit(writes)),
    allItems: () => [...items.values()].sort((a, b) => compareText(a.pk, b.pk) || compareText(a.sk, b.sk)),
  };
}

const nameOf = ({ pk, sk }: Key): string => `${pk.length} ${pk}${sk}`;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const tablePartition = (pk: string): string => `table ${pk}`;
const indexPartition = (index: IndexName, name: string): string => `${index} ${name}`;

/** Where an item stands: in its partition, and in each index whose two attributes it has. */
function placesOf(item: Item) {
  const { pk, sk } = item;
  const places = [{ partition: tablePartition(pk), sort: sk, pk, sk, item }];
  for (const index of Object.values(indexes)) {
    const partition = item[index.partition];
    const sort = item[index.sort];
    if (typeof partition !== 'string' || typeof sort !== 'string') continue;
    const names = [index.partition, index.sort, ...index.projected];
    const projected = Object.fromEntries(
      names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])),
    );
    places.push({
      partition: indexPartition(index.name, partition),
      sort,
      pk,
      sk,
      item: Object.freeze({ ...projected, pk, sk }),
    });
  }
  return places;
}
