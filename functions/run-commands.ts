import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import type { QueuedCommand } from '#shared/runtime/messages.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { slackResponder } from '#shared/runtime/production-deps/slack-responder.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import {
  afterDeadCommand,
  type CommandWorkerDeps,
  runQueuedCommand,
} from '#shared/runtime/slack-door/run-queued-command.ts';
import { handleBatch } from '#shared/runtime/sqs-batch.ts';

/** From the commands queue: what a request had no time for is decided, and told through Slack's response_url. */
export const makeHandler =
  (deps: CommandWorkerDeps) =>
  (event: SQSEvent): Promise<SQSBatchResponse> =>
    handleBatch<QueuedCommand>(
      event.Records,
      { fifo: false, onDeadLetter: (record, reason) => afterDeadCommand(deps, record, reason) },
      deps,
      (queued) => runQueuedCommand(deps, queued),
    );

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues, slackResponder });
