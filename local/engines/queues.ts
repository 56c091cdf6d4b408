import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import { queueConsumers } from '#shared/runtime/wiring.ts';
import { StartError } from '../settings.ts';
import { deadLetterName, wireName } from './queue-names.ts';

export const region = 'us-east-1';
export const account = '000000000000';
export const bucketName = 'tocsin-local';
export const topicNames = ['events', 'fallback', 'alarms'] as const;
export type TopicName = (typeof topicNames)[number];
/** What the sandbox's tabs show: subscribed to every topic, as an outside system would be. */
export const sandboxQueue = 'sandbox';

export interface QueueEngine {
  readonly endpoint: string;
  queueUrl(name: string): string;
  queueArn(name: string): string;
  topicArn(name: TopicName): string;
  /** How many messages wait (delayed ones too) and how many are in a function's hands. */
  depth(name: string): { readonly ready: number; readonly inFlight: number };
  stop(): Promise<void>;
}

type Stores = NonNullable<BuildAppOptions['stores']>;
/** Parts of fauxqs (exact version pinned) that its start function wires together, but only to listen on 0.0.0.0. */
interface Persistence {
  load(sqs: Stores['sqsStore'], sns: Stores['snsStore'], s3: Stores['s3Store']): void;
  close(): void;
  readonly db: { exec(sql: string): void };
}

/** Starts SQS, SNS and S3 on loopback, in this process, with every message on disk before its send is answered. */
export async function startQueueEngine(dataDir: string): Promise<QueueEngine> {
  const stores = await openStores(dataDir);
  const app = buildApp({ logger: false, defaultRegion: region, stores: stores.stores });
  app.addHook('preClose', (done) => {
    stores.persistence.close();
    done();
  });
  createResources(stores.stores);
  giveBackInFlight(stores.stores.sqsStore);
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    endpoint,
    queueUrl: (name) => `${endpoint}/${account}/${name}`,
    queueArn,
    topicArn,
    depth: (name) => {
      const { ready, delayed, inflight } = stores.stores.sqsStore.inspectQueue(name)?.messages ?? empty;
      return { ready: ready.length + delayed.length, inFlight: inflight.length };
    },
    stop: () => app.close(),
  };
}

const empty = { ready: [], delayed: [], inflight: [] };
const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const topicArn = (name: TopicName) => `arn:aws:sns:${region}:${account}:tocsin-local-${name}`;

async function openStores(dataDir: string): Promise<{ stores: Stores; persistence: Persistence }> {
  const manifest = findPackageJSON('fauxqs', import.meta.url);
  if (manifest === undefined) throw new StartError('The package fauxqs is not installed: run `npm ci`.');
  const load = (file: string) => import(pathToFileURL(join(dirname(manifest), 'dist', file)).href);
  const sqs: { SqsStore: new () => Stores['sqsStore'] } = await load('sqs/sqsStore.js');
  const sns: { SnsStore: new () => Stores['snsStore'] } = await load('sns/snsStore.js');
  const s3: { S3Store: new () => Stores['s3Store'] } = await load('s3/s3Store.js');
  const disk: { PersistenceManager: new (dataDir: string) => Persistence } = await load('persistence.js');
  const stores = { sqsStore: new sqs.SqsStore(), snsStore: new sns.SnsStore(), s3Store: new s3.S3Store() };
  const persistence = new disk.PersistenceManager(join(dataDir, 'queues'));
  // Written to the file before the answer, which is what survives kill -9. Waiting for the disk's own cache each time as well
  // would cost some 3 ms a message, with everything else standing still.
  persistence.db.exec('PRAGMA synchronous = NORMAL');
  // fauxqs 2.4.1 breaks its own NOT NULL rule here and forgets the message. Left "in hand" on disk it comes back at the
  // next start all the same (giveBackInFlight).
  Object.assign(persistence, { updateMessageReady: () => {} });
  // In this order: what is loaded must not be written again, what comes after must be.
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  for (const store of Object.values(stores)) Object.assign(store, { persistence });
  for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
  return { stores, persistence };
}

function createResources({ sqsStore, snsStore, s3Store }: Stores): void {
  const queue = (name: string, attributes: Record<string, string>) => {
    const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true', ContentBasedDeduplication: 'false' } : {};
    const existing = sqsStore.getQueueByName(name);
    if (existing) existing.setAttributes({ ...attributes, ...fifo });
    else sqsStore.createQueue(name, `http://localhost/${account}/${name}`, queueArn(name), { ...attributes, ...fifo });
  };
  for (const consumer of queueConsumers) {
    const deadLetters = deadLetterName(consumer.queue);
    queue(deadLetters, { MessageRetentionPeriod: '1209600' });
    queue(wireName(consumer.queue), {
      VisibilityTimeout: String(consumer.visibilitySeconds),
      // 1 MiB, as SQS takes.
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '1209600',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(deadLetters),
        maxReceiveCount: consumer.maxReceives,
      }),
    });
  }
  queue(sandboxQueue, { VisibilityTimeout: '30' });
  for (const name of topicNames) {
    snsStore.createTopic(`tocsin-local-${name}`, undefined, undefined, region);
    snsStore.subscribe(topicArn(name), 'sqs', queueArn(sandboxQueue));
  }
  s3Store.createBucket(bucketName);
}

/**
 * Nothing runs yet, so whatever was in a function's hands when the last run ended is given back at once, to the front of
 * its group: of a FIFO group only one message is ever in hand.
 */
function giveBackInFlight(sqsStore: Stores['sqsStore']): void {
  for (const queue of sqsStore.allQueues()) {
    for (const handle of [...queue.inflightMessages.keys()]) queue.changeVisibility(handle, 0);
  }
}
