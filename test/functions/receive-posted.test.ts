import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/receive-alerts.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import type { IngestMessage } from '#shared/runtime/messages.ts';
import { apiEvent } from '#test/support/api-event.ts';
import {
  makeFakeBlobs,
  makeFakeClock,
  makeFakeIds,
  makeFakeLog,
  makeFakeMetrics,
  makeFakeQueues,
  makeFakeSecrets,
} from '#test/support/fake-ports.ts';

const now = '2026-11-21T01:30:00.000Z';
type Posted = Extract<IngestMessage, { kind: 'posted' }>;

function makeDoor() {
  const sources = makeFakeSecrets({ main: { tokens: ['main-token'] } });
  const operators = makeFakeSecrets({
    ann: { token: 'responder-token', role: 'responder' },
    vic: { token: 'viewer-token', role: 'viewer' },
  });
  const deps = {
    secrets: {
      get: ((name, options) =>
        (name === 'operators' ? operators : sources).get(name, options)) satisfies typeof sources.get,
    },
    queues: makeFakeQueues(),
    blobs: makeFakeBlobs(),
    clock: makeFakeClock(now),
    ids: makeFakeIds('request'),
    log: makeFakeLog(),
    metrics: makeFakeMetrics(),
  };
  const send = (override: Partial<APIGatewayProxyEvent>): Promise<APIGatewayProxyResult> =>
    makeHandler(deps)(
      apiEvent({
        resource: '/alertmanager/api/v2/alerts',
        path: '/alertmanager/api/v2/alerts',
        headers: { AUTHORIZATION: 'Bearer main-token', 'content-TYPE': 'application/json; charset=utf-8' },
        ...override,
      }),
    );
  const post = (body: unknown) => send({ body: typeof body === 'string' ? body : JSON.stringify(body) });
  /** Messages of posted alerts; our own alerts about refusals are of another kind. */
  const queued = () =>
    deps.queues.sent.map(({ body }) => body as IngestMessage).filter((body): body is Posted => body.kind === 'posted');
  const stored = () => queued().flatMap(({ message }) => message.alerts);
  const reports = () => deps.queues.sent.filter(({ body }) => (body as IngestMessage).kind === 'alerts').length;
  return { deps, send, post, queued, stored, reports };
}

const shape = ({ statusCode, body }: APIGatewayProxyResult) => ({
  statusCode,
  body: body === '' ? '' : JSON.parse(body),
});

describe('POST /api/v2/alerts', () => {
  it.each([
    ['null', 'null'],
    ['no alerts', '[]'],
  ])('takes %s with 200 and an empty body', async (_name, body) => {
    const { post, queued } = makeDoor();
    expect(shape(await post(body))).toEqual({ statusCode: 200, body: '' });
    expect(queued()).toEqual([]);
  });

  it('stores what Prometheus sends, in the FIFO group of each alert’s shard', async () => {
    const { deps, post, queued, stored } = makeDoor();
    const alerts = Array.from({ length: 64 }, (_, index) => ({ labels: { alertname: 'A', instance: `i${index}` } }));
    expect(shape(await post(alerts))).toEqual({ statusCode: 200, body: '' });
    expect(stored()).toHaveLength(64);
    expect(queued().length).toBeLessThanOrEqual(8);
    const groupOf = new Map(
      deps.queues.sent.flatMap(({ body, group }) =>
        (body as Posted).message.alerts.map(({ fingerprint }) => [fingerprint, group]),
      ),
    );
    await post([alerts[7]]);
    expect(deps.queues.sent.at(-1)?.group).toBe(groupOf.get(fingerprintOf({ alertname: 'A', instance: 'i7' })));
    expect(new Set(deps.queues.sent.map(({ dedup }) => dedup)).size).toBe(deps.queues.sent.length);
  });

  it('reads what is left out, empty or of year 1 as Alertmanager does, and drops empty labels', async () => {
    const { post, stored } = makeDoor();
    const answer = await post([
      {
        labels: { alertname: 'Empty', team: 'b', dropme: '' },
        startsAt: '',
        endsAt: '0001-01-01T00:00:00.000Z',
        later: { x: 1 },
      },
      { labels: { alertname: 'End' }, endsAt: '2026-11-21T03:00:00+01:00' },
      { labels: { alertname: 'Local' }, startsAt: '2026-11-21T01:00:00', generatorURL: '/graph' },
    ]);
    expect(answer.statusCode).toBe(200);
    const byName = Object.fromEntries(stored().map((alert) => [alert.labels.alertname, alert]));
    expect(byName.Empty).toMatchObject({ fingerprint: 'bc8afb4fd66d0be6', startsAt: now, endsAt: null });
    expect(byName.End).toMatchObject({ startsAt: '2026-11-21T02:00:00.000Z', endsAt: '2026-11-21T02:00:00.000Z' });
    expect(byName.Local).toMatchObject({ startsAt: '2026-11-21T01:00:00.000Z', generatorURL: '/graph' });
  });

  // Status, code and, where it is not our own sentence, message as Alertmanager 0.25 answered the same body.
  it.each([
    ['an empty body', '', 422, 602, 'alerts in body is required'],
    ['no array', '{}', 400, 400, /^parsing alerts body from "" failed, because /],
    ['no JSON', 'not json', 400, 400, /^parsing alerts body from "" failed, because /],
    ['an alert that is no object', '[5]', 400, 400, /^parsing alerts body/],
    ['an alert that is null', '[null]', 422, 602, '0.labels in body is required'],
    ['no labels', '[{"labels":{"a":"b"}},{}]', 422, 602, '1.labels in body is required'],
    ['labels that are null', '[{"labels":null}]', 422, 602, '0.labels in body is required'],
    ['labels that are no object', '[{"labels":[]}]', 400, 400, /^parsing alerts body/],
    ['a label that is no text', '[{"labels":{"a":1}}]', 400, 400, /^parsing alerts body/],
    ['an annotation that is no text', '[{"labels":{"a":"b"},"annotations":{"x":1}}]', 400, 400, /^parsing alerts body/],
    ['a time that is none', '[{"labels":{"a":"b"},"startsAt":"nope"}]', 400, 400, /^parsing alerts body/],
    ['a time that is no text', '[{"labels":{"a":"b"},"startsAt":5}]', 400, 400, /^parsing alerts body/],
    [
      'a link that is no URI',
      '[{"labels":{"a":"b"},"generatorURL":"foo"}]',
      422,
      601,
      '0.generatorURL in body must be of type uri: "foo"',
    ],
    [
      'a link with a blank in its host',
      '[{"labels":{"a":"b"},"generatorURL":"http://x y"}]',
      422,
      601,
      '0.generatorURL in body must be of type uri: "http://x y"',
    ],
  ])(
    'refuses %s as a whole, stores nothing, and makes that an alert of our own',
    async (_name, body, status, code, message) => {
      const { post, queued, reports } = makeDoor();
      const answer = shape(await post(body));
      expect(answer).toEqual({ statusCode: status, body: { code, message: expect.anything() } });
      expect(answer.body.message).toMatch(message);
      expect(queued()).toEqual([]);
      expect(reports()).toBe(1);
    },
  );

  it.each([
    ['text/plain', '"text/plain"'],
    [undefined, '"application/octet-stream"'],
  ])('answers the content type %s as the framework does', async (type, shown) => {
    const { send } = makeDoor();
    const headers = { authorization: 'Bearer main-token', ...(type === undefined ? {} : { 'content-type': type }) };
    expect(shape(await send({ body: '[]', headers }))).toEqual({
      statusCode: 415,
      body: { code: 415, message: `unsupported media type ${shown}, only [application/json] are allowed` },
    });
  });

  it('stores the good alerts of a partly bad request and answers the problems, one in a line', async () => {
    const { post, queued, stored, reports } = makeDoor();
    const answer = await post([
      { labels: {} },
      { labels: { ok: '1' } },
      { labels: { b: 'c' }, startsAt: '2026-11-21T10:00:00Z', endsAt: '2026-11-21T09:00:00Z' },
      { labels: { a: '' } },
    ]);
    expect(shape(answer)).toEqual({
      statusCode: 400,
      body: 'at least one label pair required\nstart time must be before end time\nat least one label pair required',
    });
    expect(stored().map(({ labels }) => labels)).toEqual([{ ok: '1' }]);
    expect(queued()[0]?.quarantined?.map(({ index }) => index)).toEqual([0, 2, 3]);
    expect(reports()).toBe(1);
  });

  it('shows operators what was refused when nothing else was in the request', async () => {
    const { post, queued } = makeDoor();
    expect((await post([{ labels: {} }])).statusCode).toBe(400);
    expect(queued()).toMatchObject([{ message: { alerts: [] }, quarantined: [{ index: 0 }] }]);
  });

  it('lets nobody take the route of our own alerts', async () => {
    const { post, stored } = makeDoor();
    await post([{ labels: { alertname: 'A', tocsin_internal: 'true' } }]);
    expect(stored()[0]?.labels).toEqual({ alertname: 'A' });
  });

  it('takes an operator who may act as a source of its own, and reports no slip of a person', async () => {
    const { send, queued, reports } = makeDoor();
    const headers = { authorization: 'Bearer responder-token', 'content-type': 'application/json' };
    expect((await send({ headers, body: '[{"labels":{"a":"b"}}]' })).statusCode).toBe(200);
    expect(queued()[0]?.message.source).toBe('operators');
    expect((await send({ headers, body: '[{}]' })).statusCode).toBe(422);
    expect(reports()).toBe(0);
  });

  it.each(['Bearer viewer-token', 'Bearer nobody', ''])(
    'refuses %j before it looks at the body',
    async (authorization) => {
      const { deps, send } = makeDoor();
      const answer = await send({ headers: { authorization }, body: 'x'.repeat(6_000_000) });
      expect(answer.statusCode).toBe(401);
      expect(deps.queues.sent).toEqual([]);
    },
  );

  it('answers 503 with a JSON text when a part of the request is not surely stored', async () => {
    const { deps, post } = makeDoor();
    const { send } = deps.queues;
    deps.queues.send = (queue, body, options) =>
      deps.queues.sent.length === 1
        ? Promise.reject(new AdapterError('sqs', 'unavailable', 'no connection'))
        : send(queue, body, options);
    const answer = shape(await post(Array.from({ length: 30 }, (_, i) => ({ labels: { a: String(i) } }))));
    expect(answer).toEqual({ statusCode: 503, body: expect.any(String) });
  });

  it('refuses more than 5 MB', async () => {
    const { post } = makeDoor();
    expect(shape(await post(' '.repeat(5 * 1024 * 1024 + 1)))).toMatchObject({ statusCode: 413, body: { code: 413 } });
  });
});
