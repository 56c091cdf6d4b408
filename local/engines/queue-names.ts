import type { QueueName } from '#shared/runtime/messages.ts';
import { queueConsumers } from '#shared/runtime/wiring.ts';

/**
 * Queue names on the wire: FIFO ones end in `.fifo`, dead-letter queues are of their queue's kind. On AWS the same names stand
 * behind `tocsin-<environment>-`.
 */
export const wireName = (queue: QueueName): string => (isFifo(queue) ? `${queue}.fifo` : queue);
export const deadLetterName = (queue: QueueName): string =>
  isFifo(queue) ? `${queue}-dead-letter.fifo` : `${queue}-dead-letter`;
export const isFifo = (queue: QueueName): boolean => queueConsumers.some((one) => one.queue === queue && one.fifo);
