import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { awsSecrets } from '#shared/runtime/production-deps/secrets.ts';
import { slackResponder } from '#shared/runtime/production-deps/slack-responder.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import { answerSlack, type SlackDoorDeps } from '#shared/runtime/slack-door/answer-slack.ts';

/** POST /v1/slack/commands and /v1/slack/interactions: who calls, what they want, decide or queue, answer within 3 s. */
export const makeHandler =
  (deps: SlackDoorDeps) =>
  (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
    answerSlack(deps, event);

export const handler = lambdaHandler(makeHandler, {
  table: dynamoTable,
  queues: sqsQueues,
  secrets: awsSecrets,
  slackResponder,
});
