import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { dispatchBatch } from '#shared/runtime/dispatch-batch.ts';
import type { DispatchDeps } from '#shared/runtime/dispatch-commit.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import { stepFunctionTimers } from '#shared/runtime/production-deps/timers.ts';
import { snsTopics } from '#shared/runtime/production-deps/topics.ts';

/** The stream's one reader: what was committed becomes timers, lane messages and events for subscribers. */
export const makeHandler =
  (deps: DispatchDeps) =>
  (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
    dispatchBatch(deps, event.Records);

export const handler = lambdaHandler(makeHandler, {
  table: dynamoTable,
  queues: sqsQueues,
  timers: stepFunctionTimers,
  topics: snsTopics,
});
