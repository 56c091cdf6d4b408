import type { AlertId } from '../../alert/alert.ts';
import type { Deps } from '../deps.ts';
import type { IngestMessage } from '../messages.ts';
import { byShard, postedGroupOf } from '../receive/posted-shards.ts';

/** One transaction of ingest. */
const alertsPerMessage = 40;

/**
 * Asks ingest to end alerts whose lease is over, in the FIFO group of their shard: behind every copy of them that is already
 * queued, which may extend it. The groups go side by side, because a Prometheus that dies leaves all of its alerts at once.
 */
export async function sendLeasesOver(deps: Pick<Deps, 'queues' | 'ids'>, alerts: readonly AlertId[]): Promise<void> {
  const sources = [...new Set(alerts.map(({ source }) => source))];
  const shards = sources.flatMap((source) =>
    byShard(alerts.filter((alert) => alert.source === source)).map((each) => ({ source, ...each })),
  );
  await Promise.all(
    shards.map(async ({ source, shard, alerts: over }) => {
      for (let start = 0; start < over.length; start += alertsPerMessage) {
        const id = deps.ids.next();
        const part = over.slice(start, start + alertsPerMessage);
        const message: IngestMessage = { kind: 'lease over', correlationId: id, id, alerts: part };
        await deps.queues.send('ingest', message, { group: postedGroupOf(source, shard), dedup: id });
      }
    }),
  );
}
