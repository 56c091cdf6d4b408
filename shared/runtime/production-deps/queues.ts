import { makeQueues } from '../../adapters/sqs/queues.ts';
import { requireEnv } from '../env.ts';
import type { Queues } from '../ports.ts';
import { deadLetterUrlVariable, queueUrlVariable } from '../queue-settings.ts';

/** A queue's URL is read when the queue is used: a function is given only those that it uses. */
export const sqsQueues = (): Queues =>
  makeQueues({
    urlOf: (queue) => requireEnv(queueUrlVariable(queue)),
    deadLetterUrlOf: (queue) => requireEnv(deadLetterUrlVariable(queue)),
  });
