import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/receive-alerts.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { groupIdOf } from '#shared/store/keys.ts';
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
const firing = readFileSync('test/fixtures/alertmanager/alertmanager-0.25-firing.json', 'utf8');
const down = new AdapterError('sqs', 'unavailable', 'no connection');

function makeDoor() {
  const deps = {
    secrets: makeFakeSecrets({ main: { tokens: ['main-token'] } }),
    queues: makeFakeQueues(),
    blobs: makeFakeBlobs(),
    clock: makeFakeClock(now),
    ids: makeFakeIds('request'),
    log: makeFakeLog(),
    metrics: makeFakeMetrics(),
  };
  const handle = makeHandler(deps);
  const post = (override: Partial<APIGatewayProxyEvent> = {}): Promise<APIGatewayProxyResult> =>
    handle(apiEvent({ headers: { AUTHORIZATION: 'Bearer main-token' }, body: firing, ...override }));
  return { deps, post };
}

const documentOf = (answer: APIGatewayProxyResult) => ({
  status: answer.statusCode,
  contentType: answer.headers?.['Content-Type'],
  ...JSON.parse(answer.body),
});

describe('the alert door', () => {
  it('stores a webhook of a known source in the FIFO group of its alert group, then answers', async () => {
    const { deps, post } = makeDoor();
    const answer = await post();
    expect(documentOf(answer)).toEqual({
      status: 202,
      contentType: 'application/json',
      accepted: 2,
      quarantined: 0,
      id: 'request0000000000001',
    });
    expect(deps.queues.sent).toMatchObject([
      {
        queue: 'ingest',
        group: groupIdOf('main', 'hook', '{}:{alertname="HighErrorRate", service="checkout"}'),
        dedup: 'request0000000000001',
        body: {
          kind: 'alerts',
          correlationId: 'request0000000000001',
          message: { source: 'main', receivedAt: now, truncatedAlerts: 0 },
        },
      },
    ]);
    expect(deps.metrics.counts).toEqual({ 'RequestsAccepted{source=main}': 1 });
  });

  it('reads a base64 body by its flag', async () => {
    const { deps, post } = makeDoor();
    const answer = await post({ body: Buffer.from(firing).toString('base64'), isBase64Encoded: true });
    expect(answer.statusCode).toBe(202);
    expect(deps.queues.sent).toHaveLength(1);
  });

  it('gives two equal requests two messages: whether a copy is a duplicate is decided from stored state', async () => {
    const { deps, post } = makeDoor();
    await post();
    await post();
    expect(deps.queues.sent.map((sent) => sent.dedup)).toEqual(['request0000000000001', 'request0000000000002']);
  });

  it('refuses an unknown caller before it looks at the body, after one fresh look at the credentials', async () => {
    const { deps, post } = makeDoor();
    const answer = await post({ headers: { Authorization: 'Bearer other' }, body: 'x'.repeat(6_000_000) });
    expect(documentOf(answer)).toMatchObject({ status: 401, contentType: 'application/problem+json' });
    expect(answer.headers?.['WWW-Authenticate']).toBe('Bearer realm="tocsin", Basic realm="tocsin"');
    expect(deps.secrets.freshLooks).toBe(1);
    expect(deps.queues.sent).toEqual([]);
    expect(deps.metrics.counts).toEqual({ 'RequestsRefused{reason=unknown caller}': 1 });
  });

  it('knows a credential that is newer than its copy of the secret', async () => {
    const { deps, post } = makeDoor();
    deps.secrets.current = { main: { tokens: ['main-token', 'rotated'] } };
    expect((await post({ headers: { authorization: 'Bearer rotated' } })).statusCode).toBe(202);
  });

  it.each(['tocsin', '', '[prod]', 'two words', 'x'.repeat(81), 'ALERT#x'])(
    'knows no source called %j: that name is ours, or none that a policy file could hold',
    async (name) => {
      const { deps, post } = makeDoor();
      deps.secrets.cached = { [name]: { tokens: ['main-token'] } };
      deps.secrets.current = deps.secrets.cached;
      expect((await post()).statusCode).toBe(401);
      expect(deps.queues.sent).toEqual([]);
    },
  );

  it('asks the source to try again when the credentials cannot be read', async () => {
    const { deps, post } = makeDoor();
    deps.secrets.failWith = new AdapterError('secrets-manager', 'refused', 'access denied');
    expect(documentOf(await post())).toMatchObject({ status: 503, contentType: 'application/problem+json' });
    expect(deps.queues.sent).toEqual([]);
  });

  it('asks the source to try again when the message is not surely stored', async () => {
    const { deps, post } = makeDoor();
    deps.queues.failWith = down;
    expect(documentOf(await post())).toMatchObject({ status: 503, title: 'Try again' });
    expect(deps.metrics.counts).toEqual({ 'RequestsRefused{reason=not stored}': 1 });
  });

  it('sets a malformed alert aside and lets its neighbours go on', async () => {
    const { deps, post } = makeDoor();
    const body = JSON.parse(firing);
    body.alerts.push({ status: 'firing', labels: {} });
    const answer = await post({ body: JSON.stringify(body) });
    expect(documentOf(answer)).toMatchObject({ status: 202, accepted: 2, quarantined: 1 });
    expect(deps.queues.sent[0]?.body).toMatchObject({
      message: { truncatedAlerts: 1 },
      quarantined: [{ index: 2, reason: expect.stringContaining('alert 3 was set aside') }],
    });
  });

  it.each([
    ['no JSON', 'not json', 400],
    ['no webhook', '{"version":"3","alerts":[]}', 400],
    ['too much', ' '.repeat(5 * 1024 * 1024 + 1), 413],
  ])('refuses %s of a known source, and makes that an alert of our own', async (_name, body, status) => {
    const { deps, post } = makeDoor();
    const answer = await post({ body });
    expect(documentOf(answer)).toMatchObject({ status, contentType: 'application/problem+json' });
    expect(deps.queues.sent).toMatchObject([
      {
        queue: 'ingest',
        group: 'tocsin',
        body: {
          kind: 'alerts',
          message: {
            source: 'tocsin',
            alerts: [
              {
                status: 'firing',
                labels: {
                  alertname: 'AlertsRejected',
                  source: 'main',
                  hour: '2026-11-21T01',
                  tocsin_internal: 'true',
                  severity: 'SEV3',
                },
              },
            ],
          },
        },
      },
    ]);
  });

  it('never gives a final answer to a refused request whose report could not be stored', async () => {
    const { deps, post } = makeDoor();
    deps.queues.failWith = down;
    expect((await post({ body: 'not json' })).statusCode).toBe(503);
  });

  it('reports a source that sends rubbish as one alert an hour, whatever the number of requests', async () => {
    const { deps, post } = makeDoor();
    const identity = () => {
      const { group, dedup, body } = deps.queues.sent.at(-1) ?? {};
      return {
        group,
        dedup,
        fingerprint: (body as { message: { alerts: { fingerprint: string }[] } }).message.alerts[0]?.fingerprint,
      };
    };
    await post({ body: 'rubbish' });
    const first = identity();
    deps.clock.advance(600);
    await post({ body: 'other rubbish' });
    expect(identity()).toEqual(first);
    deps.clock.advance(3600);
    await post({ body: 'rubbish' });
    expect(identity().fingerprint).not.toBe(first.fingerprint);
  });

  it('spills what the queue cannot take, and sends the name of the blob', async () => {
    const { deps, post } = makeDoor();
    const body = JSON.parse(firing);
    const [alert] = body.alerts;
    body.alerts = Array.from({ length: 1000 }, (_, index) => ({
      ...alert,
      labels: { ...alert.labels, instance: `web-${index}` },
      annotations: { description: 'ü'.repeat(300) },
    }));
    expect(documentOf(await post({ body: JSON.stringify(body) }))).toMatchObject({ status: 202, accepted: 1000 });
    const blobKey = 'spill/2026-11-21/request0000000000001.json';
    expect(deps.queues.sent.map((sent) => sent.body)).toEqual([
      { kind: 'spilled', correlationId: 'request0000000000001', blobKey },
    ]);
    const spilled = deps.blobs.stored.get(blobKey) ?? '';
    expect(JSON.parse(spilled).message.alerts).toHaveLength(1000);
  });

  it('takes Grafana at its own path with the same credentials, and answers the same', async () => {
    const { deps, post } = makeDoor();
    const body = readFileSync('test/fixtures/grafana/grafana-13-firing.json', 'utf8');
    const resource = '/v1/grafana';
    expect(documentOf(await post({ resource, body }))).toMatchObject({ status: 202, accepted: 2, quarantined: 0 });
    expect(deps.queues.sent).toMatchObject([
      { queue: 'ingest', body: { kind: 'alerts', message: { source: 'main', receiver: 'tocsin' } } },
    ]);
    expect((await post({ resource, body, headers: {} })).statusCode).toBe(401);
    expect(documentOf(await post({ resource, body: firing }))).toMatchObject({
      status: 400,
      detail:
        'the body has version "4": this door takes Grafana Alerting\'s webhooks of version "1" without a custom payload.',
    });
    expect(deps.queues.sent[1]).toMatchObject({ group: 'tocsin' });
    expect((await post({ body })).statusCode).toBe(400);
  });

  it('says nothing of the body in its log', async () => {
    const { deps, post } = makeDoor();
    await post();
    await post({ body: 'secret-in-rubbish' });
    expect(JSON.stringify(deps.log.lines)).not.toMatch(/main-token|checkout|secret-in-rubbish/);
  });
});
