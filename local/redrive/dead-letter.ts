import type { Message, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { assert } from '#shared/kernel/assert.ts';
import type { QueueName } from '#shared/runtime/messages.ts';

/**
 * Where the stream puts what it could not hand to dispatch-timeline: only where in the stream a batch stood, not the batch. The
 * sweep has dispatched those commits meanwhile, so that there is nothing to replay. On AWS only.
 */
export const streamFailures = 'dispatch-failures';
export type RedriveQueue = QueueName | typeof streamFailures;

/** A dead-letter queue, and the queue of ours that it belongs to. */
export interface DeadLetterQueue {
  readonly name: RedriveQueue;
  readonly fifo: boolean;
  /** Null: there is no queue to go back to. */
  readonly sourceUrl: string | null;
  readonly deadLetterUrl: string;
  /** Of a receive: only a long poll asks all of SQS's servers and so finds what there is. The local engine is one. */
  readonly longPollSeconds: 0 | 1;
}

export interface DeadLetter {
  readonly id: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Null when SQS itself moved the message, after too many receives. */
  readonly reason: string | null;
  /** The message group that it had in its queue; null where there are none. */
  readonly group: string | null;
  /** Epoch milliseconds. SQS keeps the first send's time when it moves a message of a standard queue itself. */
  readonly sentMillis: number;
  /** Grows within a message group; empty where there are none. */
  readonly sequence: string;
}

/** A message as it was received with all attributes. Ours carry `reason` and `group` (queue-requests.ts). */
export function toDeadLetter(message: Message): DeadLetter {
  const { MessageId: id, ReceiptHandle: receiptHandle, Body: body, Attributes: system = {} } = message;
  assert(id !== undefined && receiptHandle !== undefined && body !== undefined, 'SQS receives whole messages');
  const textOf = (name: string): string | null => message.MessageAttributes?.[name]?.StringValue ?? null;
  return {
    id,
    receiptHandle,
    body,
    reason: textOf('reason'),
    group: textOf('group') ?? system.MessageGroupId ?? null,
    sentMillis: Number(system.SentTimestamp ?? 0),
    sequence: system.SequenceNumber?.padStart(20, '0') ?? '',
  };
}

/** Oldest first, as they were set aside. */
export const byAge = (letters: readonly DeadLetter[]): readonly DeadLetter[] =>
  [...letters].sort((a, b) => a.sentMillis - b.sentMillis || a.sequence.localeCompare(b.sequence));

/**
 * The message as it was, back in its queue and message group. The deduplication id is the dead letter's own: sent again
 * after a crash, SQS drops the second copy. The id of the original send would not do: within 5 minutes of that send SQS
 * answers success and keeps nothing.
 */
export function replayRequest(queue: DeadLetterQueue, { id, body, group }: DeadLetter): SendMessageCommandInput {
  assert(queue.sourceUrl !== null, `${queue.name} has no queue to go back to`);
  return {
    QueueUrl: queue.sourceUrl,
    MessageBody: body,
    ...(queue.fifo && { MessageGroupId: group ?? id, MessageDeduplicationId: id }),
  };
}

const shownBodyLength = 400;

export function describeDeadLetter(letter: DeadLetter, nowMillis: number): readonly string[] {
  const { id, reason, group, sentMillis, body } = letter;
  const shown =
    body.length > shownBodyLength ? `${body.slice(0, shownBodyLength)}... (${body.length} characters)` : body;
  return [
    `id      ${id}`,
    `since   ${new Date(sentMillis).toISOString()} (${describeAge(nowMillis - sentMillis)})`,
    `reason  ${reason === null ? 'received too often without success; SQS moved it' : printable(reason)}`,
    ...(group === null ? [] : [`group   ${printable(group)}`]),
    `body    ${printable(shown)}`,
  ];
}

/** What somebody sent must not steer the terminal. */
const printable = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

export function describeAge(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}
