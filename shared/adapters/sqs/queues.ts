import { setTimeout as wait } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { QueueName } from '../../runtime/messages.ts';
import type { Queues } from '../../runtime/ports.ts';
import { patientClient, withoutLog } from '../aws-client.ts';
import { toAdapterError } from '../aws-error.ts';
import { deadLetterRequest, postponeRequest, sendAllRequests, sendRequest } from './queue-requests.ts';

const service = 'sqs';
/** Tries of the messages that SQS left out of a batch, with pauses of at most 100 and 200 ms between them. */
const batchAttempts = 3;
const firstPauseMillis = 100;

export interface QueuesOptions {
  readonly urlOf: (queue: QueueName) => string;
  readonly deadLetterUrlOf: (queue: QueueName) => string;
  readonly client?: SQSClient;
  readonly pause?: (millis: number) => Promise<unknown>;
}

/** 2 tries of 1 s to connect and 2 s to answer: 6 s in the worst case, within the 10 s of receive-alerts. */
const makeClient = () =>
  withoutLog(new SQSClient(patientClient({ attempts: 2, connectMillis: 1000, answerMillis: 2000 })));

/** The queues in SQS. Sending may deliver twice when an answer is lost: every reader is idempotent. */
export function makeQueues(options: QueuesOptions): Queues {
  const { urlOf, deadLetterUrlOf, client = makeClient(), pause = wait } = options;

  async function sendBatch(request: SendMessageBatchCommandInput): Promise<void> {
    let entries = request.Entries ?? [];
    for (let attempt = 1; ; attempt++) {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ ...request, Entries: entries }));
      if (Failed.length === 0) return;
      const fault = Failed.find((failure) => failure.SenderFault);
      if (fault) throw new AdapterError(service, 'invalid', `message refused: ${fault.Code}`);
      if (attempt === batchAttempts) {
        throw new AdapterError(service, 'unavailable', `${Failed.length} messages not taken: ${Failed[0]?.Code}`);
      }
      const failed = new Set(Failed.map((failure) => failure.Id));
      entries = entries.filter((entry) => failed.has(entry.Id));
      await pause(Math.random() * firstPauseMillis * 2 ** (attempt - 1));
    }
  }

  return {
    send: (queue, body, sendOptions = {}) =>
      calling(() => client.send(new SendMessageCommand(sendRequest(urlOf(queue), body, sendOptions)))),
    sendAll: (queue, bodies, sendOptions = {}) =>
      calling(async () => {
        for (const request of sendAllRequests(urlOf(queue), bodies, sendOptions)) await sendBatch(request);
      }),
    postpone: (queue, receiptHandle, seconds) =>
      calling(() =>
        client.send(new ChangeMessageVisibilityCommand(postponeRequest(urlOf(queue), receiptHandle, seconds))),
      ),
    deadLetter: (queue, body, reason, origin) =>
      calling(() =>
        client.send(new SendMessageCommand(deadLetterRequest(deadLetterUrlOf(queue), body, reason, origin))),
      ),
    probe: (queue) =>
      calling(() =>
        client.send(new GetQueueAttributesCommand({ QueueUrl: urlOf(queue), AttributeNames: ['QueueArn'] })),
      ),
  };
}

async function calling(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    throw toAdapterError(service, error);
  }
}
