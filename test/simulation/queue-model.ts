import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { QueueConsumer } from '#shared/runtime/wiring.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly group: string | null;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
  /** The latest receipt; an older one changes nothing. */
  receipt: string | null;
}

/** Runs the consumer on a batch and answers the ids that failed, or null when the whole invocation failed or crashed. */
export type Invoke = (event: SQSEvent) => Promise<ReadonlySet<string> | null>;

/** A queue as SQS has it: at-least-once, visibility, delay; FIFO keeps order in a group and locks it while in flight. */
export class QueueModel {
  readonly dead: { readonly body: string; readonly reason: string }[] = [];
  readonly #messages: Message[] = [];
  readonly #seen = new Set<string>();
  #serial = 0;
  /** Share of messages of a standard queue that are delivered twice. */
  duplicateShare = 0;
  /** Share of messages that nobody ever receives: sent to another's queue by mistake, purged, or kept too long. */
  lostShare = 0;
  readonly consumer: QueueConsumer;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly invoke: Invoke;

  constructor(consumer: QueueConsumer, time: VirtualTime, random: Random, invoke: Invoke) {
    this.consumer = consumer;
    this.time = time;
    this.random = random;
    this.invoke = invoke;
  }

  get pending(): number {
    return this.#messages.length;
  }

  send(
    body: string,
    options: { group?: string | undefined; dedup?: string | undefined; delaySeconds?: number | undefined } = {},
  ): void {
    if (options.dedup !== undefined) {
      if (this.#seen.has(options.dedup)) return;
      this.#seen.add(options.dedup);
    }
    if (this.random.chance(this.lostShare)) return;
    this.#add(body, options.group ?? null, this.time.millis + (options.delaySeconds ?? 0) * 1000);
    if (!this.consumer.fifo && this.random.chance(this.duplicateShare))
      this.#add(body, null, this.time.millis + this.random.between(0, 20_000));
  }

  postpone(receipt: string, seconds: number): void {
    const message = this.#messages.find((each) => each.receipt === receipt);
    if (!message) return;
    message.visibleAt = this.time.millis + seconds * 1000;
    this.#wake(message);
  }

  #add(body: string, group: string | null, visibleAt: number): void {
    const id = `${this.consumer.queue}-${this.#serial++}`;
    const message: Message = { id, body, group, sentAt: this.time.millis, visibleAt, receives: 0, receipt: null };
    this.#messages.push(message);
    this.#wake(message);
  }

  /** Standard queues reorder: each message is looked at after a delay of its own. */
  #wake(message: Message): void {
    const jitter = this.consumer.fifo ? this.random.between(0, 30) : this.random.between(0, 300);
    this.time.at(message.visibleAt + jitter, () => this.#deliver());
  }

  #receivable(): Message[] {
    const now = this.time.millis;
    const batch: Message[] = [];
    const locked = new Set<string>();
    for (const message of this.#messages) {
      if (batch.length === this.consumer.batchSize) break;
      if (message.group !== null && locked.has(message.group)) continue;
      if (message.visibleAt > now) {
        if (message.group !== null) locked.add(message.group);
        continue;
      }
      batch.push(message);
    }
    return batch;
  }

  #deliver(): void {
    const batch = this.#receivable();
    if (batch.length === 0) return;
    for (const message of batch) {
      message.receives += 1;
      message.receipt = `${message.id}#${message.receives}`;
      message.visibleAt = this.time.millis + this.consumer.visibilitySeconds * 1000;
      this.#wake(message);
    }
    const receipts = batch.map((message) => message.receipt);
    void this.invoke({ Records: batch.map((message) => recordOf(message, this.consumer.queue)) }).then((failed) => {
      if (failed === null) return;
      batch.forEach((message, i) => {
        if (!failed.has(message.id) && message.receipt === receipts[i]) this.#remove(message);
      });
      this.time.after(this.random.between(0, 20), () => this.#deliver());
    });
  }

  #remove(message: Message): void {
    const at = this.#messages.indexOf(message);
    if (at >= 0) this.#messages.splice(at, 1);
  }
}

function recordOf(message: Message, queue: string): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt ?? '',
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt),
      SenderId: 'simulation',
      ApproximateFirstReceiveTimestamp: String(message.sentAt),
      ...(message.group === null ? {} : { MessageGroupId: message.group }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
    awsRegion: 'local',
  };
}
