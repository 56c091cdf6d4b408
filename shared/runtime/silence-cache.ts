import { addSeconds, type Instant } from '../kernel/instant.ts';
import { compileSilences, type SilenceIndex } from '../silence/silence-index.ts';
import { loadSilences, loadSilenceVersion } from '../store/silence-store.ts';
import type { Table } from '../store/table.ts';

interface CachedSilences {
  readonly version: number;
  readonly index: SilenceIndex;
}

/** Compiled silences of this process, one entry per table: one in production, one per container in the simulation. */
const caches = new WeakMap<Table, CachedSilences>();

/** One that has just ended is still known, so that an incident's timeline can say who ended it. */
const rememberedSeconds = 900;

/**
 * All silences that can hold back something from `now` on, ready to be asked. One strongly consistent read; the silences
 * themselves are read only when their version has changed. The version is read first, so that what is cached under it is
 * never older than it says.
 */
export async function currentSilences(table: Table, now: Instant): Promise<SilenceIndex> {
  const version = await loadSilenceVersion(table);
  const cached = caches.get(table);
  if (cached?.version === version) return cached.index;
  const silences = version === 0 ? [] : await loadSilences(table);
  const keptFrom = addSeconds(now, -rememberedSeconds);
  const alive = silences.filter(({ endsAt }) => endsAt > now);
  const justEnded = silences.filter(({ endsAt }) => endsAt > keptFrom && endsAt <= now);
  const index = compileSilences(alive, justEnded);
  caches.set(table, { version, index });
  return index;
}
