import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { isTransient } from '../kernel/adapter-error.ts';
import { InvariantError } from '../kernel/assert.ts';
import type { Deps } from './deps.ts';
import { describeError } from './logger.ts';
import type { DeadLetterOrigin } from './ports.ts';
import { queueOfArn } from './queue-settings.ts';

/** A message that can never succeed is set aside at this receive, so that its group goes on. */
const deadLetterAtReceive = 3;
/** Characters of the reason of a dead letter, which also goes to people: a sentence, whatever was thrown. */
const longestReason = 500;
/** Longest pause before the next try of a message, in seconds: short, because its group waits. */
const longestPauseSeconds = 10;

export interface BatchOptions {
  readonly fifo: boolean;
  /** Called when a message has been put into the dead-letter queue: to page the fallback. */
  readonly onDeadLetter: (record: SQSRecord, reason: string) => Promise<void>;
}

export type BatchDeps = Pick<Deps, 'queues' | 'log' | 'random'>;

/**
 * Handles the records one after the other and answers which of them failed.
 *
 * - A transient error (throttle, conflict, 5xx, network) gives the message back for some seconds, as often as it takes.
 * - Any other error is permanent: until its third receive the message is given back the same way, then it goes to the dead-letter queue
 *   with its reason and counts as done.
 * - In a FIFO queue the first failure of a message group gives back the rest of that group too, untouched and in order; other groups go on.
 *
 * `handleOne` must be idempotent: SQS delivers at least once.
 */
export async function handleBatch<Message>(
  records: readonly SQSRecord[],
  options: BatchOptions,
  deps: BatchDeps,
  handleOne: (message: Message, record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  /** Groups that stopped, with the pause of their first message. */
  const stopped = new Map<string, number>();
  const failed: SQSRecord[] = [];
  for (const record of records) {
    const group = options.fifo ? (record.attributes.MessageGroupId ?? '') : null;
    const groupPause = group === null ? undefined : stopped.get(group);
    const pause = groupPause ?? (await attempt(record, options, deps, handleOne));
    if (pause === null) continue;
    failed.push(record);
    if (group !== null) stopped.set(group, pause);
    await giveBack(record, pause, deps);
  }
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };
}

/** Null when the record is done, else the seconds until its next try. */
async function attempt<Message>(
  record: SQSRecord,
  options: BatchOptions,
  deps: BatchDeps,
  handleOne: (message: Message, record: SQSRecord) => Promise<void>,
): Promise<number | null> {
  try {
    await handleOne(parseBody<Message>(record), record);
    return null;
  } catch (error) {
    const receives = receivesOf(record);
    const permanent = !isTransient(error);
    const facts = { messageId: record.messageId, receives, error: describeError(error) };
    if (permanent && receives >= deadLetterAtReceive) {
      deps.log.error('a message can never succeed: it goes to the dead-letter queue', facts);
      if (await setAside(record, error, options, deps)) return null;
    } else if (permanent) deps.log.error('a message failed', facts);
    else deps.log.warn('a message is tried again', facts);
    return pauseSeconds(receives, deps.random());
  }
}

/**
 * False when it could not be done now: then the message is given back, and set aside again at its next receive. Where only
 * the telling can never succeed the message is done: it lies in the dead-letter queue, whose alarm people hear.
 */
async function setAside(record: SQSRecord, error: unknown, options: BatchOptions, deps: BatchDeps): Promise<boolean> {
  const { name, message } = describeError(error);
  const reason = `${name}: ${message}`.slice(0, longestReason);
  let isAside = false;
  try {
    await deps.queues.deadLetter(queueOfArn(record.eventSourceARN), record.body, reason, originOf(record));
    isAside = true;
    await options.onDeadLetter(record, reason);
    return true;
  } catch (failure) {
    const facts = { messageId: record.messageId, isAside, error: describeError(failure) };
    deps.log.error('a message could not be set aside, or nobody be told of it', facts);
    return isAside && !isTransient(failure);
  }
}

const originOf = ({ messageId, attributes }: SQSRecord): DeadLetterOrigin => ({
  messageId,
  ...(attributes.MessageGroupId !== undefined && { group: attributes.MessageGroupId }),
});

/** Without this a message would come back only when its visibility time-out ends. That still holds when this fails. */
async function giveBack(record: SQSRecord, seconds: number, deps: BatchDeps): Promise<void> {
  try {
    await deps.queues.postpone(queueOfArn(record.eventSourceARN), record.receiptHandle, seconds);
  } catch (error) {
    deps.log.warn('a message could not be given back early', {
      messageId: record.messageId,
      error: describeError(error),
    });
  }
}

/** Full jitter under a ceiling of 2, 4, 8, then 10 s; at least 1 s. */
const pauseSeconds = (receives: number, random: number): number =>
  Math.max(1, Math.ceil(random * Math.min(longestPauseSeconds, 2 ** Math.min(receives, 10))));

/** SQS counts receives, this one included; never absent in a Lambda event. */
const receivesOf = (record: SQSRecord): number => Number(record.attributes.ApproximateReceiveCount) || 1;

/** The body is one of ours (messages.ts) and is not checked again. It never reaches an error: JSON.parse would quote it. */
function parseBody<Message>(record: SQSRecord): Message {
  try {
    return JSON.parse(record.body);
  } catch {
    throw new InvariantError('the message is not JSON');
  }
}
