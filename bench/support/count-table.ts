import { indexes } from '#shared/store/keys.ts';
import type { CommittedChange, MemoryTable } from '#shared/store/memory-table.ts';
import { itemBytes } from '#shared/store/stored-value.ts';
import type { Item, Key, Table, Write } from '#shared/store/table.ts';
import type { Usage } from './usage.ts';

/**
 * DynamoDB's rules for units (developer guide, "read and write operations", "capacity units"): a strongly consistent read
 * takes one for each 4 KB of an item, a query one for each 4 KB of all its items, both at least one; a write takes one for
 * each KB of the larger of old and new item, twice that in a transaction, the same for an item that is only checked; an
 * index takes its own for an entry that appears, changes or goes, and two when its key changes.
 */
const readUnitBytes = 4096;
const writeUnitBytes = 1024;
const keysPerRequest = 100;

const unitsOf = (bytes: number, unit: number): number => Math.max(1, Math.ceil(bytes / unit));
const sizeOf = (item: Item | null): number => (item === null ? 0 : itemBytes(item));

type Index = (typeof indexes)[keyof typeof indexes];

function entryOf(index: Index, item: Item | null): Item | null {
  if (item === null || typeof item[index.partition] !== 'string' || typeof item[index.sort] !== 'string') return null;
  const names = [index.partition, index.sort, ...index.projected];
  return { pk: item.pk, sk: item.sk, ...Object.fromEntries(names.map((name) => [name, item[name]])) };
}

function indexUnits({ before, after }: CommittedChange): number {
  let units = 0;
  for (const index of Object.values(indexes)) {
    const [old, next] = [entryOf(index, before), entryOf(index, after)];
    if (old === null && next === null) continue;
    if (JSON.stringify(old) === JSON.stringify(next)) continue;
    const moved =
      old !== null &&
      next !== null &&
      (old[index.partition] !== next[index.partition] || old[index.sort] !== next[index.sort]);
    units += (moved ? 2 : 1) * unitsOf(Math.max(sizeOf(old), sizeOf(next)), writeUnitBytes);
  }
  return units;
}

/** Where committed changes go while a write runs: the table in memory tells them before it answers. */
export interface ChangeSink {
  changes: readonly CommittedChange[];
}

/** The table in memory as one function uses it, counted. Only for calls that do not fail. */
export function countTable(memory: MemoryTable, sink: ChangeSink, usage: Usage): Table {
  async function countWrite(writes: readonly Write[]) {
    const checked = writes.flatMap((write) => (write.kind === 'check' ? [write.key] : []));
    const unchanged = await memory.get(checked);
    const writing = memory.write(writes);
    // The changes are those of this write: it happened before its promise did.
    const { changes } = sink;
    sink.changes = [];
    const answer = await writing;
    const table = changes.reduce(
      (sum, { before, after }) => sum + unitsOf(Math.max(sizeOf(before), sizeOf(after)), writeUnitBytes),
      unchanged.reduce((sum, item) => sum + unitsOf(sizeOf(item), writeUnitBytes), 0),
    );
    usage.tableWrites += 1;
    usage.itemsWritten += changes.length;
    usage.writeUnits += table * (writes.length > 1 ? 2 : 1) + changes.reduce((sum, each) => sum + indexUnits(each), 0);
    return answer;
  }

  return {
    async get(keys: readonly Key[]) {
      const items = await memory.get(keys);
      const distinct = new Map(keys.map((key, index) => [`${key.pk} ${key.sk}`, items[index] ?? null]));
      usage.tableReads += Math.ceil(distinct.size / keysPerRequest);
      usage.itemsRead += distinct.size;
      for (const item of distinct.values()) usage.readUnits += unitsOf(sizeOf(item), readUnitBytes);
      return items;
    },
    async query(query) {
      const page = await memory.query(query);
      usage.tableReads += 1;
      usage.itemsRead += page.items.length;
      usage.readUnits += unitsOf(
        page.items.reduce((sum, item) => sum + sizeOf(item), 0),
        readUnitBytes,
      );
      return page;
    },
    async queryIndex(query) {
      const page = await memory.queryIndex(query);
      const bytes = page.items.reduce((sum, item) => sum + sizeOf(item), 0);
      usage.tableReads += 1;
      usage.itemsRead += page.items.length;
      // Eventually consistent: half.
      usage.readUnits += unitsOf(bytes, readUnitBytes) / 2;
      return page;
    },
    write: countWrite,
  };
}
