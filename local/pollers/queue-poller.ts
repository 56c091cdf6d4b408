import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { failedMessages, toSqsEvent } from './sqs-event.ts';

export interface Poller {
  /** Takes nothing new, and ends when what is in hand is done. */
  stop(): Promise<void>;
}

export interface QueuePollerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  /** At most 10. */
  readonly batchSize: number;
  /**
   * Batches in hand at once, so that one slow call does not hold the rest. A FIFO group stays in order all the same: fauxqs
   * hands out one message of a group at a time.
   */
  readonly concurrency: number;
  /** A throw fails the whole batch; else what the answer's batchItemFailures names. */
  readonly handle: (event: SQSEvent) => Promise<unknown>;
  readonly report: (problem: string) => void;
}

/** SQS long polls end after at most 20 s; they answer at once when a message comes. */
const longPollSeconds = 20;
const pauseAfterErrorMillis = 250;

/** Hands a queue's messages to a function as Lambda's poller does: successes are deleted, failures come again. */
export function startQueuePoller(options: QueuePollerOptions): Poller {
  const stopping = new AbortController();
  const running = pollUntilStopped(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** One receiver for all batches: fauxqs wakes every long poll of a queue for each message. */
async function pollUntilStopped(options: QueuePollerOptions, stopping: AbortSignal): Promise<void> {
  const inHand = new Set<Promise<void>>();
  while (!stopping.aborted) {
    try {
      if (inHand.size >= options.concurrency) await Promise.race(inHand);
      const messages = await receive(options, stopping);
      if (messages.length === 0) continue;
      const work: Promise<void> = handleBatch(options, messages)
        .catch((error: unknown) => reportError(options, error))
        .finally(() => inHand.delete(work));
      inHand.add(work);
    } catch (error) {
      if (stopping.aborted) break;
      reportError(options, error);
      await sleep(pauseAfterErrorMillis);
    }
  }
  await Promise.all(inHand);
}

const reportError = ({ queueArn, report }: QueuePollerOptions, error: unknown): void =>
  report(`${queueArn.split(':').at(-1)}: ${error instanceof Error ? error.message : String(error)}`);

async function receive(options: QueuePollerOptions, abortSignal: AbortSignal): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: options.queueUrl,
    MaxNumberOfMessages: options.batchSize,
    WaitTimeSeconds: longPollSeconds,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const answer = await options.client.send(command, { abortSignal });
  return answer.Messages ?? [];
}

async function handleBatch(options: QueuePollerOptions, messages: readonly Message[]): Promise<void> {
  const failed = await failuresOf(options, messages);
  const done = messages.filter((message) => !failed.includes(message));
  if (done.length > 0) {
    await options.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: options.queueUrl,
        Entries: done.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle })),
      }),
    );
  }
}

async function failuresOf(options: QueuePollerOptions, messages: readonly Message[]): Promise<readonly Message[]> {
  try {
    return failedMessages(messages, await options.handle(toSqsEvent(messages, options.queueArn)));
  } catch (error) {
    options.report(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return messages;
  }
}
