import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeQueues } from '#shared/adapters/sqs/queues.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import { startLocalAws } from '#test/support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
let client: SQSClient;

const nameOf = (queue: QueueName) => (queue === 'ingest' ? 'ingest.fifo' : queue);
const urls = new Map<string, string>();
const urlOf = (queue: QueueName) => urls.get(nameOf(queue)) ?? '';
const deadLetterUrlOf = (queue: QueueName) => urls.get(`dead-${nameOf(queue)}`) ?? '';

beforeAll(async () => {
  aws = await startLocalAws();
  client = new SQSClient(aws.settings);
  for (const name of ['ingest.fifo', 'dead-ingest.fifo', 'slack-pages', 'dead-slack-pages']) {
    const attributes = name.endsWith('.fifo') ? { attributes: { FifoQueue: 'true' } } : {};
    urls.set(name, aws.server.createQueue(name, attributes).queueUrl);
  }
});
afterAll(async () => {
  client.destroy();
  await aws.server.stop();
});

async function receive(url: string): Promise<readonly Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

describe('the queues in SQS', () => {
  it('carries what an alert may hold through a FIFO queue, once for one deduplication id', async () => {
    const queues = makeQueues({ urlOf, deadLetterUrlOf, client });
    const body = { text: 'nul \u0000, lone \ud800, noncharacter \uffff, é, \u{1F600}' };
    await queues.send('ingest', body, { group: 'g1', dedup: 'd1' });
    await queues.send('ingest', body, { group: 'g1', dedup: 'd1' });
    const messages = await receive(urlOf('ingest'));
    expect(messages.map((message) => JSON.parse(message.Body ?? ''))).toEqual([body]);
    expect(messages[0]?.Attributes?.MessageGroupId).toBe('g1');
  });

  it('sends more than ten at a time, and gives one back for so many seconds', async () => {
    const queues = makeQueues({ urlOf, deadLetterUrlOf, client });
    await queues.sendAll(
      'slack-pages',
      Array.from({ length: 12 }, (_, i) => ({ i })),
    );
    const first = await receive(urlOf('slack-pages'));
    const second = await receive(urlOf('slack-pages'));
    const all = [...first, ...second].map((message) => JSON.parse(message.Body ?? '').i);
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    await queues.postpone('slack-pages', first[0]?.ReceiptHandle ?? '', 0);
    expect((await receive(urlOf('slack-pages'))).map((message) => message.Body)).toEqual([first[0]?.Body]);
  });

  it('puts a message into the dead-letter queue of its queue, with the reason', async () => {
    const queues = makeQueues({ urlOf, deadLetterUrlOf, client });
    await queues.deadLetter('ingest', '{"kind":"alerts"}', 'SchemaError: no labels');
    await queues.deadLetter('slack-pages', '{"kind":"page"}', 'InvariantError: x');
    const dead = [...(await receive(deadLetterUrlOf('ingest'))), ...(await receive(deadLetterUrlOf('slack-pages')))];
    expect(dead.map((message) => [message.Body, message.MessageAttributes?.reason?.StringValue])).toEqual([
      ['{"kind":"alerts"}', 'SchemaError: no labels'],
      ['{"kind":"page"}', 'InvariantError: x'],
    ]);
  });

  it('says whether a queue can be reached, and sends nothing', async () => {
    const queues = makeQueues({ urlOf, deadLetterUrlOf, client });
    await queues.probe('slack-pages');
    expect(await receive(urlOf('slack-pages'))).toEqual([]);
  });

  it('answers every failure as an AdapterError', async () => {
    const queues = makeQueues({ urlOf: () => `${urlOf('ingest')}-gone`, deadLetterUrlOf, client });
    const failures = [
      queues.send('commands', {}),
      queues.sendAll('commands', [{}]),
      queues.postpone('commands', 'no handle', 1),
      queues.probe('commands'),
    ];
    for (const failure of failures) {
      await expect(failure).rejects.toMatchObject({ name: 'AdapterError', service: 'sqs', reason: 'invalid' });
    }
  });
});

describe('a batch of which SQS takes a part', () => {
  type Failed = readonly { readonly Id: string; readonly SenderFault: boolean; readonly Code: string }[];

  /** A client whose batches fail as told; it remembers the bodies of each. */
  function partialClient(answers: readonly Failed[]) {
    const fake = new SQSClient(aws.settings);
    const sent: string[] = [];
    fake.middlewareStack.add(
      () => async (input) => {
        const { Entries = [] } = input.input as { Entries?: { MessageBody: string }[] };
        sent.push(Entries.map((entry) => entry.MessageBody).join());
        return { output: { $metadata: {}, Failed: answers[sent.length - 1] ?? [] }, response: {} };
      },
      { step: 'initialize' },
    );
    return { fake, sent };
  }

  const failed = (Id: string, SenderFault = false) => ({ Id, SenderFault, Code: 'InternalError' });
  const queuesOver = (fake: SQSClient) => makeQueues({ urlOf, deadLetterUrlOf, client: fake, pause: async () => {} });

  it('sends only the rest again', async () => {
    const { fake, sent } = partialClient([[failed('0'), failed('2')], [failed('2')], []]);
    await queuesOver(fake).sendAll('slack-pages', ['a', 'b', 'c']);
    expect(sent).toEqual(['"a","b","c"', '"a","c"', '"c"']);
  });

  it('throws after three tries, and the later batches are not sent', async () => {
    const { fake, sent } = partialClient([[failed('0')], [failed('0')], [failed('0')]]);
    const bodies = Array.from({ length: 11 }, (_, i) => i);
    await expect(queuesOver(fake).sendAll('slack-pages', bodies)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(sent).toEqual(['0,1,2,3,4,5,6,7,8,9', '0', '0']);
  });

  it('throws at once when a message is our fault', async () => {
    const { fake, sent } = partialClient([[failed('0', true)]]);
    await expect(queuesOver(fake).sendAll('slack-pages', ['a'])).rejects.toMatchObject({ reason: 'invalid' });
    expect(sent).toHaveLength(1);
  });
});
