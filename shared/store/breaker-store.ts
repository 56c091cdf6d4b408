import type { Instant } from '../kernel/instant.ts';
import { afterFailure, afterSuccess, type Breaker, closedBreaker } from '../notification/breaker.ts';
import { breakerKey } from './keys.ts';
import { ConditionFailed, type Item, itemAbsent, type Table, versionIs, type Write } from './table.ts';

/** What one lane call knows of its vendor's breaker: read once, written only on failure or when it is not closed and clean. */
export interface BreakerView {
  readonly vendor: string;
  readonly version: number;
  readonly breaker: Breaker;
}

/** Whoever stores the half-open state is the one probe; null: somebody else is. */
export async function claimProbe(table: Table, seen: BreakerView, halfOpen: Breaker): Promise<BreakerView | null> {
  const stored = await storeBreaker(table, seen, halfOpen);
  return stored.won ? stored.view : null;
}

/** Counts a failure; `opened` when this one opened the breaker. Three tries: a count lost to contention does no harm. */
export async function recordFailure(
  table: Table,
  view: BreakerView,
  now: Instant,
): Promise<{ readonly view: BreakerView; readonly opened: boolean }> {
  let seen = view;
  for (let tries = 0; tries < 3; tries += 1) {
    const next = afterFailure(seen.breaker, now);
    if (next === seen.breaker) return { view: seen, opened: false };
    const stored = await storeBreaker(table, seen, next);
    if (stored.won) return { view: stored.view, opened: next.state === 'open' };
    seen = stored.view;
  }
  return { view: seen, opened: false };
}

/** Writes nothing while all is well. Lost to contention: somebody else knows better, and the next answer counts again. */
export async function recordSuccess(table: Table, view: BreakerView): Promise<BreakerView> {
  if (view.breaker.state === 'closed' && view.breaker.failures === 0) return view;
  return (await storeBreaker(table, view, afterSuccess())).view;
}

async function storeBreaker(
  table: Table,
  seen: BreakerView,
  next: Breaker,
): Promise<{ readonly won: boolean; readonly view: BreakerView }> {
  const write: Write = {
    kind: 'put',
    item: { ...breakerKey(seen.vendor), kind: 'breaker', schema: 1, version: seen.version + 1, breaker: { ...next } },
    condition: seen.version === 0 ? itemAbsent : versionIs(seen.version),
  };
  try {
    await table.write([write]);
    return { won: true, view: { vendor: seen.vendor, version: seen.version + 1, breaker: next } };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return { won: false, view: breakerView(seen.vendor, error.failures[0]?.item ?? null) };
  }
}

/** Of the item as it was read, by `breakerKey`. */
export const breakerView = (vendor: string, item: Item | null): BreakerView =>
  item === null
    ? { vendor, version: 0, breaker: closedBreaker }
    : { vendor, version: Number(item.version), breaker: item.breaker as unknown as Breaker };
