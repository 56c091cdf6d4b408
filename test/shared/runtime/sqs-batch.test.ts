import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { InvariantError } from '#shared/kernel/assert.ts';
import type { Deps } from '#shared/runtime/deps.ts';
import { handleBatch } from '#shared/runtime/sqs-batch.ts';
import { makeFakeLog, makeFakeQueues } from '#test/support/fake-ports.ts';

const conflict = new AdapterError('dynamodb', 'conflict', 'another transaction');
const broken = new InvariantError('a broken invariant');

interface Setting {
  readonly group?: string;
  readonly receives?: number;
  readonly body?: string;
}

const recordOf = (id: string, { group, receives = 1, body = JSON.stringify({ id }) }: Setting = {}): SQSRecord => ({
  messageId: id,
  receiptHandle: `receipt-${id}`,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '0',
    SenderId: 'test',
    ApproximateFirstReceiveTimestamp: '0',
    ...(group !== undefined && { MessageGroupId: group }),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:eu-west-1:1:tocsin-test-${group === undefined ? 'slack-pages' : 'ingest.fifo'}`,
  awsRegion: 'eu-west-1',
});

/** Runs a batch in which the named messages fail; everything that happened is in the answer. */
async function run(
  records: readonly SQSRecord[],
  failing: Readonly<Record<string, Error>>,
  options: { readonly fifo?: boolean; readonly random?: number; readonly tellingFails?: Error } = {},
) {
  const queues = makeFakeQueues();
  const log = makeFakeLog();
  const handled: string[] = [];
  const dead: string[] = [];
  const answer = await handleBatch<{ readonly id: string }>(
    records,
    {
      fifo: options.fifo ?? false,
      onDeadLetter: async (record, reason) => {
        if (options.tellingFails) throw options.tellingFails;
        dead.push(`${record.messageId}: ${reason}`);
      },
    },
    { queues, log, random: () => options.random ?? 0.5 },
    async (message, record) => {
      handled.push(record.messageId);
      const error = failing[message.id];
      if (error) throw error;
    },
  );
  const failed = answer.batchItemFailures.map((failure) => failure.itemIdentifier);
  return { handled, failed, dead, deadLetters: queues.dead, postponed: queues.postponed, log };
}

describe('a batch of messages', () => {
  it('is done when every message is done', async () => {
    const { handled, failed, postponed } = await run([recordOf('a'), recordOf('b')], {});
    expect({ handled, failed, postponed }).toEqual({ handled: ['a', 'b'], failed: [], postponed: [] });
  });

  it('gives back what failed for a moment, and goes on with the others', async () => {
    const { handled, failed, postponed, deadLetters } = await run([recordOf('a'), recordOf('b')], { a: conflict });
    expect({ handled, failed, postponed, deadLetters }).toEqual({
      handled: ['a', 'b'],
      failed: ['a'],
      postponed: [{ receiptHandle: 'receipt-a', seconds: 1 }],
      deadLetters: [],
    });
  });

  it.for([
    [1, 0, 1],
    [1, 0.99, 2],
    [2, 0.99, 4],
    [3, 0.99, 8],
    [4, 0.99, 10],
    [900, 0.99, 10],
    [900, 0.51, 6],
    [900, 0, 1],
  ] as const)(
    'waits at receive %i with chance %f for %i s: longer each time, spread, never long',
    async ([receives, random, seconds]) => {
      const { postponed } = await run([recordOf('a', { receives })], { a: conflict }, { random });
      expect(postponed).toEqual([{ receiptHandle: 'receipt-a', seconds }]);
    },
  );

  it('never sets a transient failure aside, however often it was received', async () => {
    const { failed, deadLetters } = await run([recordOf('a', { receives: 500 })], { a: conflict });
    expect({ failed, deadLetters }).toEqual({ failed: ['a'], deadLetters: [] });
  });

  it.for([
    ['a broken invariant', broken],
    ['a request that can never succeed', new AdapterError('sqs', 'invalid', 'too large')],
    ['a missing permission', new AdapterError('sqs', 'refused', 'AccessDenied')],
    ['any other error', new TypeError('x is not a function')],
  ] as const)('tries %s again until the third receive, then sets it aside with its reason', async ([, error]) => {
    for (const receives of [1, 2]) {
      const early = await run([recordOf('a', { receives })], { a: error });
      expect({ failed: early.failed, dead: early.dead }).toEqual({ failed: ['a'], dead: [] });
      expect(early.postponed).toHaveLength(1);
    }
    const third = await run([recordOf('a', { receives: 3 })], { a: error });
    const reason = `${error.name}: ${error.message}`;
    expect({
      failed: third.failed,
      dead: third.dead,
      deadLetters: third.deadLetters,
      postponed: third.postponed,
    }).toEqual({
      failed: [],
      dead: [`a: ${reason}`],
      deadLetters: [{ body: '{"id":"a"}', reason }],
      postponed: [],
    });
  });

  it('tells the dead-letter queue which message of which group it was, so that a replay puts it back there', async () => {
    const queues = makeFakeQueues();
    const origins: unknown[] = [];
    const remember: Deps['queues'] = {
      ...queues,
      deadLetter: async (_queue, _body, _reason, origin) => void origins.push(origin),
    };
    await handleBatch(
      [recordOf('a', { receives: 3, group: 'A' }), recordOf('b', { receives: 3 })],
      { fifo: true, onDeadLetter: async () => {} },
      { queues: remember, log: makeFakeLog(), random: () => 0 },
      () => Promise.reject(broken),
    );
    expect(origins).toEqual([{ messageId: 'a', group: 'A' }, { messageId: 'b' }]);
  });

  it('keeps a message of which nobody could be told yet', async () => {
    const { failed, postponed } = await run(
      [recordOf('a', { receives: 3 })],
      { a: broken },
      { tellingFails: conflict },
    );
    expect({ failed, postponed: postponed.length }).toEqual({ failed: ['a'], postponed: 1 });
  });

  it('lets a message go that was set aside and of which nobody can ever be told: else it would be set aside for ever', async () => {
    const { failed, deadLetters, log } = await run(
      [recordOf('a', { receives: 3 })],
      { a: broken },
      { tellingFails: new TypeError('no page to end') },
    );
    expect({ failed, deadLetters: deadLetters.length }).toEqual({ failed: [], deadLetters: 1 });
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { messageId: 'a', isAside: true } });
  });

  it('keeps the reason short, whatever was thrown', async () => {
    const { deadLetters } = await run([recordOf('a', { receives: 3 })], { a: new TypeError('x'.repeat(1_000_000)) });
    expect(deadLetters.map(({ reason }) => reason.length)).toEqual([500]);
  });

  it('treats a body that is no JSON as permanent, and tells none of it', async () => {
    const { dead, handled, log } = await run([recordOf('a', { receives: 3, body: 'secret text' })], {});
    expect({ dead, handled }).toEqual({ dead: ['a: InvariantError: the message is not JSON'], handled: [] });
    expect(JSON.stringify(log.lines)).not.toContain('secret text');
  });
});

describe('a batch of a FIFO queue', () => {
  const records = [
    recordOf('a1', { group: 'A' }),
    recordOf('b1', { group: 'B' }),
    recordOf('a2', { group: 'A', receives: 4 }),
    recordOf('b2', { group: 'B' }),
    recordOf('a3', { group: 'A' }),
  ];

  it('stops a group at its first failure and gives the rest of it back together, while others go on', async () => {
    const { handled, failed, postponed } = await run(records, { a1: conflict }, { fifo: true, random: 0.99 });
    expect({ handled, failed }).toEqual({ handled: ['a1', 'b1', 'b2'], failed: ['a1', 'a2', 'a3'] });
    expect(postponed).toEqual(['a1', 'a2', 'a3'].map((id) => ({ receiptHandle: `receipt-${id}`, seconds: 2 })));
  });

  it('lets a group go on over a message that was set aside', async () => {
    const third = [recordOf('a1', { group: 'A', receives: 3 }), recordOf('a2', { group: 'A' })];
    const { handled, failed, dead } = await run(third, { a1: broken }, { fifo: true });
    expect({ handled, failed, dead }).toEqual({
      handled: ['a1', 'a2'],
      failed: [],
      dead: ['a1: InvariantError: a broken invariant'],
    });
  });

  it('stops the group also at a permanent failure that is still tried', async () => {
    const { handled, failed } = await run(records, { b1: broken }, { fifo: true });
    expect({ handled, failed }).toEqual({ handled: ['a1', 'b1', 'a2', 'a3'], failed: ['b1', 'b2'] });
  });
});
