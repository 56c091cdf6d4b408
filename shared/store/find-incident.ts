import { fromItem } from './codec.ts';
import { allShards, incidentNumberKey, indexes, openIncidents } from './keys.ts';
import { queryIndexAll } from './query-all.ts';
import type { Table } from './table.ts';

/** How an incident is found, in one call of the table: for doors that count their calls. */

/** The id behind the number that people say; null when there is no such incident. */
export async function findIncidentId(table: Table, number: number): Promise<string | null> {
  const [item = null] = await table.get([incidentNumberKey(number)]);
  return item === null ? null : fromItem(item, 'incident number').incidentId;
}

/** Ids of the open incidents, oldest first. The index may lag by a moment: the incident itself says whether it is open. */
export async function listOpenIncidentIds(table: Table): Promise<readonly string[]> {
  const shards = await Promise.all(
    allShards.map((shard) => queryIndexAll(table, { index: 'open', partition: openIncidents(shard) })),
  );
  return shards
    .flat()
    .flatMap((entry) => {
      const id = entry[indexes.open.sort];
      return typeof id === 'string' ? [id] : [];
    })
    .sort();
}
