import type { DynamoDBBatchResponse } from 'aws-lambda';
import type { Item } from '#shared/store/table.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface StreamRecord {
  readonly sequence: string;
  readonly item: Item;
  tries: number;
}

/** Answers what the function answered, or null when it failed or crashed as a whole. */
export type InvokeStream = (records: readonly StreamRecord[]) => Promise<DynamoDBBatchResponse | null>;

/**
 * One shard of a table's stream, filtered to inserts of commits: in order, retried from the lowest failure, given up after
 * some tries (as MaximumRetryAttempts does), replayed now and then, and sometimes a record is lost altogether.
 */
export class StreamModel {
  readonly #records: StreamRecord[] = [];
  #serial = 0;
  #busy = false;
  lostShare = 0;
  replayShare = 0;
  lost = 0;
  readonly maxTries = 4;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly invoke: InvokeStream;

  constructor(time: VirtualTime, random: Random, invoke: InvokeStream) {
    this.time = time;
    this.random = random;
    this.invoke = invoke;
  }

  get pending(): number {
    return this.#records.length;
  }

  append(item: Item): void {
    if (this.random.chance(this.lostShare)) {
      this.lost += 1;
      return;
    }
    this.#records.push({ sequence: String(++this.#serial).padStart(12, '0'), item, tries: 0 });
    this.#wake(this.random.between(5, 60));
  }

  #wake(delay: number): void {
    this.time.after(delay, () => this.#deliver());
  }

  #deliver(): void {
    if (this.#busy || this.#records.length === 0) return;
    this.#busy = true;
    const batch = this.#records.slice(0, this.random.between(1, 20));
    void this.invoke(batch).then((answer) => {
      this.#busy = false;
      this.#checkpoint(batch, answer);
      this.#wake(answer === null || answer.batchItemFailures.length > 0 ? 500 : 1);
    });
  }

  #checkpoint(batch: readonly StreamRecord[], answer: DynamoDBBatchResponse | null): void {
    const failed =
      answer === null ? [batch[0]?.sequence ?? ''] : answer.batchItemFailures.map((each) => each.itemIdentifier);
    const lowest = failed.sort()[0];
    const done = lowest === undefined ? batch.length : batch.findIndex((record) => record.sequence === lowest);
    const stuck = batch[done];
    const keep = this.random.chance(this.replayShare)
      ? this.random.between(0, Math.max(0, done - 1))
      : Math.max(done, 0);
    this.#records.splice(0, keep);
    if (stuck) {
      stuck.tries += 1;
      if (stuck.tries >= this.maxTries) this.#records.splice(this.#records.indexOf(stuck), 1);
    }
  }
}
