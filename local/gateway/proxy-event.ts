import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { account } from '../engines/queues.ts';
import type { MatchedDoor } from './match-door.ts';

export interface GatewayRequest {
  readonly method: string;
  /** Path without the query, still encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Name, value, name, value, as Node has them: in the caller's case. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

const stage = 'local';

/** The event that API Gateway's REST API hands to a Lambda proxy integration (payload 1.0, PROTOCOLS 8.1). */
export function toProxyEvent(request: GatewayRequest, { door, pathParameters }: MatchedDoor): APIGatewayProxyEvent {
  const multiValueHeaders = collect(pairs(request.rawHeaders));
  const multiValueQuery = collect([...new URLSearchParams(request.query)]);
  const isText = isUtf8(request.body);
  return {
    resource: door.path,
    path: request.path,
    httpMethod: request.method,
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: orNull(lastOf(multiValueQuery)),
    multiValueQueryStringParameters: orNull(multiValueQuery),
    pathParameters: pathParameters === null ? null : { ...pathParameters },
    stageVariables: null,
    requestContext: requestContextOf(request, door.path, multiValueHeaders),
    body: request.body.length === 0 ? null : request.body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

function requestContextOf(
  request: GatewayRequest,
  resourcePath: string,
  headers: Readonly<Record<string, readonly string[]>>,
): APIGatewayProxyEvent['requestContext'] {
  const userAgent = Object.entries(headers).find(([name]) => name.toLowerCase() === 'user-agent')?.[1]?.[0] ?? null;
  return {
    accountId: account,
    apiId: 'local',
    authorizer: null,
    protocol: 'HTTP/1.1',
    httpMethod: request.method,
    path: `/${stage}${request.path}`,
    stage,
    requestId: request.requestId,
    requestTimeEpoch: request.receivedAt,
    resourceId: 'local',
    resourcePath,
    identity: { ...anonymous, sourceIp: request.sourceIp, userAgent },
  };
}

const anonymous = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
} as const;

function pairs(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  const all: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    all.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return all;
}

/** Without a prototype, so that a header called `__proto__` is just a header. */
function collect(all: readonly (readonly [string, string])[]): Record<string, string[]> {
  const collected: Record<string, string[]> = Object.create(null);
  for (const [name, value] of all) {
    const values = collected[name];
    if (values === undefined) collected[name] = [value];
    else values.push(value);
  }
  return { ...collected };
}

const lastOf = (values: Readonly<Record<string, readonly string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length === 0 ? null : values);
