import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { startDynamoDbLocal } from '#local/engines/dynamodb-local.ts';
import { deadLetterName, wireName } from '#local/engines/queue-names.ts';
import { startQueueEngine } from '#local/engines/queues.ts';
import { tableName } from '#local/environment.ts';
import type { AlertRecord, IntakeRow } from '#shared/alert/alert.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { PageRow } from '#shared/notification/page.ts';
import { queueNames } from '#shared/runtime/messages.ts';
import { itemFromWire } from '#shared/store/attribute-values.ts';
import { fromItem, type StoredKind } from '#shared/store/codec.ts';
import type { Item } from '#shared/store/table.ts';
import type { Commit } from '#shared/timeline/events.ts';

/** Everything that the product left on disk, read without it. */
export interface Stored {
  readonly incidents: readonly Incident[];
  readonly commits: readonly Commit[];
  readonly pages: readonly PageRow[];
  readonly alerts: readonly AlertRecord[];
  readonly intake: readonly IntakeRow[];
  readonly undispatched: number;
  /** Messages by queue, the empty ones left out: nothing should wait and nothing should have died. */
  readonly queued: Readonly<Record<string, number>>;
}

/** Only after the product has ended. */
export async function readStored(dataDir: string): Promise<Stored> {
  const items = await readItems(dataDir);
  const of = <K extends StoredKind>(kind: K) =>
    items.filter((item) => item.kind === kind).map((item) => fromItem(item, kind));
  return {
    incidents: of('incident'),
    commits: of('commit'),
    pages: of('page'),
    alerts: of('alert'),
    intake: of('intake'),
    undispatched: items.filter((item) => item.kind === 'commit' && item.undispatched === true).length,
    queued: await readQueues(dataDir),
  };
}

async function readItems(dataDir: string): Promise<readonly Item[]> {
  const engine = await startDynamoDbLocal(dataDir, process.env, () => {});
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: engine.accessKeyId, secretAccessKey: 'local' },
  });
  try {
    const items: Item[] = [];
    for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
      items.push(...(page.Items ?? []).map(itemFromWire));
    }
    return items;
  } finally {
    client.destroy();
    await engine.stop();
  }
}

async function readQueues(dataDir: string): Promise<Readonly<Record<string, number>>> {
  const engine = await startQueueEngine(dataDir);
  try {
    const names = queueNames.flatMap((queue) => [wireName(queue), deadLetterName(queue)]);
    const depths = names.map((name) => [name, engine.depth(name).ready + engine.depth(name).inFlight] as const);
    return Object.fromEntries(depths.filter(([, depth]) => depth > 0));
  } finally {
    await engine.stop();
  }
}
