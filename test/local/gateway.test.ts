import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startGateway } from '#local/gateway/gateway.ts';
import { matchDoor } from '#local/gateway/match-door.ts';
import { toProxyEvent } from '#local/gateway/proxy-event.ts';
import { assert } from '#shared/kernel/assert.ts';

const door = (method: string, path: string) => {
  const match = matchDoor(method, path);
  return match && { path: match.door.path, parameters: match.pathParameters };
};

const eventOf = (overrides: Partial<Parameters<typeof toProxyEvent>[0]> = {}) => {
  const match = matchDoor('POST', '/v1/incidents/42/acknowledge');
  assert(match !== null, 'the door exists');
  return toProxyEvent(
    {
      method: 'POST',
      path: '/v1/incidents/42/acknowledge',
      query: '',
      rawHeaders: [],
      body: Buffer.from(''),
      sourceIp: '127.0.0.1',
      requestId: 'r1',
      receivedAt: 1_700_000_000_000,
      ...overrides,
    },
    match,
  );
};

describe('which door a request is for', () => {
  it.each([
    ['POST', '/v1/alertmanager', { path: '/v1/alertmanager', parameters: null }],
    ['GET', '/v1/incidents/42', { path: '/v1/incidents/{number}', parameters: { number: '42' } }],
    ['GET', '/v1/incidents/42/why', { path: '/v1/incidents/{number}/why', parameters: { number: '42' } }],
    [
      'POST',
      '/v1/incidents/4/resolve',
      { path: '/v1/incidents/{number}/{action}', parameters: { number: '4', action: 'resolve' } },
    ],
    ['GET', '/v1/silences/a%2Fb', { path: '/v1/silences/{id}', parameters: { id: 'a/b' } }],
    ['GET', '/alertmanager/api/v2/status', { path: '/alertmanager/api/v2/{path+}', parameters: { path: 'status' } }],
    [
      'PUT',
      '/alertmanager/api/v2/silence/a',
      { path: '/alertmanager/api/v2/{path+}', parameters: { path: 'silence/a' } },
    ],
    ['GET', '/alertmanager/api/v2/alerts', { path: '/alertmanager/api/v2/alerts', parameters: null }],
    [
      'GET',
      '/alertmanager/api/v2/alerts/groups',
      { path: '/alertmanager/api/v2/alerts/{path+}', parameters: { path: 'groups' } },
    ],
    ['HEAD', '/alertmanager/-/ready', { path: '/alertmanager/{path+}', parameters: { path: '-/ready' } }],
    ['GET', '/alertmanager', null],
    ['GET', '/v1/alertmanager', null],
    ['GET', '/v1/incidents/', null],
    ['GET', '/v1/silences/%', null],
    ['GET', '/v1/incidents/42/why/', null],
  ])('%s %s', (method, path, expected) => {
    expect(door(method, path)).toEqual(expected);
  });

  it('prefers a method by name over any method of the same path, and a literal path over both', () => {
    const doors = [
      { method: 'ANY', path: '/a/b', function: 'sweep' },
      { method: 'POST', path: '/a/b', function: 'serve-api' },
      { method: 'POST', path: '/a/{path+}', function: 'run-commands' },
    ] as const;
    const functionOf = (method: string, path: string) => matchDoor(method, path, doors)?.door.function;
    expect([functionOf('POST', '/a/b'), functionOf('GET', '/a/b')]).toEqual(['serve-api', 'sweep']);
    expect([functionOf('POST', '/a/b/c'), functionOf('GET', '/a/b/c')]).toEqual(['run-commands', undefined]);
  });

  it('prefers the literal path over the one with a parameter', () => {
    expect(door('GET', '/v1/alerts/quarantined')).toEqual({ path: '/v1/alerts/quarantined', parameters: null });
    const doors = [
      { method: 'GET', path: '/v1/{thing}', function: 'sweep' },
      { method: 'GET', path: '/v1/alerts', function: 'serve-api' },
    ] as const;
    expect(matchDoor('GET', '/v1/alerts', doors)?.door.function).toBe('serve-api');
  });
});

describe('the event that API Gateway would hand over', () => {
  it('keeps header names in the case of the caller, all values of repeated ones, and the last as the single value', () => {
    const event = eventOf({ rawHeaders: ['X-Twice', 'one', 'X-Twice', 'two', 'authorization', 'Bearer x'] });
    expect(event.headers).toEqual({ 'X-Twice': 'two', authorization: 'Bearer x' });
    expect(event.multiValueHeaders).toEqual({ 'X-Twice': ['one', 'two'], authorization: ['Bearer x'] });
  });

  it('decodes the query, and has null where there is nothing', () => {
    const event = eventOf({ query: 'state=open&state=a%20b' });
    expect(event.queryStringParameters).toEqual({ state: 'a b' });
    expect(event.multiValueQueryStringParameters).toEqual({ state: ['open', 'a b'] });
    const bare = eventOf();
    expect([bare.queryStringParameters, bare.multiValueQueryStringParameters, bare.body]).toEqual([null, null, null]);
  });

  it('hands text over as text and everything else as base64, so that the bytes under a signature stay the same', () => {
    const text = Buffer.from('{"grüße":"你好"}');
    expect(eventOf({ body: text })).toMatchObject({ body: text.toString(), isBase64Encoded: false });
    const binary = Buffer.from([0x7b, 0xff, 0xfe, 0x00]);
    const event = eventOf({ body: binary });
    expect(event.isBase64Encoded).toBe(true);
    const sign = (bytes: Buffer) => createHmac('sha256', 'k').update(bytes).digest('hex');
    expect(sign(Buffer.from(event.body ?? '', 'base64'))).toBe(sign(binary));
  });

  it('names resource, path parameters and caller', () => {
    const event = eventOf({ rawHeaders: ['User-Agent', 'Alertmanager/0.28'] });
    expect(event).toMatchObject({
      resource: '/v1/incidents/{number}/{action}',
      path: '/v1/incidents/42/acknowledge',
      pathParameters: { number: '42', action: 'acknowledge' },
      requestContext: {
        requestId: 'r1',
        requestTimeEpoch: 1_700_000_000_000,
        stage: 'local',
        identity: { sourceIp: '127.0.0.1', userAgent: 'Alertmanager/0.28' },
      },
    });
  });
});

describe('the gateway over HTTP', () => {
  const withGateway = async (
    invoke: (name: string, event: unknown) => Promise<unknown>,
    check: (url: string, reports: readonly string[]) => Promise<void>,
  ) => {
    const reports: string[] = [];
    const gateway = await startGateway('127.0.0.1', 0);
    gateway.open({ invoke, sites: {}, report: (problem) => reports.push(problem) });
    try {
      await check(`http://127.0.0.1:${gateway.port}`, reports);
    } finally {
      await gateway.stop();
    }
  };

  it('sends status, headers, repeated headers and a base64 body as the function answered', async () => {
    const invoke = async () => ({
      statusCode: 201,
      headers: { 'X-One': 'a' },
      multiValueHeaders: { 'Set-Cookie': ['x=1', 'y=2'] },
      body: Buffer.from([1, 2, 255]).toString('base64'),
      isBase64Encoded: true,
    });
    await withGateway(invoke, async (url) => {
      const response = await fetch(`${url}/v1/incidents`);
      expect(response.status).toBe(201);
      expect(response.headers.get('x-one')).toBe('a');
      expect(response.headers.getSetCookie()).toEqual(['x=1', 'y=2']);
      expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 255]);
    });
  });

  it.each([
    ['throws', async () => Promise.reject(new Error('boom'))],
    ['answers nothing', async () => undefined],
    ['answers no status', async () => ({ body: 'x' })],
  ])('answers 503, which senders retry, when the function %s', async (_, invoke) => {
    await withGateway(invoke, async (url, reports) => {
      const response = await fetch(`${url}/v1/alertmanager`, { method: 'POST', body: '{}' });
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(reports).toHaveLength(1);
    });
  });

  it('answers 404 for a path and for a method that no door has', async () => {
    await withGateway(
      async () => ({ statusCode: 200 }),
      async (url) => {
        expect((await fetch(`${url}/v2/alertmanager`)).status).toBe(404);
        expect((await fetch(`${url}/v1/alertmanager`)).status).toBe(404);
      },
    );
  });

  it('answers 413 above 10 MB and calls no function, 200 for exactly 10 MB', async () => {
    let calls = 0;
    const invoke = async () => {
      calls += 1;
      return { statusCode: 200 };
    };
    const limit = 10 * 1024 * 1024;
    await withGateway(invoke, async (url) => {
      const post = (size: number) => fetch(`${url}/v1/alertmanager`, { method: 'POST', body: Buffer.alloc(size, 32) });
      expect((await post(limit)).status).toBe(200);
      expect((await post(limit + 1)).status).toBe(413);
      expect(calls).toBe(1);
    });
  });

  it('answers 503 while the product is starting', async () => {
    const gateway = await startGateway('127.0.0.1', 0);
    try {
      expect((await fetch(`http://127.0.0.1:${gateway.port}/v1/alertmanager`, { method: 'POST' })).status).toBe(503);
    } finally {
      await gateway.stop();
    }
  });

  it('says which port is taken and what to do', async () => {
    const gateway = await startGateway('127.0.0.1', 0);
    try {
      await expect(startGateway('127.0.0.1', gateway.port)).rejects.toThrow(
        `Port ${gateway.port} on 127.0.0.1 is taken: stop what uses it, or set PORT to another one.`,
      );
    } finally {
      await gateway.stop();
    }
  });

  it('survives a caller that goes away in the middle of a request', async () => {
    await withGateway(
      async () => ({ statusCode: 200, body: 'ok' }),
      async (url) => {
        await new Promise<void>((resolve) => {
          const half = request(`${url}/v1/alertmanager`, { method: 'POST', headers: { 'content-length': '100' } });
          half.on('error', () => resolve());
          half.write('{');
          setTimeout(() => half.destroy(), 30);
        });
        expect((await fetch(`${url}/v1/incidents`)).status).toBe(200);
      },
    );
  });
});
