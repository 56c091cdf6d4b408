import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { asOperator } from '#shared/runtime/api/as-operator.ts';
import type { Deps } from '#shared/runtime/deps.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { answerPostmortem } from '#shared/runtime/postmortem.ts';
import { awsSecrets } from '#shared/runtime/production-deps/secrets.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';

type PostmortemDeps = Pick<Deps, 'table' | 'secrets' | 'clock' | 'log' | 'metrics'>;

/** GET /v1/incidents/{number}/postmortem: the first draft, as Markdown, for whoever may read. */
export const makeHandler =
  (deps: PostmortemDeps) =>
  (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
    asOperator(deps, event, 'viewer', () => answerPostmortem(deps, event));

export const handler = lambdaHandler(makeHandler, { table: dynamoTable, secrets: awsSecrets });
