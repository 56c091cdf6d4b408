import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Deps } from '#shared/runtime/deps.ts';
import { headerOf } from '#shared/runtime/http-request.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { s3Blobs } from '#shared/runtime/production-deps/blobs.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { awsSecrets } from '#shared/runtime/production-deps/secrets.ts';
import { answerPosted } from '#shared/runtime/receive/answer-posted.ts';
import { acceptWebhook, refuseCaller, refuseWebhook } from '#shared/runtime/receive/answer-webhook.ts';
import { identifyPoster } from '#shared/runtime/receive/identify-poster.ts';
import { identifySource } from '#shared/runtime/receive/identify-source.ts';
import { readPosted } from '#shared/runtime/receive/read-posted.ts';
import { readWebhook } from '#shared/runtime/receive/read-webhook.ts';

type ReceiveDeps = Pick<Deps, 'secrets' | 'queues' | 'blobs' | 'clock' | 'ids' | 'log' | 'metrics'>;

/** Who calls, then what it says, then a durable write, then the answer. It reads no table. */
export const makeHandler =
  (deps: ReceiveDeps) =>
  (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
    event.resource === '/alertmanager/api/v2/alerts' ? receivePosted(deps, event) : receiveWebhook(deps, event);

/** POST /v1/alertmanager and /v1/grafana. */
async function receiveWebhook(deps: ReceiveDeps, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const caller = await identifySource(deps, headerOf(event, 'authorization'));
  if (caller.outcome !== 'known') return refuseCaller(deps, caller);
  const { source } = caller;
  const request = readWebhook(event, { source, id: deps.ids.next(), receivedAt: deps.clock.now() });
  if (request.outcome === 'refused') return refuseWebhook(deps, source, request.problem);
  return acceptWebhook(deps, request);
}

/** POST /alertmanager/api/v2/alerts: Prometheus without an Alertmanager between, and amtool. */
async function receivePosted(deps: ReceiveDeps, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const caller = await identifyPoster(deps, headerOf(event, 'authorization'));
  if (caller.outcome !== 'known') return refuseCaller(deps, caller);
  return answerPosted(deps, caller.source, readPosted(event, deps.clock.now()));
}

export const handler = lambdaHandler(makeHandler, { secrets: awsSecrets, queues: sqsQueues, blobs: s3Blobs });
