import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHandler as makeReceive } from '#functions/receive-alerts.ts';
import { makeHandler as makeSns } from '#functions/receive-sns.ts';
import { apiEvent } from '#test/support/api-event.ts';
import { anyText } from '#test/support/hostile-texts.ts';
import { IngestWorld, ingestPolicy } from '#test/support/ingest-world.ts';
import {
  aConfirmation,
  aNotification,
  makeFakeSubscriptions,
  makeSigningKey,
  type SigningKey,
  type SnsFields,
  signed,
  snsRequest,
  topicArn,
} from '#test/support/sns-kit.ts';

/** Whatever comes to the alert doors, they answer it, and what they accept can be stored: nothing is ever dead-lettered. */

const sentAt = '2026-11-21T01:00:00.000Z';
const [anySource] = Object.values(ingestPolicy.sources);
if (anySource === undefined) throw new Error('the policy has no source');
const policy = { ...ingestPolicy, sources: { main: { ...anySource, name: 'main', snsTopics: [topicArn] } } };
const fixture = (path: string) => JSON.parse(readFileSync(`test/fixtures/${path}.json`, 'utf8'));
let key: SigningKey;
beforeAll(async () => {
  key = await makeSigningKey(sentAt);
});

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, Number.MAX_VALUE, '', [], {}, { constructor: 'x', toString: 1 }),
  anyText,
);
/** One that is right, with some of its members replaced. */
const spoilt = (whole: object, rate = 4) =>
  fc
    .array(fc.tuple(fc.constantFrom(...Object.keys(whole)), anyJson), { maxLength: rate })
    .map((members) => ({ ...whole, ...Object.fromEntries(members) }));
const anyDocument = fc.oneof(
  anyJson.map((value) => JSON.stringify(value)),
  anyText,
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom('{"__proto__": {"version": "1"}}', '\ufeff{}', '{}{}', '"\\ud800"'),
);

const grafana = fixture('grafana/grafana-13-firing');
const anyGrafana = fc.oneof(
  anyDocument,
  fc
    .tuple(
      spoilt(grafana, 2),
      fc.option(fc.array(fc.oneof(spoilt(grafana.alerts[0]), spoilt(grafana.alerts[1]), anyJson), { maxLength: 3 })),
    )
    .map(([body, alerts]) => JSON.stringify(alerts === null ? body : { ...body, alerts })),
);

const alarm = fixture('cloudwatch/metric-alarm');
const composite = fixture('cloudwatch/composite-alarm');
const managed = fixture('cloudwatch/managed-prometheus');
const anyMessage = fc.oneof(
  anyDocument,
  fc
    .tuple(spoilt(alarm), fc.option(spoilt(alarm.Trigger)), fc.option(fc.array(spoilt({ name: 'a', value: 'b' }))))
    .map(([body, Trigger, Dimensions]) =>
      JSON.stringify(Trigger === null ? body : { ...body, Trigger: { ...Trigger, ...(Dimensions && { Dimensions }) } }),
    ),
  spoilt(composite).map((body) => JSON.stringify(body)),
  fc
    .tuple(spoilt(managed, 2), fc.array(spoilt(managed.alerts[0]), { maxLength: 2 }))
    .map(([body, alerts]) => JSON.stringify({ ...body, alerts })),
);

function makeWorld() {
  const world = new IngestWorld();
  const deps = { ...world.deps, policy, snsSubscriptions: makeFakeSubscriptions(key.cert) };
  const receive = makeReceive(deps);
  const receiveSns = makeSns(deps);
  return { world, deps, receive, receiveSns };
}

async function expectDecent(
  { world }: ReturnType<typeof makeWorld>,
  answer: APIGatewayProxyResult,
  statuses: readonly number[],
): Promise<void> {
  expect(statuses).toContain(answer.statusCode);
  const document = JSON.parse(answer.body);
  if (answer.statusCode >= 400) expect(document.detail).toMatch(/\.$/);
  await world.drain();
  expect(world.queues.dead).toEqual([]);
  expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
}

describe('hostile requests', () => {
  it('never make Grafana’s door fail, nor what is behind it', async () => {
    await fc.assert(
      fc.asyncProperty(anyGrafana, async (body) => {
        const doors = makeWorld();
        const headers = { Authorization: 'Bearer main-token' };
        const answer = await doors.receive(apiEvent({ resource: '/v1/grafana', headers, body }));
        await expectDecent(doors, answer, [202, 400]);
      }),
      { numRuns: 600 },
    );
  }, 120_000);

  it('never make the door for SNS fail, nor what is behind it: signed, whatever is published', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage, async (message) => {
        const doors = makeWorld();
        const answer = await doors.receiveSns(snsRequest(signed(aNotification(message || ' ', sentAt), key)));
        await expectDecent(doors, answer, [202, 400]);
      }),
      { numRuns: 600 },
    );
  }, 120_000);

  it('are told apart from SNS without being believed: nothing is stored, nothing is visited', async () => {
    const anyEnvelope: fc.Arbitrary<SnsFields> = fc.oneof(
      spoilt({ ...aNotification('{}', sentAt), Signature: 'c2lnbmF0dXJl' }),
      spoilt({ ...aConfirmation(sentAt), Signature: 'c2lnbmF0dXJl' }),
    );
    const anyRequest: fc.Arbitrary<APIGatewayProxyEvent> = fc.oneof(
      anyEnvelope.map((fields) => snsRequest(fields)),
      anyDocument.map((body) => snsRequest(body)),
      anyDocument.map((body) => snsRequest(body, { isBase64Encoded: true })),
    );
    await fc.assert(
      fc.asyncProperty(anyRequest, async (event) => {
        const doors = makeWorld();
        await expectDecent(doors, await doors.receiveSns(event), [400, 401]);
        expect(doors.deps.snsSubscriptions.confirmed).toEqual([]);
        expect(doors.world.queues.sent).toEqual([]);
      }),
      { numRuns: 600 },
    );
  }, 120_000);

  it('are believed field by field: a signed confirmation that is spoilt confirms nothing', async () => {
    const fieldsSigned = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fieldsSigned), anyText, async (name, text) => {
        const doors = makeWorld();
        const good = signed(aConfirmation(sentAt), key);
        fc.pre(text !== good[name]);
        const answer = await doors.receiveSns(snsRequest({ ...good, [name]: text }));
        await expectDecent(doors, answer, [400, 401]);
        expect(doors.deps.snsSubscriptions.confirmed).toEqual([]);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});
