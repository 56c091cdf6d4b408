import { readFileSync } from 'node:fs';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/receive-sns.ts';
import { type Listening, listenHttp, readBody } from '#local/http.ts';
import { makeSandboxActions } from '#local/sandbox/sandbox-actions.ts';
import { type SnsStandIn, startSnsStandIn } from '#local/sandbox/sns-stand-in.ts';
import { makeSnsSubscriptions } from '#shared/adapters/sns-subscription/sns-subscriptions.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { aPolicy } from '#test/support/decision-builders.ts';
import { makeFakeBlobs, makeFakeIds, makeFakeLog, makeFakeMetrics, makeFakeQueues } from '#test/support/fake-ports.ts';
import { snsRequest } from '#test/support/sns-kit.ts';

/** The door, its adapter and the stand-in over the wire: as in the local run, but for the queue behind the door. */

const topic = 'arn:aws:sns:eu-central-1:000000000000:alarms';
const alarm = JSON.parse(readFileSync('test/fixtures/cloudwatch/metric-alarm.json', 'utf8'));
let sns: SnsStandIn;
let product: Listening;
const queues = makeFakeQueues();

beforeAll(async () => {
  sns = await startSnsStandIn();
  const [source] = Object.values(aPolicy().sources);
  if (source === undefined) throw new Error('the policy has no source');
  const handle = makeHandler({
    snsSubscriptions: makeSnsSubscriptions({ server: sns.server, timeoutMillis: 3_000 }),
    queues,
    blobs: makeFakeBlobs(),
    policy: aPolicy({ sources: { [source.name]: { ...source, snsTopics: [topic] } } }),
    clock: systemClock,
    ids: makeFakeIds(),
    log: makeFakeLog(),
    metrics: makeFakeMetrics(),
  });
  product = await listenHttp(async (request, response) => {
    const body = (await readBody(request, 1e6)).toString('utf8');
    const answer: APIGatewayProxyResult = await handle(snsRequest(body));
    response.writeHead(answer.statusCode).end(answer.body);
  });
});
afterAll(async () => {
  await product.stop();
  await sns.stop();
});

const actions = (snsTopic: string | null) =>
  makeSandboxActions({
    product: `http://127.0.0.1:${product.port}`,
    sourceToken: '',
    signingSecret: '',
    slack: null,
    sns,
    snsTopic,
    faults: {},
    firing: [],
    changed: () => {},
  });

describe('the stand-in for SNS', () => {
  it('subscribes the door, which confirms', async () => {
    expect(await actions(topic)['sns-subscribe']?.({})).toMatchObject({ ok: true });
    expect(sns.confirmed).toEqual([topic]);
  });

  it('publishes alarms that the door believes', async () => {
    expect(await actions(topic)['sns-publish']?.({ message: alarm })).toMatchObject({
      ok: true,
      text: expect.stringContaining('"accepted":1'),
    });
    expect(queues.sent).toMatchObject([{ body: { message: { alerts: [{ labels: { alertname: 'checkout-cpu' } }] } } }]);
  });

  it('shows what the door says of a topic that no source lists, and of no topic at all', async () => {
    const other = 'arn:aws:sns:eu-central-1:000000000000:other';
    expect(await actions(topic)['sns-publish']?.({ topic: other, message: 'x' })).toMatchObject({
      ok: false,
      text: expect.stringContaining('the topic is of no source'),
    });
    expect(await actions(null)['sns-publish']?.({ message: 'x' })).toMatchObject({ ok: false });
  });
});
