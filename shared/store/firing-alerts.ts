import type { AlertId } from '../alert/alert.ts';
import { allShards, firingAlerts, indexes } from './keys.ts';
import { queryIndexAll } from './query-all.ts';
import type { Table } from './table.ts';

/** Ids of every firing alert, suppressed ones included. The index may lag by a moment; the sweep looks again. */
export async function listFiringAlerts(table: Table): Promise<readonly AlertId[]> {
  const shards = await Promise.all(
    allShards.map((shard) => queryIndexAll(table, { index: 'open', partition: firingAlerts(shard) })),
  );
  return shards.flat().flatMap((entry) => {
    const sort = String(entry[indexes.open.sort] ?? '');
    const cut = sort.lastIndexOf('#');
    return cut < 0 ? [] : [{ source: sort.slice(0, cut), fingerprint: sort.slice(cut + 1) }];
  });
}
