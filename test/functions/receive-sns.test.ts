import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/receive-sns.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { groupIdOf } from '#shared/store/keys.ts';
import { aPolicy } from '#test/support/decision-builders.ts';
import {
  makeFakeBlobs,
  makeFakeClock,
  makeFakeIds,
  makeFakeLog,
  makeFakeMetrics,
  makeFakeQueues,
} from '#test/support/fake-ports.ts';
import {
  aConfirmation,
  aNotification,
  makeFakeSubscriptions,
  makeSigningKey,
  type SigningKey,
  type SnsFields,
  signed,
  signingCertUrl,
  snsIsDown,
  snsRequest,
  subscribeUrl,
  topicArn,
} from '#test/support/sns-kit.ts';

const now = '2026-11-21T01:00:12.000Z';
const sentAt = '2026-11-21T01:00:11.681Z';
const alarm = readFileSync('test/fixtures/cloudwatch/metric-alarm.json', 'utf8');
let key: SigningKey;
let otherKey: SigningKey;
beforeAll(async () => {
  [key, otherKey] = await Promise.all([makeSigningKey(now), makeSigningKey(now)]);
});

const sources = aPolicy().sources;
const [anySource] = Object.values(sources);
if (anySource === undefined) throw new Error('the policy has no source');
const policy = aPolicy({ sources: { ...sources, aws: { ...anySource, name: 'aws', snsTopics: [topicArn] } } });

function makeDoor() {
  const deps = {
    snsSubscriptions: makeFakeSubscriptions(key.cert),
    queues: makeFakeQueues(),
    blobs: makeFakeBlobs(),
    policy,
    clock: makeFakeClock(now),
    ids: makeFakeIds('request'),
    log: makeFakeLog(),
    metrics: makeFakeMetrics(),
  };
  const handle = makeHandler(deps);
  const post = (fields: SnsFields | string, override: Partial<APIGatewayProxyEvent> = {}) =>
    handle(snsRequest(fields, override));
  return { deps, post };
}

const notification = (override: SnsFields = {}, message = alarm) =>
  signed(aNotification(message, sentAt, override), key);
const documentOf = (answer: APIGatewayProxyResult) => ({ status: answer.statusCode, ...JSON.parse(answer.body) });

describe('the door for SNS', () => {
  it.each(['1', '2'])(
    'stores an alarm that is signed with version %s, in the FIFO group of that alarm',
    async (SignatureVersion) => {
      const { deps, post } = makeDoor();
      expect(documentOf(await post(notification({ SignatureVersion })))).toMatchObject({ status: 202, accepted: 1 });
      expect(deps.queues.sent).toMatchObject([
        {
          queue: 'ingest',
          group: groupIdOf(
            'aws',
            'alarms',
            '{}:{account="123456789012", alertname="checkout-cpu", region="eu-west-1"}',
          ),
          body: {
            kind: 'alerts',
            message: { source: 'aws', receivedAt: now, saidAt: sentAt, repeats: false, alerts: [{ status: 'firing' }] },
          },
        },
      ]);
      expect(deps.metrics.counts).toEqual({ 'RequestsAccepted{source=aws}': 1 });
    },
  );

  it('takes a message without a subject, and in any bytes of UTF-8', async () => {
    const { post } = makeDoor();
    const text = JSON.stringify({ ...JSON.parse(alarm), AlarmDescription: 'ü 漢 \u2028\n"' });
    expect((await post(signed(aNotification(text, sentAt, { Subject: undefined }), key))).statusCode).toBe(202);
    const body = Buffer.from(JSON.stringify(notification({ Subject: 'ü' }, text))).toString('base64');
    expect((await post('', { body, isBase64Encoded: true })).statusCode).toBe(202);
  });

  it('gives each delivery of one message the same ids, so that the queue drops the second', async () => {
    const { deps, post } = makeDoor();
    await post(notification());
    deps.clock.advance(600);
    await post(notification());
    await post(notification({ MessageId: 'another' }));
    const [first, second, third] = deps.queues.sent.map(({ dedup }) => dedup);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('takes the label of our own alerts off what somebody publishes', async () => {
    const { deps, post } = makeDoor();
    const alerts = [{ status: 'firing', labels: { alertname: 'x', tocsin_internal: 'true' }, startsAt: sentAt }];
    await post(notification({}, JSON.stringify({ receiver: 'r', groupLabels: {}, alerts })));
    expect(deps.queues.sent).toMatchObject([{ body: { message: { alerts: [{ labels: { alertname: 'x' } }] } } }]);
    expect(JSON.stringify(deps.queues.sent)).not.toContain('tocsin_internal');
  });

  it('takes an alarm without data as delivered and stores nothing', async () => {
    const { deps, post } = makeDoor();
    const text = JSON.stringify({ ...JSON.parse(alarm), NewStateValue: 'INSUFFICIENT_DATA' });
    expect(documentOf(await post(notification({}, text)))).toMatchObject({ status: 202, accepted: 0 });
    expect(deps.queues.sent).toEqual([]);
  });

  it.each(['hello', '{"Records":[]}', 'Alerts Firing:\nLabels:\n - alertname = x'])(
    'sets %j of a known topic aside, and makes that an alert of our own',
    async (text) => {
      const { deps, post } = makeDoor();
      expect(documentOf(await post(notification({}, text)))).toMatchObject({ status: 400, title: 'Not an alert' });
      expect(deps.queues.sent).toMatchObject([
        { body: { message: { source: 'aws', alerts: [] }, quarantined: [{ raw: expect.any(String) }] } },
        {
          group: 'tocsin',
          body: { message: { alerts: [{ labels: { alertname: 'AlertsRejected', source: 'aws' } }] } },
        },
      ]);
      expect(deps.metrics.counts).toMatchObject({ 'AlertsQuarantined{source=aws}': 1 });
    },
  );

  it('has SNS try again while nothing can be stored', async () => {
    const { deps, post } = makeDoor();
    deps.queues.failWith = new AdapterError('sqs', 'unavailable', 'no connection');
    expect((await post(notification())).statusCode).toBe(503);
    expect((await post(notification({}, 'hello'))).statusCode).toBe(503);
  });
});

describe('a subscription', () => {
  it('to a known topic is confirmed where SNS says', async () => {
    const { deps, post } = makeDoor();
    const answer = await post(signed(aConfirmation(sentAt), key));
    expect(documentOf(answer)).toEqual({ status: 200, confirmed: topicArn });
    expect(deps.snsSubscriptions.confirmed).toEqual([subscribeUrl]);
    expect(deps.queues.sent).toEqual([]);
  });

  it.each([snsIsDown, new AdapterError('sns', 'invalid', 'HTTP 404')])(
    'that could not be confirmed is asked for again by SNS: %s',
    async (error) => {
      const { deps, post } = makeDoor();
      deps.snsSubscriptions.confirm = () => Promise.reject(error);
      expect((await post(signed(aConfirmation(sentAt), key))).statusCode).toBe(503);
      expect(deps.log.lines).toMatchObject([{ level: 'error' }]);
    },
  );

  it.each([
    'http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
    `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}`,
    `https://evil.example/?Action=ConfirmSubscription&TopicArn=${topicArn}`,
    `https://sns.eu-west-1.amazonaws.com@evil.example/?Action=ConfirmSubscription&TopicArn=${topicArn}`,
    `https://sns.eu-west-1.amazonaws.com/?Action=Publish&TopicArn=${topicArn}`,
    'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:other',
    'not an address',
  ])('never makes Tocsin visit %s, even when it is signed', async (SubscribeURL) => {
    const { deps, post } = makeDoor();
    expect((await post(signed(aConfirmation(sentAt, { SubscribeURL }), key))).statusCode).toBe(400);
    expect(deps.snsSubscriptions.confirmed).toEqual([]);
  });

  it('that was deleted is told to people, and not made anew', async () => {
    const { deps, post } = makeDoor();
    const ended = signed(aConfirmation(sentAt, { Type: 'UnsubscribeConfirmation' }), key);
    expect(documentOf(await post(ended))).toEqual({ status: 200, ended: topicArn });
    expect(deps.snsSubscriptions.confirmed).toEqual([]);
    expect(deps.queues.sent).toMatchObject([
      {
        group: 'tocsin',
        body: { message: { alerts: [{ labels: { alertname: 'SubscriptionEnded', source: 'aws' } }] } },
      },
    ]);
  });
});

describe('who is not SNS, or not of a known topic', () => {
  const unbelieved: readonly (readonly [string, () => SnsFields, string])[] = [
    [
      'a topic of nobody',
      () => notification({ TopicArn: 'arn:aws:sns:eu-west-1:1:mine' }),
      'the topic is of no source',
    ],
    ['another key', () => signed(aNotification(alarm, sentAt), otherKey), 'its signature does not match'],
    ['another message', () => ({ ...notification(), Message: '{}' }), 'its signature does not match'],
    ['another subject', () => ({ ...notification(), Subject: 'OK' }), 'its signature does not match'],
    ['no subject any more', () => ({ ...notification(), Subject: undefined }), 'its signature does not match'],
    ['another id', () => ({ ...notification(), MessageId: 'x' }), 'its signature does not match'],
    ['another time', () => ({ ...notification(), Timestamp: now }), 'its signature does not match'],
    ['another version', () => ({ ...notification(), SignatureVersion: '2' }), 'its signature does not match'],
    ['version 3', () => notification({ SignatureVersion: '3' }), 'its SignatureVersion is neither 1 nor 2'],
    [
      'version __proto__',
      () => notification({ SignatureVersion: '__proto__' }),
      'its SignatureVersion is neither 1 nor 2',
    ],
    ['no base64', () => ({ ...notification(), Signature: '%%%' }), 'its signature does not match'],
    ['a replay', () => notification({ Timestamp: '2026-11-20T23:55:00.000Z' }), 'its Timestamp is not near'],
    ['the future', () => notification({ Timestamp: '2026-11-21T01:06:00.000Z' }), 'its Timestamp is not near'],
  ];

  it.each(unbelieved)('is refused: %s', async (_name, make, reason) => {
    const { deps, post } = makeDoor();
    const answer = documentOf(await post(make()));
    expect(answer).toMatchObject({ status: 401, title: 'Not a message of a known topic' });
    expect(answer.detail).toContain(`${reason}.`);
    expect(deps.queues.sent).toEqual([]);
    expect(deps.metrics.counts).toEqual({ 'RequestsRefused{reason=unknown caller}': 1 });
  });

  it('makes Tocsin fetch nothing before topic, time, version and address are right', async () => {
    const { deps, post } = makeDoor();
    await post(notification({ TopicArn: 'arn:aws:sns:eu-west-1:1:mine' }));
    await post(notification({ Timestamp: '2026-11-20T23:55:00.000Z' }));
    await post(notification({ SignatureVersion: '3' }));
    await post(notification({ SigningCertURL: 'https://evil.example/SimpleNotificationService-1.pem' }));
    expect(deps.snsSubscriptions.certificatesAsked).toEqual([]);
    await post(notification());
    expect(deps.snsSubscriptions.certificatesAsked).toEqual([signingCertUrl]);
  });

  it.each([
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem',
    'https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-1.pem',
    'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
    'https://sns.eu-west-1.amazonaws.com.cn/SimpleNotificationService-1.pem',
    'https://evil.example@sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem',
    'https://sns.eu-west-1.amazonaws.com/?x=.pem',
    'https://sns.eu-west-1.amazonaws.com/../evil/1.pem',
    'https://sns.eu-west-1.amazonaws.com/a.pem?Action=Publish',
    'https://sns.eu-west-1.amazonaws.com/a.key',
    'file:///etc/a.pem',
    '',
  ])('keeps its certificate at %j', async (SigningCertURL) => {
    const { deps, post } = makeDoor();
    expect([400, 401]).toContain((await post(notification({ SigningCertURL }))).statusCode);
    expect(deps.snsSubscriptions.certificatesAsked).toEqual([]);
  });

  it('has a certificate that is not valid yet, or not any more, or none at all', async () => {
    const { deps, post } = makeDoor();
    const details = async () => documentOf(await post(notification())).detail;
    deps.snsSubscriptions.cert = (await makeSigningKey('2026-11-23T00:00:00.000Z')).cert;
    expect(await details()).toContain('its certificate is not valid now');
    deps.snsSubscriptions.cert = (await makeSigningKey('2026-11-19T00:00:00.000Z')).cert;
    expect(await details()).toContain('its certificate is not valid now');
    deps.snsSubscriptions.cert = '<html>not here</html>';
    expect(await details()).toContain('its certificate cannot be read');
    deps.snsSubscriptions.failWith = new AdapterError('sns', 'invalid', 'HTTP 404');
    expect(await details()).toContain('its certificate is not there');
  });

  it('is nobody knows whom while the certificate cannot be fetched, and then SNS tries again', async () => {
    const { deps, post } = makeDoor();
    deps.snsSubscriptions.failWith = snsIsDown;
    expect(documentOf(await post(notification()))).toMatchObject({ status: 503 });
    expect(deps.queues.sent).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello', 400],
    ['no object', '[]', 400],
    ['too large', `"${'x'.repeat(2 * 1024 * 1024)}"`, 400],
    ['no field', '{"Type":"Notification"}', 400],
  ])('sends %s, which is refused without telling anybody', async (_name, body, status) => {
    const { deps, post } = makeDoor();
    expect((await post(body)).statusCode).toBe(status);
    expect(deps.queues.sent).toEqual([]);
  });

  it('has raw message delivery on, and is told to turn it off', async () => {
    const { post } = makeDoor();
    const answer = documentOf(await post(alarm, { headers: { 'X-Amz-Sns-Rawdelivery': 'true' } }));
    expect(answer).toMatchObject({ status: 401, detail: expect.stringContaining('Turn it off') });
  });

  it('learns no source and no other topic from the answer, and nothing of a message reaches the log', async () => {
    const { deps, post } = makeDoor();
    const answer = await post(notification({ TopicArn: 'arn:aws:sns:eu-west-1:1:mine' }));
    expect(answer.body).not.toMatch(/aws"|alarms/);
    await post(signed(aConfirmation(sentAt), key));
    await post(notification({}, 'secret-in-rubbish'));
    expect(JSON.stringify(deps.log.lines)).not.toMatch(/secret-in-rubbish|token-1|checkout/);
  });
});

describe('a topic in China', () => {
  it('is signed by the SNS of China', async () => {
    const china = 'arn:aws-cn:sns:cn-north-1:123456789012:alarms';
    const { deps, post } = makeDoor();
    const door = makeHandler({
      ...deps,
      policy: aPolicy({ sources: { cn: { ...anySource, name: 'cn', snsTopics: [china] } } }),
    });
    const at = (SigningCertURL: string) => snsRequest(notification({ TopicArn: china, SigningCertURL }));
    expect((await door(at('https://sns.cn-north-1.amazonaws.com.cn/S-1.pem'))).statusCode).toBe(202);
    expect((await door(at('https://sns.cn-north-1.amazonaws.com/S-1.pem'))).statusCode).toBe(401);
    expect((await post(notification({ TopicArn: china }))).statusCode).toBe(401);
  });
});
