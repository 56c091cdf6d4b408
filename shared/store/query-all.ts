import type { IndexQuery, Item, PartitionQuery, Table } from './table.ts';

/** Every page of a partition query. Bounded by the partition: one incident's timeline, the silences, one alert's rows. */
export async function queryAll(table: Table, query: Omit<PartitionQuery, 'after'>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Table['query']>> = await table.query({ ...query, after });
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}

/** Every page of one shard of an index. The entries may be late: read the items before acting on them. */
export async function queryIndexAll(table: Table, query: Omit<IndexQuery, 'after'>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Table['queryIndex']>> = await table.queryIndex({ ...query, after });
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}
