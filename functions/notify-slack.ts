import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvariantError } from '#shared/kernel/assert.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { tellHandOff } from '#shared/runtime/lanes/hand-off.ts';
import { handleLane, tellFallbackByQueue } from '#shared/runtime/lanes/lane-batch.ts';
import type { LaneResult } from '#shared/runtime/lanes/lane-result.ts';
import { sendPageInTime } from '#shared/runtime/lanes/send-page-in-time.ts';
import type { SlackDeps } from '#shared/runtime/lanes/slack-calls.ts';
import { makeSlackPages } from '#shared/runtime/lanes/slack-pages.ts';
import { updateSlack } from '#shared/runtime/lanes/slack-updates.ts';
import type { LaneMessage } from '#shared/runtime/messages.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { slackApi } from '#shared/runtime/production-deps/slack.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';

/** The Slack lane: pages as direct messages and mentions, updates as the incident's message and its thread. */
export const makeHandler = (deps: SlackDeps) => {
  const pages = makeSlackPages(deps);
  const work = async (message: LaneMessage): Promise<LaneResult> => {
    if (message.kind === 'page') return sendPageInTime(deps, pages, message);
    if (message.kind === 'update') return updateSlack(deps, message.incidentId, message.postponed);
    if (message.kind === 'silence ends soon') {
      // The matchers' engine, which no page waits for.
      const { tellSilenceEnds } = await import('#shared/runtime/lanes/silence-notice.ts');
      return tellSilenceEnds(deps, message);
    }
    if (message.kind === 'hand-off') return tellHandOff(deps, message);
    throw new InvariantError(`the Slack lane knows no ${message.kind}`);
  };
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    handleLane(deps, event, { work, tellFallback: tellFallbackByQueue(deps) });
};

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues, slack: slackApi });
