import { InvariantError } from '../kernel/assert.ts';
import { type QueueName, queueNames } from './messages.ts';
import { queueConsumers } from './wiring.ts';

const variablePart = (queue: QueueName): string => queue.toUpperCase().replaceAll('-', '_');

/** The environment variables that hold a queue's URLs: `QUEUE_URL_SLACK_PAGES`. */
export const queueUrlVariable = (queue: QueueName): string => `QUEUE_URL_${variablePart(queue)}`;
export const deadLetterUrlVariable = (queue: QueueName): string => `DEAD_LETTER_URL_${variablePart(queue)}`;

/** Which queue an event came from: every queue's name in AWS is its name here, behind a prefix that ends in `-` or none. */
export function queueOfArn(arn: string): QueueName {
  const name = arn.slice(arn.lastIndexOf(':') + 1).replace(/\.fifo$/, '');
  const queue = queueNames.find((known) => name === known || name.endsWith(`-${known}`));
  if (queue === undefined) throw new InvariantError(`an event from a queue that is none of ours: ${name}`);
  return queue;
}

/** Whether a batch, which comes from one queue, has message groups. */
export const isFifo = (records: readonly { readonly eventSourceARN: string }[]): boolean =>
  records.every(({ eventSourceARN }) =>
    queueConsumers.some(({ queue, fifo }) => fifo && queue === queueOfArn(eventSourceARN)),
  );
