import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { withoutLog } from '#shared/adapters/aws-client.ts';
import { type FunctionName, queueConsumers } from '#shared/runtime/wiring.ts';
import { wireName } from '../engines/queue-names.ts';
import { type QueueEngine, sandboxQueue } from '../engines/queues.ts';
import { type Poller, startQueuePoller } from './queue-poller.ts';
import type { Checkpoint } from './stream-checkpoint.ts';
import { type StreamPoller, startStreamPoller } from './stream-poller.ts';
import { startSweepClock } from './sweep-clock.ts';

export interface PollersOptions {
  readonly queues: QueueEngine;
  readonly streamArn: string;
  readonly checkpoint: Checkpoint;
  readonly invoke: (name: FunctionName, event: unknown) => Promise<unknown>;
  /** Functions other than dispatch are running. */
  readonly isBusy: () => boolean;
  readonly onDeliveries: (event: SQSEvent) => void;
  readonly report: (problem: string) => void;
}

/** Batches of one queue in hand at once: a call that hangs for its 8 s leaves room for the others. */
const batchesAtOnce = 4;
const sweepEveryMillis = 60_000;

export interface Pollers extends Poller {
  /** A function has run: it may have written commits. */
  wakeStream(): void;
}

/** Everything that Lambda's event sources do: queues, the table's stream, the minute's sweep. */
export function startPollers(options: PollersOptions): Pollers {
  const { queues, invoke, report } = options;
  // Long polls hold their connections, so the pollers have clients of their own.
  const sqs = withoutLog(new SQSClient({ requestHandler: { httpAgent: { maxSockets: 200 } } }));
  const streams = withoutLog(new DynamoDBStreamsClient({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '' }));
  const stream: StreamPoller = startStreamPoller({
    client: streams,
    streamArn: options.streamArn,
    checkpoint: options.checkpoint,
    handle: (event) => invoke('dispatch-timeline', event),
    isBusy: options.isBusy,
    report,
  });
  const consumers = queueConsumers.map((consumer) =>
    startQueuePoller({
      client: sqs,
      queueUrl: queues.queueUrl(wireName(consumer.queue)),
      queueArn: queues.queueArn(wireName(consumer.queue)),
      batchSize: consumer.batchSize,
      concurrency: batchesAtOnce,
      handle: (event) => invoke(consumer.function, event),
      report,
    }),
  );
  const deliveries = startQueuePoller({
    client: sqs,
    queueUrl: queues.queueUrl(sandboxQueue),
    queueArn: queues.queueArn(sandboxQueue),
    batchSize: 10,
    concurrency: 1,
    handle: async (event) => options.onDeliveries(event),
    report,
  });
  const sweep = startSweepClock(() => runSweep(invoke), sweepEveryMillis, report);
  return {
    wakeStream: stream.wake,
    async stop() {
      await Promise.all([stream, deliveries, sweep, ...consumers].map((poller) => poller.stop()));
      sqs.destroy();
      streams.destroy();
    },
  };
}

/** EventBridge's scheduled event. */
async function runSweep(invoke: PollersOptions['invoke']): Promise<void> {
  await invoke('sweep', {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '000000000000',
    time: new Date().toISOString(),
    region: 'us-east-1',
    resources: [],
    detail: {},
  });
}
