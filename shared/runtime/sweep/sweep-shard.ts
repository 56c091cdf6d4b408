import { addMillis } from '../../kernel/instant.ts';
import { indexes } from '../../store/keys.ts';
import type { Item } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import type { SweepRun } from './sweep-run.ts';

/** Entries that are read, loaded and worked off together. */
const entriesPerPage = 25;

export type DueAction = (run: SweepRun, item: Item) => Promise<void>;

/**
 * Works off what one shard of the due index holds up to this minute, earliest first. The index may lag, so the item itself
 * is read and must still be due. One shard is worked off in order; the shards run side by side.
 */
export async function sweepShard(
  deps: Pick<Deps, 'table'>,
  run: SweepRun,
  shard: string,
  act: DueAction,
): Promise<void> {
  let after: string | null = null;
  do {
    if (!run.hasTime()) return;
    const page: Awaited<ReturnType<Deps['table']['queryIndex']>> = await deps.table.queryIndex({
      index: 'due',
      partition: shard,
      before: addMillis(run.now, 1),
      limit: entriesPerPage,
      after,
    });
    const items = page.items.length === 0 ? [] : await deps.table.get(page.items.map(({ pk, sk }) => ({ pk, sk })));
    for (const item of items) {
      if (item === null || !isDue(run, item)) continue;
      if (!run.hasTime()) return;
      await run.isolate(String(item.kind), () => act(run, item), { pk: item.pk, sk: item.sk });
    }
    after = page.next;
  } while (after !== null);
}

function isDue(run: SweepRun, item: Item): boolean {
  const dueAt = item[indexes.due.sort];
  return typeof dueAt === 'string' && dueAt <= run.now;
}
