import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Deps } from '#shared/runtime/deps.ts';
import { headerOf } from '#shared/runtime/http-request.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { s3Blobs } from '#shared/runtime/production-deps/blobs.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { awsSecrets } from '#shared/runtime/production-deps/secrets.ts';
import { acceptWebhook, refuseCaller, refuseWebhook } from '#shared/runtime/receive/answer-webhook.ts';
import { identifySource } from '#shared/runtime/receive/identify-source.ts';
import { readWebhook } from '#shared/runtime/receive/read-webhook.ts';

type ReceiveDeps = Pick<Deps, 'secrets' | 'queues' | 'blobs' | 'clock' | 'ids' | 'log' | 'metrics'>;

/** POST /v1/alertmanager and /v1/grafana: who calls, then what it says, then a durable write, then the answer. It reads no table. */
export const makeHandler =
  (deps: ReceiveDeps) =>
  async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const caller = await identifySource(deps, headerOf(event, 'authorization'));
    if (caller.outcome !== 'known') return refuseCaller(deps, caller);
    const { source } = caller;
    const request = readWebhook(event, { source, id: deps.ids.next(), receivedAt: deps.clock.now() });
    if (request.outcome === 'refused') return refuseWebhook(deps, source, request.problem);
    return acceptWebhook(deps, request);
  };

export const handler = lambdaHandler(makeHandler, { secrets: awsSecrets, queues: sqsQueues, blobs: s3Blobs });
