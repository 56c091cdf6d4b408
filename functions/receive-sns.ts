import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Deps } from '#shared/runtime/deps.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { s3Blobs } from '#shared/runtime/production-deps/blobs.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { snsSubscriptions } from '#shared/runtime/production-deps/sns-subscriptions.ts';
import { answerSns, refuseSnsCaller, refuseSnsRequest } from '#shared/runtime/receive/answer-sns.ts';
import { identifyTopic } from '#shared/runtime/receive/identify-topic.ts';
import { readSnsRequest } from '#shared/runtime/receive/read-sns.ts';

type ReceiveDeps = Pick<Deps, 'snsSubscriptions' | 'queues' | 'blobs' | 'policy' | 'clock' | 'ids' | 'log' | 'metrics'>;

/** POST /v1/sns: whose topic, whose signature, then what it says, then a durable write, then the answer. It reads no table. */
export const makeHandler =
  (deps: ReceiveDeps) =>
  async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const request = readSnsRequest(event);
    if (request.outcome === 'refused') return refuseSnsRequest(deps, request.problem);
    const caller = await identifyTopic(deps, request.envelope);
    if (caller.outcome !== 'known') return refuseSnsCaller(deps, caller);
    return answerSns(deps, caller.source, request.envelope);
  };

export const handler = lambdaHandler(makeHandler, { snsSubscriptions, queues: sqsQueues, blobs: s3Blobs });
