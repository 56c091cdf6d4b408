import { cpSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deadLetterName, wireName } from '#local/engines/queue-names.ts';
import { type QueueEngine, startQueueEngine } from '#local/engines/queues.ts';
import { type Poller, startQueuePoller } from '#local/pollers/queue-poller.ts';
import { failedMessages } from '#local/pollers/sqs-event.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();
const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function startEngine(dataDir = tempDir()) {
  const engine = await startQueueEngine(dataDir);
  const client = new SQSClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  ending.push(engine.stop, async () => client.destroy());
  return { engine, client, dataDir };
}

type Engine = { readonly engine: QueueEngine; readonly client: SQSClient };

const send = ({ engine, client }: Engine, queue: QueueName, body: string, group?: string) =>
  client.send(
    new SendMessageCommand({
      QueueUrl: engine.queueUrl(wireName(queue)),
      MessageBody: body,
      ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: body }),
    }),
  );

function poll(
  { engine, client }: Engine,
  queue: QueueName,
  handle: (event: SQSEvent) => Promise<unknown>,
  options: { readonly concurrency?: number; readonly reports?: string[] } = {},
): Poller {
  const name = wireName(queue);
  const poller = startQueuePoller({
    client,
    queueUrl: engine.queueUrl(name),
    queueArn: engine.queueArn(name),
    batchSize: 5,
    concurrency: options.concurrency ?? 1,
    handle,
    report: (problem) => options.reports?.push(problem),
  });
  ending.push(poller.stop);
  return poller;
}

const bodies = (event: SQSEvent) => event.Records.map((record) => record.body);
const fail = (event: SQSEvent, ...failing: readonly string[]) => ({
  batchItemFailures: event.Records.filter((record) => failing.includes(record.body)).map((record) => ({
    itemIdentifier: record.messageId,
  })),
});

describe('which messages of a batch failed, by the rule of Lambda', () => {
  const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];
  it.each([
    ['no answer: none', undefined, []],
    ['an empty list: none', { batchItemFailures: [] }, []],
    ['null: none', { batchItemFailures: null }, []],
    ['one named: that one', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    ['an unknown id: all', { batchItemFailures: [{ itemIdentifier: 'c' }] }, ['a', 'b']],
    ['an empty id: all', { batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b']],
    ['an entry without id: all', { batchItemFailures: [{}] }, ['a', 'b']],
    ['no list: all', { batchItemFailures: 'b' }, ['a', 'b']],
  ])('%s', (_, answer, expected) => {
    expect(failedMessages(messages, answer).map((message) => message.MessageId)).toEqual(expected);
  });
});

describe('a queue poller', () => {
  it('wakes at once for a message, hands it over as Lambda does, and deletes it', async () => {
    const engine = await startEngine();
    const events: SQSEvent[] = [];
    poll(engine, 'slack-pages', async (event) => void events.push(event));
    await sleep(100);
    const sentAt = performance.now();
    await send(engine, 'slack-pages', '{"kind":"page"}');
    await vi.waitFor(() => expect(events).toHaveLength(1), { interval: 2 });
    expect(performance.now() - sentAt).toBeLessThan(500);
    expect(events[0]?.Records[0]).toMatchObject({
      body: '{"kind":"page"}',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:slack-pages',
      attributes: { ApproximateReceiveCount: '1' },
    });
    await vi.waitFor(() => expect(inspect(engine, 'slack-pages')).toEqual({ ready: 0, inFlight: 0 }));
  });

  it('does not let one slow batch hold the others', async () => {
    const engine = await startEngine();
    const seen: string[] = [];
    let release = () => {};
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const handle = async (event: SQSEvent) => {
      seen.push(...bodies(event));
      if (bodies(event).includes('slow')) await blocked;
    };
    poll(engine, 'slack-pages', handle, { concurrency: 2 });
    await send(engine, 'slack-pages', 'slow');
    await vi.waitFor(() => expect(seen).toEqual(['slow']));
    await send(engine, 'slack-pages', 'quick');
    await vi.waitFor(() => expect(seen).toEqual(['slow', 'quick']));
    release();
  });

  it('leaves the whole batch when the function throws, and says so', async () => {
    const engine = await startEngine();
    const reports: string[] = [];
    await send(engine, 'slack-pages', 'x');
    poll(engine, 'slack-pages', async () => Promise.reject(new Error('boom')), { reports });
    await vi.waitFor(() => expect(reports[0]).toContain('boom'));
    expect(inspect(engine, 'slack-pages')).toEqual({ ready: 0, inFlight: 1 });
  });

  it('keeps the order of a group whose first message failed, and lets other groups pass', async () => {
    const engine = await startEngine();
    for (const body of ['a1', 'a2', 'a3']) await send(engine, 'ingest', body, 'a');
    await send(engine, 'ingest', 'b1', 'b');
    const seen: string[][] = [];
    const handle = async (event: SQSEvent) => {
      seen.push(bodies(event));
      if (seen.length > 1) return { batchItemFailures: [] };
      // As ingest does on a transient error: it comes back in a second.
      const [first] = event.Records;
      const change = { QueueUrl: engine.engine.queueUrl('ingest.fifo'), ReceiptHandle: first?.receiptHandle };
      await engine.client.send(new ChangeMessageVisibilityCommand({ ...change, VisibilityTimeout: 1 }));
      return fail(event, 'a1');
    };
    poll(engine, 'ingest', handle);
    await vi.waitFor(() => expect(seen).toEqual([['a1', 'b1'], ['a1'], ['a2'], ['a3']]), { timeout: 5_000 });
  });

  it('gives a message back at once when its visibility is set to 0', async () => {
    const engine = await startEngine();
    await send(engine, 'slack-pages', 'x');
    const counts: (string | undefined)[] = [];
    const handle = async (event: SQSEvent) => {
      const [record] = event.Records;
      counts.push(record?.attributes.ApproximateReceiveCount);
      if (counts.length > 1) return { batchItemFailures: [] };
      const change = { QueueUrl: engine.engine.queueUrl('slack-pages'), ReceiptHandle: record?.receiptHandle };
      await engine.client.send(new ChangeMessageVisibilityCommand({ ...change, VisibilityTimeout: 0 }));
      return fail(event, 'x');
    };
    poll(engine, 'slack-pages', handle);
    await vi.waitFor(() => expect(counts).toEqual(['1', '2']));
  });

  it('moves a message aside after its last receive', async () => {
    const engine = await startEngine();
    expect(deadLetterName('ingest')).toBe('ingest-dead-letter.fifo');
    const answer = await engine.client.send(
      new GetQueueAttributesCommand({
        QueueUrl: engine.engine.queueUrl('ingest.fifo'),
        AttributeNames: ['RedrivePolicy'],
      }),
    );
    expect(JSON.parse(answer.Attributes?.RedrivePolicy ?? '{}')).toEqual({
      deadLetterTargetArn: engine.engine.queueArn('ingest-dead-letter.fifo'),
      maxReceiveCount: 1000,
    });
  });
});

describe('kill -9', () => {
  it('loses nothing: what waited and what was in hand comes again at once, in order', async () => {
    const before = await startEngine();
    for (const body of ['a1', 'a2', 'a3']) await send(before, 'ingest', body, 'a');
    const inHand: string[] = [];
    poll(before, 'ingest', (event) => {
      inHand.push(...bodies(event));
      return sleep(300).then(() => fail(event, 'a1'));
    });
    await vi.waitFor(() => expect(inHand).toEqual(['a1']));
    await send(before, 'ingest', 'a4', 'a');
    // The files as they are now are all that a killed process would leave.
    const copy = tempDir();
    cpSync(before.dataDir, copy, { recursive: true });

    const after = await startEngine(copy);
    const seen: string[] = [];
    poll(after, 'ingest', async (event) => void seen.push(...bodies(event)));
    await vi.waitFor(() => expect(seen).toEqual(['a1', 'a2', 'a3', 'a4']));
  });
});

function inspect({ engine }: Engine, queue: QueueName) {
  const { ready, inFlight } = engine.depth(wireName(queue));
  return { ready, inFlight };
}
