import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvariantError } from '#shared/kernel/assert.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { handleLane, tellFallbackByQueue } from '#shared/runtime/lanes/lane-batch.ts';
import type { LaneResult } from '#shared/runtime/lanes/lane-result.ts';
import { makePagerDutyPages } from '#shared/runtime/lanes/pagerduty-pages.ts';
import type { PagerDutyDeps } from '#shared/runtime/lanes/pagerduty-routing.ts';
import { updatePagerDuty } from '#shared/runtime/lanes/pagerduty-updates.ts';
import { sendPageInTime } from '#shared/runtime/lanes/send-page-in-time.ts';
import type { LaneMessage } from '#shared/runtime/messages.ts';
import { pagerDutyApi } from '#shared/runtime/production-deps/pagerduty.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { awsSecrets } from '#shared/runtime/production-deps/secrets.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';

/** The PagerDuty lane: pages as triggers, updates as acknowledgements and resolves of what was triggered. */
export const makeHandler = (deps: PagerDutyDeps) => {
  const pages = makePagerDutyPages(deps);
  const work = async (message: LaneMessage): Promise<LaneResult> => {
    if (message.kind === 'page') return sendPageInTime(deps, pages, message);
    if (message.kind === 'update') return updatePagerDuty(deps, message.incidentId);
    throw new InvariantError(`the PagerDuty lane knows no ${message.kind}`);
  };
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    handleLane(deps, event, { work, tellFallback: tellFallbackByQueue(deps) });
};

export const handler = lambdaHandler(makeHandler, {
  table: dynamoTable,
  queues: sqsQueues,
  secrets: awsSecrets,
  pagerduty: pagerDutyApi,
});
