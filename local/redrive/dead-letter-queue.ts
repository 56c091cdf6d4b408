import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, type DeadLetterQueue, replayRequest, toDeadLetter } from './dead-letter.ts';

/** SQS: messages a request. */
const batchLimit = 10;

/** How many can be taken, and how many somebody has in hand. SQS counts approximately. */
export async function countDeadLetters(
  client: SQSClient,
  { deadLetterUrl }: DeadLetterQueue,
): Promise<{ readonly waiting: number; readonly inHand: number }> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: deadLetterUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inHand: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

/**
 * Takes messages until there are `limit`, one has the id `untilId`, or no more can be seen. Nobody else sees them for
 * `holdSeconds`, after which they come back by themselves, also when this process is gone.
 */
export async function takeDeadLetters(
  client: SQSClient,
  { deadLetterUrl, longPollSeconds }: DeadLetterQueue,
  options: { readonly limit: number; readonly holdSeconds: number; readonly untilId?: string },
): Promise<readonly DeadLetter[]> {
  /** A standard queue may deliver one message twice: the newest handle is the one that counts. */
  const taken = new Map<string, DeadLetter>();
  while (taken.size < options.limit && !taken.has(options.untilId ?? '')) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLetterUrl,
        MaxNumberOfMessages: Math.min(batchLimit, options.limit - taken.size),
        VisibilityTimeout: options.holdSeconds,
        WaitTimeSeconds: longPollSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    for (const message of Messages.map(toDeadLetter)) taken.set(message.id, message);
  }
  return [...taken.values()];
}

/** Visible again at once. What cannot be given back comes back when its hold is over. */
export async function giveBackDeadLetters(
  client: SQSClient,
  { deadLetterUrl }: DeadLetterQueue,
  letters: readonly DeadLetter[],
): Promise<void> {
  for (let start = 0; start < letters.length; start += batchLimit) {
    const Entries = letters
      .slice(start, start + batchLimit)
      .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadLetterUrl, Entries }));
  }
}

/** In this order: whatever happens in between, the message is in one of the two queues, or in both. */
export async function replayDeadLetter(client: SQSClient, queue: DeadLetterQueue, letter: DeadLetter): Promise<void> {
  await client.send(new SendMessageCommand(replayRequest(queue, letter)));
  await dropDeadLetter(client, queue, letter);
}

export async function dropDeadLetter(
  client: SQSClient,
  { deadLetterUrl }: DeadLetterQueue,
  { receiptHandle }: DeadLetter,
): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle: receiptHandle }));
}
