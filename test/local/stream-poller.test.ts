import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBStreamsClient, _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Poller } from '#local/pollers/queue-poller.ts';
import { type Checkpoint, fileCheckpoint, type StreamPosition } from '#local/pollers/stream-checkpoint.ts';
import { firstFailure, isCommitInsert } from '#local/pollers/stream-event.ts';
import { startStreamPoller } from '#local/pollers/stream-poller.ts';
import { maxAttempts } from '#local/pollers/stream-reader.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();
const streamArn = 'arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/1';
const running: Poller[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((poller) => poller.stop()));
});

interface FakeShard {
  readonly id: string;
  readonly parent?: string;
  readonly closed?: boolean;
  readonly records: StreamRecord[];
}

const commit = (number: number, sk = `COMMIT#${number}`, eventName: 'INSERT' | 'MODIFY' = 'INSERT'): StreamRecord => ({
  eventName,
  dynamodb: { Keys: { pk: { S: 'INCIDENT#1' }, sk: { S: sk } }, SequenceNumber: String(number).padStart(21, '0') },
});

/** DynamoDB's stream as far as a reader sees it: shards with records, iterators that are positions. */
function fakeStream(shards: readonly FakeShard[]): DynamoDBStreamsClient {
  const answers: Record<string, (input: Record<string, string>) => unknown> = {
    DescribeStreamCommand: () => ({
      StreamDescription: { Shards: shards.map(({ id, parent }) => ({ ShardId: id, ParentShardId: parent })) },
    }),
    GetShardIteratorCommand: ({ ShardId, SequenceNumber }) => ({
      ShardIterator: JSON.stringify({ shard: ShardId, after: SequenceNumber ?? '' }),
    }),
    GetRecordsCommand: ({ ShardIterator }) => {
      const { shard, after } = JSON.parse(ShardIterator ?? '') as { shard: string; after: string };
      const found = shards.find((one) => one.id === shard);
      const records = (found?.records ?? []).filter((one) => (one.dynamodb?.SequenceNumber ?? '') > after);
      const last = records.at(-1)?.dynamodb?.SequenceNumber ?? after;
      return {
        Records: records,
        NextShardIterator: found?.closed ? undefined : JSON.stringify({ shard, after: last }),
      };
    },
  };
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: Record<string, string>;
  }) => answers[command.constructor.name]?.(command.input);
  return { send } as unknown as DynamoDBStreamsClient;
}

function memoryCheckpoint(position: StreamPosition | null = null) {
  const written: StreamPosition[] = [];
  const checkpoint: Checkpoint = { read: () => position, write: (next) => written.push(next) };
  return { checkpoint, written };
}

function start(
  shards: readonly FakeShard[],
  handle: (event: DynamoDBStreamEvent) => Promise<unknown>,
  checkpoint: Checkpoint,
  reports: string[] = [],
) {
  const poller = startStreamPoller({
    client: fakeStream(shards),
    streamArn,
    checkpoint,
    handle,
    isBusy: () => false,
    report: (problem) => reports.push(problem),
  });
  running.push(poller);
  return poller;
}

const numbers = (event: DynamoDBStreamEvent) => event.Records.map((record) => Number(record.dynamodb?.SequenceNumber));
const positions = (written: readonly StreamPosition[]) => written.map((position) => Number(position.sequenceNumber));

describe('the event source of the table', () => {
  it.each([
    ['the insert of a commit', commit(1), true],
    ['the insert of another item', commit(1, 'STATE'), false],
    ['the mark taken off a commit', commit(1, 'COMMIT#1', 'MODIFY'), false],
  ])('passes on or filters %s', (_, record, expected) => {
    expect(isCommitInsert(record)).toBe(expected);
  });

  it.each([
    ['no answer', undefined, null],
    ['an empty list', { batchItemFailures: [] }, null],
    ['one of them', { batchItemFailures: [{ itemIdentifier: commit(2).dynamodb?.SequenceNumber }] }, 1],
    [
      'two of them: the lowest',
      { batchItemFailures: [3, 2].map((n) => ({ itemIdentifier: commit(n).dynamodb?.SequenceNumber })) },
      1,
    ],
    ['an unknown one: all', { batchItemFailures: [{ itemIdentifier: 'x' }] }, 0],
    ['a malformed answer: all', { batchItemFailures: 'x' }, 0],
  ])('finds the first failure in %s', (_, answer, expected) => {
    expect(firstFailure([commit(1), commit(2), commit(3)], answer)).toBe(expected);
  });

  it('starts at the oldest record, hands over commits only, and keeps the position of everything it has read', async () => {
    const { checkpoint, written } = memoryCheckpoint();
    const seen: number[][] = [];
    start(
      [{ id: 's1', records: [commit(1), commit(2, 'STATE'), commit(3), commit(4, 'STATE')] }],
      async (event) => void seen.push(numbers(event)),
      checkpoint,
    );
    await vi.waitFor(() => expect(positions(written)).toEqual([4]));
    expect(seen).toEqual([[1, 3]]);
  });

  it('goes on behind the stored position after a restart', async () => {
    const { checkpoint } = memoryCheckpoint({
      streamArn,
      shardId: 's1',
      sequenceNumber: commit(2).dynamodb?.SequenceNumber ?? '',
    });
    const seen: number[] = [];
    start(
      [{ id: 's1', records: [commit(1), commit(2), commit(3)] }],
      async (event) => void seen.push(...numbers(event)),
      checkpoint,
    );
    await vi.waitFor(() => expect(seen).toEqual([3]));
  });

  it('does not move the position before the function has succeeded, so that kill -9 repeats instead of losing', async () => {
    const { checkpoint, written } = memoryCheckpoint();
    let succeed: (answer: undefined) => void = () => {};
    let called = 0;
    const handle = () => {
      called += 1;
      return new Promise<undefined>((resolve) => {
        succeed = resolve;
      });
    };
    start([{ id: 's1', records: [commit(1)] }], handle, checkpoint);
    await vi.waitFor(() => expect(called).toBe(1));
    expect(written).toEqual([]);
    succeed(undefined);
    await vi.waitFor(() => expect(positions(written)).toEqual([1]));
  });

  it('repeats from the lowest failure on, in order', async () => {
    const { checkpoint, written } = memoryCheckpoint();
    const seen: number[][] = [];
    const handle = async (event: DynamoDBStreamEvent) => {
      seen.push(numbers(event));
      const failed = seen.length === 1 ? [{ itemIdentifier: commit(2).dynamodb?.SequenceNumber }] : [];
      return { batchItemFailures: failed };
    };
    start([{ id: 's1', records: [commit(1), commit(2), commit(3)] }], handle, checkpoint);
    await vi.waitFor(() =>
      expect(seen).toEqual([
        [1, 2, 3],
        [2, 3],
      ]),
    );
    await vi.waitFor(() => expect(positions(written)).toEqual([1, 3]));
  });

  it('leaves a record that always fails to the sweep, says so, and goes on', async () => {
    const { checkpoint, written } = memoryCheckpoint();
    const reports: string[] = [];
    let attempts = 0;
    const handle = async (event: DynamoDBStreamEvent) => {
      if (!numbers(event).includes(1)) return;
      attempts += 1;
      return { batchItemFailures: [{ itemIdentifier: commit(1).dynamodb?.SequenceNumber }] };
    };
    start([{ id: 's1', records: [commit(1), commit(2)] }], handle, checkpoint, reports);
    await vi.waitFor(() => expect(positions(written)).toEqual([1, 2]), { timeout: 10_000 });
    expect(attempts).toBe(maxAttempts);
    expect(reports).toEqual([`stream: a record failed ${maxAttempts} times and is left to the sweep`]);
  });

  it('reads the next shard when one is closed', async () => {
    const { checkpoint, written } = memoryCheckpoint();
    const seen: number[] = [];
    const shards = [
      { id: 's2', parent: 's1', records: [commit(3)] },
      { id: 's1', parent: 's0', closed: true, records: [commit(1), commit(2)] },
    ];
    start(shards, async (event) => void seen.push(...numbers(event)), checkpoint);
    await vi.waitFor(() => expect(seen).toEqual([1, 2, 3]));
    await vi.waitFor(() => expect(written.at(-1)).toMatchObject({ shardId: 's2' }));
  });

  it('looks at once when it is woken', async () => {
    const { checkpoint } = memoryCheckpoint();
    const records = [commit(1)];
    const seen: number[] = [];
    const poller = start([{ id: 's1', records }], async (event) => void seen.push(...numbers(event)), checkpoint);
    await vi.waitFor(() => expect(seen).toEqual([1]), { interval: 1 });
    // Idle now: without the hint it would look after 200 ms at the latest.
    await sleep(20);
    records.push(commit(2));
    const wokenAt = performance.now();
    poller.wake();
    await vi.waitFor(() => expect(seen).toEqual([1, 2]), { interval: 1 });
    expect(performance.now() - wokenAt).toBeLessThan(100);
  });

  it('starts over when the table was made anew', async () => {
    const { checkpoint } = memoryCheckpoint({
      streamArn: 'another',
      shardId: 's1',
      sequenceNumber: '9'.padStart(21, '0'),
    });
    const seen: number[] = [];
    start([{ id: 's1', records: [commit(1)] }], async (event) => void seen.push(...numbers(event)), checkpoint);
    await vi.waitFor(() => expect(seen).toEqual([1]));
  });
});

describe('the position on disk', () => {
  it('is what was written last, also for a new process', () => {
    const file = join(tempDir(), 'stream.json');
    expect(fileCheckpoint(file).read()).toBeNull();
    const position = { streamArn, shardId: 's1', sequenceNumber: '1' };
    fileCheckpoint(file).write(position);
    fileCheckpoint(file).write({ ...position, sequenceNumber: '2' });
    expect(fileCheckpoint(file).read()).toEqual({ ...position, sequenceNumber: '2' });
  });
});
