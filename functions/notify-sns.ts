import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvariantError } from '#shared/kernel/assert.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { pageFallback } from '#shared/runtime/lanes/fallback.ts';
import { handleLane } from '#shared/runtime/lanes/lane-batch.ts';
import { done, type LaneResult } from '#shared/runtime/lanes/lane-result.ts';
import { sendPageInTime } from '#shared/runtime/lanes/send-page-in-time.ts';
import { makeSnsPages, type SnsDeps } from '#shared/runtime/lanes/sns-pages.ts';
import type { LaneMessage } from '#shared/runtime/messages.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import { snsTopics } from '#shared/runtime/production-deps/topics.ts';

/** The SNS lane: pages to SNS contacts, and the fallback. Both may arrive twice, which SNS cannot prevent. */
export const makeHandler = (deps: SnsDeps) => {
  const pages = makeSnsPages(deps);
  const work = async (message: LaneMessage): Promise<LaneResult> => {
    if (message.kind === 'page') return sendPageInTime(deps, pages, message);
    if (message.kind !== 'fallback') throw new InvariantError(`the SNS lane knows no ${message.kind}`);
    await pageFallback(deps, message);
    return done;
  };
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    handleLane(deps, event, { work, tellFallback: (notice) => pageFallback(deps, notice) });
};

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues, topics: snsTopics });
