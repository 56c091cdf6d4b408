import { hashOf, shardOf } from '../../kernel/hash.ts';

/** Posted alerts of a source that are decided side by side; an alert stays in its shard, so its copies stay in order. */
const shardCount = 8;

export const shardOfPosted = (fingerprint: string): number => shardOf(fingerprint, shardCount);

/** The FIFO group of a shard. */
export const postedGroupOf = (source: string, shard: number): string => hashOf('posted', source, String(shard));

/** In the order of their shards, each with what belongs to it. */
export function byShard<Alert extends { readonly fingerprint: string }>(
  alerts: readonly Alert[],
): readonly { readonly shard: number; readonly alerts: readonly Alert[] }[] {
  return Array.from({ length: shardCount }, (_, shard) => ({
    shard,
    alerts: alerts.filter(({ fingerprint }) => shardOfPosted(fingerprint) === shard),
  })).filter((each) => each.alerts.length > 0);
}
