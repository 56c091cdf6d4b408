import { describe, expect, it } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { loadSilences } from '#shared/store/silence-store.ts';
import { answerOf, asOperator, asSource, basic, eventOf, makeClient } from '#test/support/alertmanager-kit.ts';
import { secretTexts } from '#test/support/door-kit.ts';

/** What the framework of Alertmanager does before its handlers, and who may call. */

const silence = JSON.stringify({
  matchers: [{ name: 'alertname', value: 'Disk', isRegex: false }],
  startsAt: '2026-01-01T00:00:00Z',
  endsAt: '2099-01-01T00:00:00Z',
  createdBy: 'ada',
  comment: 'known',
});

describe('who may call Alertmanager’s API', () => {
  it.each([
    ['a source by its token', asSource, 200],
    ['a source by its password', basic('main', 'basic-1'), 200],
    ['an operator by token', asOperator('vera'), 200],
    ['an operator by name and token, as an address holds them', basic('vera', 'viewer-token-1'), 200],
    ['nobody', null, 401],
    ['somebody unknown', 'Bearer nothing-of-ours', 401],
    ['an operator under another name', basic('ada', 'viewer-token-1'), 401],
    ['a source with a wrong password', basic('main', 'basic-2'), 401],
    ['an operator’s token as the password of nobody', basic('', 'viewer-token-1'), 401],
  ])('%s', async (_, authorization, status) => {
    const answer = await makeClient().get('/api/v2/status', { authorization });
    expect(answer.statusCode).toBe(status);
    if (status === 401) expect(answer.headers).toMatchObject({ 'WWW-Authenticate': expect.stringContaining('Basic') });
    for (const secret of secretTexts) expect(answer.body).not.toContain(secret);
  });

  it.each([
    ['a viewer', asOperator('vera'), 403],
    ['a responder', asOperator('human'), 200],
    ['a source', asSource, 200],
  ])('%s may make a silence, or not', async (_, authorization, status) => {
    const { ask, deps } = makeClient();
    const answer = await ask('POST', '/api/v2/silences', { authorization, body: silence });
    expect(answer.statusCode).toBe(status);
    expect(await loadSilences(deps.memory)).toHaveLength(status === 200 ? 1 : 0);
  });

  it('answers 503, not 401, when it cannot read who is known', async () => {
    const { get, deps } = makeClient();
    deps.sourceSecrets.failWith = new AdapterError('secrets', 'unavailable', 'down');
    expect(answerOf(await get('/api/v2/status'))).toEqual([
      503,
      { code: 503, message: expect.stringMatching(/try again/) },
    ]);
  });

  it('is settled before the path, the method and the body are looked at', async () => {
    const { ask } = makeClient();
    for (const [method, path] of [
      ['GET', '/nope'],
      ['PUT', '/api/v2/silences'],
      ['POST', '/api/v2/silences'],
      ['GET', '/-/ready'],
      ['GET', '/metrics'],
    ] as const) {
      expect([path, (await ask(method, path, { authorization: null, body: '{' })).statusCode]).toEqual([path, 401]);
    }
  });
});

describe('errors of Alertmanager’s framework', () => {
  const json = { 'Content-Type': 'application/json' };
  it.each([
    ['GET', '/api/v2/nope', {}, 404, 'path /api/v2/nope was not found'],
    ['GET', '/nope', {}, 404, 'path /nope was not found'],
    ['GET', '/api/v2/silence', {}, 404, 'path /api/v2/silence was not found'],
    ['PUT', '/api/v2/silences', {}, 405, 'method PUT is not allowed, but [GET,POST] are'],
    ['HEAD', '/api/v2/alerts', {}, 405, 'method HEAD is not allowed, but [GET,POST] are'],
    ['POST', '/-/healthy', {}, 405, 'method POST is not allowed, but [GET,HEAD] are'],
    [
      'GET',
      '/api/v2/alerts',
      { Accept: 'text/html' },
      406,
      'unsupported media type requested, only [application/json] are available',
    ],
    [
      'POST',
      '/api/v2/silences',
      { 'Content-Type': 'text/plain' },
      415,
      'unsupported media type "text/plain", only [application/json] are allowed',
    ],
    ['POST', '/api/v2/silences', json, 400, expect.stringMatching(/^parsing silence body from "" failed, because /)],
  ])('%s %s %j is %i', async (method, path, headers, code, message) => {
    const answer = await makeClient().ask(method, path, { headers, ...(method === 'POST' ? { body: '{' } : {}) });
    expect(answer.statusCode).toBe(code);
    if (method !== 'HEAD') expect(JSON.parse(answer.body)).toEqual({ code, message });
    if (code === 405) expect(answer.headers).toMatchObject({ Allow: expect.stringContaining('GET') });
  });

  it('takes whatever Accept leaves JSON possible', async () => {
    for (const Accept of ['*/*', 'application/*', 'text/html, application/json;q=0.5', 'APPLICATION/JSON', '']) {
      expect((await makeClient().get('/api/v2/receivers', { headers: { Accept } })).statusCode).toBe(200);
    }
  });

  it('says that API v1 is gone', async () => {
    for (const path of ['/api/v1/alerts', '/api/v1/status', '/api/v1/']) {
      expect((await makeClient().get(path)).statusCode).toBe(410);
    }
  });

  it('answers a path with a slash at its end as without, and below a path of the domain', async () => {
    const { get, handle } = makeClient();
    expect((await get('/api/v2/alerts/')).statusCode).toBe(200);
    expect((await get('/api/v2/alerts/groups/')).statusCode).toBe(200);
    const below = { ...eventOf('GET', '/api/v2/status'), path: '/alertmanager/prod/alertmanager/api/v2/status' };
    const answer = await handle(below);
    expect(answer.statusCode).toBe(200);
  });

  it('lets every page read it, keeps nothing in caches, and answers a browser that asks first without a credential', async () => {
    const { get, ask } = makeClient();
    for (const path of ['/api/v2/alerts', '/api/v2/nope', '/-/ready']) {
      expect((await get(path)).headers).toMatchObject({
        'Access-Control-Allow-Origin': '*',
        'Cache-Control': 'no-store',
      });
    }
    const preflight = await ask('OPTIONS', '/api/v2/silences', { authorization: null });
    expect([preflight.statusCode, preflight.headers?.['Access-Control-Allow-Methods']]).toEqual([
      204,
      'GET, HEAD, POST, DELETE',
    ]);
  });

  it('answers 503 when the store does not, and 500 with the request’s id when we are at fault', async () => {
    const broken = (error: Error) =>
      makeClient({
        wrapTable: (table) => ({ ...table, get: () => Promise.reject(error), queryIndex: () => Promise.reject(error) }),
      });
    const throttled = await broken(new AdapterError('table', 'throttled', 'less')).get('/api/v2/alerts');
    expect(answerOf(throttled)).toEqual([503, expect.stringMatching(/try again/)]);
    const [status, text] = answerOf(await broken(new Error('secret detail')).get('/api/v2/alerts'));
    expect([status, text]).toEqual([500, expect.stringMatching(/gateway-request/)]);
    expect(text).not.toMatch(/secret detail/);
  });
});

describe('probes and metrics', () => {
  it('are Alertmanager’s, for GET and HEAD', async () => {
    const { get, ask } = makeClient();
    for (const path of ['/-/healthy', '/-/ready']) {
      expect([path, (await get(path)).statusCode, (await get(path)).body]).toEqual([path, 200, 'OK']);
      expect([path, (await ask('HEAD', path)).statusCode, (await ask('HEAD', path)).body]).toEqual([path, 200, '']);
    }
    const metrics = await get('/metrics');
    expect(metrics.headers?.['Content-Type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics.body).toMatch(/^alertmanager_build_info\{.*version="0\.\d+\.\d+"\} 1$/m);
  });

  it('say when the queue cannot be reached, however the process itself is', async () => {
    const { get, deps } = makeClient();
    deps.queues.failWith = new AdapterError('sqs', 'unavailable', 'down');
    expect((await get('/-/ready')).statusCode).toBe(503);
    expect((await get('/-/healthy')).statusCode).toBe(200);
  });
});
