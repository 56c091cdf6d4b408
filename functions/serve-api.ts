import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type ApiDeps, makeApi } from '#shared/runtime/api/serve-api.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { awsSecrets } from '#shared/runtime/production-deps/secrets.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';

/** The operator API (incidents, alerts, silences, on-call), and the probes: health, readiness, metrics. */
export const makeHandler = (deps: ApiDeps): ((event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>) =>
  makeApi(deps);

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues, secrets: awsSecrets });
