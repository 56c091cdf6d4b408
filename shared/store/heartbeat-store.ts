import type { Policy } from '../config/policy.ts';
import type { HeartbeatRecord } from '../heartbeat/heartbeat.ts';
import type { Instant } from '../kernel/instant.ts';
import { expiresAfter, fromItem, toItem } from './codec.ts';
import { watchedHeartbeatKey, watchedHeartbeatPartition, watchedHeartbeatPrefix } from './keys.ts';
import { queryAll } from './query-all.ts';
import { itemAbsent, itemPresent, type Table, versionIs } from './table.ts';

/** Heartbeats lie in one partition, so that the sweep and the API read all of them at once. */
export async function loadHeartbeats(table: Table): Promise<readonly HeartbeatRecord[]> {
  const items = await queryAll(table, { pk: watchedHeartbeatPartition, skPrefix: watchedHeartbeatPrefix });
  return items.map((item) => fromItem(item, 'watched heartbeat'));
}

/** In the order of the names; null for one that the sweep has not met yet. */
export async function loadHeartbeatsByName(
  table: Table,
  names: readonly string[],
): Promise<readonly (HeartbeatRecord | null)[]> {
  if (names.length === 0) return [];
  const items = await table.get(names.map(watchedHeartbeatKey));
  return items.map((item) => (item ? fromItem(item, 'watched heartbeat') : null));
}

/**
 * The sweep's part. When it was seen is ingest's, and may have changed since: so an item that exists is updated and never
 * replaced, but for the beginning of a new heartbeat under an old name.
 * @throws ConditionFailed when another run of the sweep was there first
 */
export async function saveHeartbeat(
  table: Table,
  before: HeartbeatRecord | null,
  after: HeartbeatRecord,
  { retentionDays }: Pick<Policy, 'retentionDays'>,
): Promise<void> {
  const key = watchedHeartbeatKey(after.name);
  const condition = before === null ? itemAbsent : versionIs(before.version);
  if (before === null || before.namedAt !== after.namedAt) {
    await table.write([{ kind: 'put', item: toItem(key, 'watched heartbeat', after), condition }]);
    return;
  }
  const { version, state, recoveredAt, firing, ending, toldAt, removedAt } = after;
  const expiry = removedAt === null ? {} : expiresAfter(removedAt, retentionDays);
  const set = { version, state, recoveredAt, firing, ending, toldAt, removedAt, ...expiry };
  await table.write([{ kind: 'update', key, set, condition }]);
}

/** Ingest's part. @throws ConditionFailed when the sweep has not met it yet */
export async function saveHeartbeatSeen(table: Table, name: string, lastSeenAt: Instant): Promise<void> {
  const key = watchedHeartbeatKey(name);
  await table.write([{ kind: 'update', key, set: { lastSeenAt }, condition: itemPresent }]);
}
