import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { AlertmanagerDeps } from '#shared/runtime/alertmanager-api/routes.ts';
import { makeAlertmanagerApi } from '#shared/runtime/alertmanager-api/serve-alertmanager.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { awsSecrets } from '#shared/runtime/production-deps/secrets.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';

/** Alertmanager's API v2 but for the posting of alerts: for amtool, Karma, Grafana and people's own scripts. */
export const makeHandler = (
  deps: AlertmanagerDeps,
): ((event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>) => makeAlertmanagerApi(deps);

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues, secrets: awsSecrets });
