import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type _Record as StreamRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Checkpoint } from './stream-checkpoint.ts';
import { firstFailure, isCommitInsert, toStreamEvent } from './stream-event.ts';

export interface StreamReaderOptions {
  readonly client: DynamoDBStreamsClient;
  readonly streamArn: string;
  readonly checkpoint: Checkpoint;
  readonly handle: (event: DynamoDBStreamEvent) => Promise<unknown>;
  readonly report: (problem: string) => void;
}

const batchSize = 100;
/** After so many tries a record is left to the sweep, which finds its commit by the undispatched mark. */
export const maxAttempts = 10;
export const retryPauseMillis = 200;

/** Where we are in the stream: the shard, the last record handled, the iterator. */
export class StreamReader {
  private readonly options: StreamReaderOptions;
  private shardId: string | null;
  private sequenceNumber: string | null;
  private iterator: string | null = null;
  private failing: { readonly sequenceNumber: string; readonly attempts: number } | null = null;

  constructor(options: StreamReaderOptions) {
    this.options = options;
    const position = options.checkpoint.read();
    const ours = position?.streamArn === options.streamArn ? position : null;
    this.shardId = ours?.shardId ?? null;
    this.sequenceNumber = ours?.sequenceNumber ?? null;
  }

  forgetIterator(): void {
    this.iterator = null;
  }

  /** True when there was something: more may follow at once. */
  async readOnce(): Promise<boolean> {
    this.iterator ??= await this.openIterator();
    if (this.iterator === null) return false;
    const answer = await this.options.client.send(
      new GetRecordsCommand({ ShardIterator: this.iterator, Limit: batchSize }),
    );
    const records = answer.Records ?? [];
    const complete = records.length === 0 || (await this.handle(records));
    if (!complete) {
      this.iterator = null;
      await sleep(retryPauseMillis);
      return true;
    }
    this.iterator = answer.NextShardIterator ?? null;
    if (this.iterator === null) await this.goToNextShard();
    return records.length > 0;
  }

  /** False when a record failed: reading goes on from there. */
  private async handle(records: readonly StreamRecord[]): Promise<boolean> {
    const commits = records.filter(isCommitInsert);
    const failed = commits.length === 0 ? null : await this.tryHandle(commits);
    if (failed === null) {
      this.failing = null;
      this.advanceTo(records.at(-1));
      return true;
    }
    const culprit = commits[failed];
    const before = records.indexOf(culprit as StreamRecord) - 1;
    if (before >= 0) this.advanceTo(records[before]);
    this.countFailure(culprit);
    return false;
  }

  private async tryHandle(commits: readonly StreamRecord[]): Promise<number | null> {
    try {
      return firstFailure(commits, await this.options.handle(toStreamEvent(commits, this.options.streamArn)));
    } catch (error) {
      this.options.report(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return 0;
    }
  }

  private countFailure(record: StreamRecord | undefined): void {
    const sequenceNumber = record?.dynamodb?.SequenceNumber ?? '';
    const attempts = this.failing?.sequenceNumber === sequenceNumber ? this.failing.attempts + 1 : 1;
    this.failing = { sequenceNumber, attempts };
    if (attempts < maxAttempts) return;
    this.options.report(`stream: a record failed ${attempts} times and is left to the sweep`);
    this.advanceTo(record);
  }

  private advanceTo(record: StreamRecord | undefined): void {
    const sequenceNumber = record?.dynamodb?.SequenceNumber;
    if (sequenceNumber === undefined || this.shardId === null) return;
    this.sequenceNumber = sequenceNumber;
    this.options.checkpoint.write({ streamArn: this.options.streamArn, shardId: this.shardId, sequenceNumber });
  }

  private async openIterator(): Promise<string | null> {
    const shards = await this.listShards();
    const shard = shards.find((one) => one.ShardId === this.shardId) ?? oldest(shards);
    if (shard?.ShardId === undefined) return null;
    if (shard.ShardId !== this.shardId) this.sequenceNumber = null;
    this.shardId = shard.ShardId;
    const common = { StreamArn: this.options.streamArn, ShardId: shard.ShardId };
    const { sequenceNumber } = this;
    const command =
      sequenceNumber === null
        ? new GetShardIteratorCommand({ ...common, ShardIteratorType: 'TRIM_HORIZON' })
        : new GetShardIteratorCommand({
            ...common,
            ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
            SequenceNumber: sequenceNumber,
          });
    try {
      return (await this.options.client.send(command)).ShardIterator ?? null;
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException)) throw error;
      // Older than the 24 h that a stream keeps: on from its oldest record, the sweep finds what fell out.
      this.sequenceNumber = null;
      return null;
    }
  }

  private async goToNextShard(): Promise<void> {
    const next = (await this.listShards()).find((shard) => shard.ParentShardId === this.shardId);
    if (next?.ShardId === undefined) return;
    this.shardId = next.ShardId;
    this.sequenceNumber = null;
  }

  private async listShards(): Promise<readonly Shard[]> {
    const answer = await this.options.client.send(new DescribeStreamCommand({ StreamArn: this.options.streamArn }));
    return answer.StreamDescription?.Shards ?? [];
  }
}

/** The shard whose parent is gone. */
const oldest = (shards: readonly Shard[]): Shard | undefined =>
  shards.find((shard) => !shards.some((other) => other.ShardId === shard.ParentShardId)) ?? shards[0];
