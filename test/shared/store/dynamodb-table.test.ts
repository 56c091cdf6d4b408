import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { BatchGetItemCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { makeDynamoTable } from '#shared/store/dynamodb-table.ts';

/** A server that speaks just enough of DynamoDB's protocol to lose answers and leave keys out. */
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Answer = (
  request: { readonly target: string; readonly body: Record<string, unknown> },
  response: ServerResponse,
) => void;

async function tableAgainst(answer: Answer, requestTimeout = 3000) {
  const pauses: number[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) =>
      answer({ target: String(request.headers['x-amz-target']).split('.')[1] ?? '', body: JSON.parse(body) }, response),
    );
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 3,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  const pause = async (millis: number) => void pauses.push(millis);
  return { table: makeDynamoTable({ tableName: 't', client, pause }), pauses };
}

const readBody = async (request: IncomingMessage) => Buffer.concat(await request.toArray()).toString();

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

const keysOf = (body: Record<string, unknown>) => {
  const { RequestItems } = body as unknown as BatchGetItemCommandInput;
  return RequestItems?.t?.Keys ?? [];
};

describe('the table in DynamoDB', () => {
  it('asks again for keys that were left out, and for nothing else', async () => {
    const asked: number[] = [];
    const { table, pauses } = await tableAgainst(({ body }, response) => {
      const [first, ...left] = keysOf(body);
      asked.push(left.length + 1);
      send(response, 200, {
        Responses: { t: first === undefined ? [] : [first] },
        UnprocessedKeys: left.length === 0 ? {} : { t: { Keys: left } },
      });
    });
    const keys = ['a', 'b', 'c'].map((sk) => ({ pk: 'P', sk }));
    expect(await table.get(keys)).toEqual(keys);
    expect(asked).toEqual([3, 2, 1]);
    expect(pauses).toHaveLength(2);
  });

  it('gives up as throttled when keys are left out five times', async () => {
    let requests = 0;
    const { table } = await tableAgainst(({ body }, response) => {
      requests += 1;
      send(response, 200, { Responses: {}, UnprocessedKeys: { t: { Keys: keysOf(body) } } });
    });
    await expect(table.get([{ pk: 'P', sk: 'a' }])).rejects.toMatchObject({
      name: 'AdapterError',
      reason: 'throttled',
    });
    expect(requests).toBe(5);
  });

  it('repeats a transaction under the same token, so that it is carried out once, and takes a new one for the next', async () => {
    const tokens: unknown[] = [];
    const { table } = await tableAgainst(({ body }, response) => {
      tokens.push(body.ClientRequestToken);
      if (tokens.length === 1) send(response, 500, { __type: 'InternalServerError' });
      else send(response, 200, {});
    });
    const writes = ['a', 'b'].map((sk) => ({ kind: 'put', item: { pk: 'P', sk } }) as const);
    await table.write(writes);
    await table.write(writes);
    expect(tokens).toHaveLength(3);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
    expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells a caller of a lost answer whose repeat met its own change by the item as it wrote it', async () => {
    let tries = 0;
    const { table } = await tableAgainst((_request, response) => {
      tries += 1;
      if (tries === 1) response.destroy();
      else {
        send(response, 400, {
          __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
          Item: { pk: { S: 'P' }, sk: { S: 'a' }, owner: { S: 'me' } },
        });
      }
    });
    const item = { pk: 'P', sk: 'a', owner: 'me' };
    const condition = { anyOf: [[{ attribute: 'pk', is: 'absent' }]] } as const;
    await expect(table.write([{ kind: 'put', item, condition }])).rejects.toMatchObject({
      name: 'ConditionFailed',
      failures: [{ index: 0, item }],
    });
    expect(tries).toBe(2);
  });

  it('stops waiting for an answer: after three tries the outcome is a time-out, for reads and writes alike', async () => {
    let tries = 0;
    const { table } = await tableAgainst(() => {
      tries += 1;
    }, 40);
    const timedOut = { name: 'AdapterError', service: 'dynamodb', reason: 'timeout', retryable: true };
    await expect(table.write([{ kind: 'delete', key: { pk: 'P', sk: 'a' } }])).rejects.toMatchObject(timedOut);
    expect(tries).toBe(3);
    await expect(table.query({ pk: 'P' })).rejects.toMatchObject(timedOut);
  });
});
