import { addSeconds, type Instant, toEpochSeconds } from '../kernel/instant.ts';
import {
  type CallClass,
  holdSlots,
  type LimitedCall,
  limitFor,
  type RateState,
  rateForgottenAt,
  rateLimits,
  type Slot,
  takeSlot,
  unusedRate,
} from '../notification/rate-limit.ts';
import { rateLimitKey } from './keys.ts';
import { ConditionFailed, type Item, itemAbsent, type Key, type Table, versionIs, type Write } from './table.ts';

/** Whose limit: a Slack channel, a Slack workspace, a PagerDuty routing key's name. */
export interface Bucket {
  readonly call: LimitedCall;
  readonly name: string;
}

/** Tries of one conditional write; beyond that many callers want the slot, and waiting is the answer anyhow. */
const triesUnderContention = 3;

/** A bucket with its item as it was just read: by its key, together with whatever else the caller reads. */
export interface SeenBucket {
  readonly bucket: Bucket;
  readonly item: Item | null;
}

/** Takes a slot of a shared bucket, or says how long to wait. Under contention it gives up and waits one interval. */
export async function takeStoredSlot(
  table: Table,
  seen: SeenBucket,
  now: Instant,
  callClass: CallClass,
): Promise<Slot> {
  const { bucket } = seen;
  const limit = limitFor(rateLimits[bucket.call], callClass);
  let { item } = seen;
  for (let tries = 0; tries < triesUnderContention; tries += 1) {
    const slot = takeSlot(readRate(item), now, limit);
    if (slot.slot === 'wait') return slot;
    const lost = await storeRate(table, bucket, item, slot.next);
    if (!lost) return slot;
    item = lost.found;
  }
  return { slot: 'wait', millis: limit.intervalMillis };
}

/** After a 429. When others keep changing the bucket the hold may be lost: the next caller gets its own 429. */
export async function holdStoredSlots(
  table: Table,
  bucket: Bucket,
  now: Instant,
  retryAfterSeconds: number,
): Promise<void> {
  let item = await readBucket(table, bucket);
  for (let tries = 0; tries < triesUnderContention; tries += 1) {
    const lost = await storeRate(table, bucket, item, holdSlots(readRate(item), now, retryAfterSeconds));
    if (!lost) return;
    item = lost.found;
  }
}

export const bucketKey = (bucket: Bucket): Key => rateLimitKey(bucket.call, bucket.name);

async function readBucket(table: Table, bucket: Bucket): Promise<Item | null> {
  const [item] = await table.get([bucketKey(bucket)]);
  return item ?? null;
}

const readRate = (item: Item | null): RateState =>
  item === null ? unusedRate : { tatMillis: Number(item.tatMillis), heldUntilMillis: Number(item.heldUntilMillis) };

/** Null when stored; else what somebody else stored meanwhile. */
async function storeRate(
  table: Table,
  bucket: Bucket,
  seen: Item | null,
  next: RateState,
): Promise<{ readonly found: Item | null } | null> {
  const version = seen === null ? 0 : Number(seen.version);
  const write: Write = {
    kind: 'put',
    item: {
      ...bucketKey(bucket),
      kind: 'rate limit',
      schema: 1,
      version: version + 1,
      tatMillis: next.tatMillis,
      heldUntilMillis: next.heldUntilMillis,
      expiresAtEpochSeconds: toEpochSeconds(addSeconds(rateForgottenAt(next), 3600)),
    },
    condition: seen === null ? itemAbsent : versionIs(version),
  };
  try {
    await table.write([write]);
    return null;
  } catch (error) {
    if (error instanceof ConditionFailed) return { found: error.failures[0]?.item ?? null };
    throw error;
  }
}
