import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvariantError } from '#shared/kernel/assert.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { handleLane, tellFallbackByQueue } from '#shared/runtime/lanes/lane-batch.ts';
import { done, type LaneResult } from '#shared/runtime/lanes/lane-result.ts';
import { publishStatus, type StatusDeps, writeStatusPage } from '#shared/runtime/lanes/status-updates.ts';
import type { LaneMessage } from '#shared/runtime/messages.ts';
import { s3Blobs } from '#shared/runtime/production-deps/blobs.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';

/** The status lane: what people published becomes the public page's static files. */
export const makeHandler = (deps: StatusDeps) => {
  const work = async (message: LaneMessage): Promise<LaneResult> => {
    if (message.kind === 'status page') await writeStatusPage(deps);
    else if (message.kind === 'update') await publishStatus(deps, message.incidentId);
    else throw new InvariantError(`the status lane knows no ${message.kind}`);
    return done;
  };
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    handleLane(deps, event, { work, tellFallback: tellFallbackByQueue(deps) });
};

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues, blobs: s3Blobs });
