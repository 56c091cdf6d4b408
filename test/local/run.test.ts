import { readFileSync, writeFileSync } from 'node:fs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Functions, functionNames, type LambdaFunction } from '#local/functions.ts';
import { type RunningTocsin, startTocsin } from '#local/run.ts';
import { readSettings } from '#local/settings.ts';
import type { FunctionName } from '#shared/runtime/wiring.ts';
import { makeTempDir, removeTempDir } from './temp-dir.ts';

/** The engines, doors and event sources with functions that only remember: wiring, not behaviour. */

interface Invocation {
  readonly name: FunctionName;
  readonly event: unknown;
}
const invocations: Invocation[] = [];
const reports: string[] = [];
const dataDir = makeTempDir();
let tocsin: RunningTocsin;
const regionBefore = process.env.AWS_REGION;

const answers: Partial<Record<FunctionName, (event: unknown) => unknown>> = {
  'serve-api': () => ({ statusCode: 200, body: 'served' }),
  'receive-alerts': () => ({ statusCode: 202 }),
  'tick-escalation': (event) => ({ ...(event as object), next: 'done', dueAt: null }),
};
const remember =
  (name: FunctionName): LambdaFunction =>
  async (event) => {
    invocations.push({ name, event });
    return answers[name]?.(event) ?? { batchItemFailures: [] };
  };
const fakeFunctions = async () =>
  Object.fromEntries(functionNames.map((name) => [name, remember(name)])) as unknown as Functions;

const eventsOf = (name: FunctionName) => invocations.filter((one) => one.name === name).map((one) => one.event);
const settled = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 10 });
const sandbox = async () => (await fetch(`${tocsin.url}/sandbox/api/state`)).json();

beforeAll(async () => {
  const settings = readSettings({ PORT: '0', DATA_DIR: dataDir }, process.cwd());
  tocsin = await startTocsin(settings, { loadFunctions: fakeFunctions, report: (problem) => reports.push(problem) });
});
afterAll(async () => {
  await tocsin.stop();
  removeTempDir(dataDir);
});

describe('the local run', () => {
  it('sweeps at once', async () => {
    await settled(() => expect(eventsOf('sweep')).toHaveLength(1));
  });

  it('hands a request to the function behind its door', async () => {
    const response = await fetch(`${tocsin.url}/v1/incidents/7`, { headers: { authorization: 'Bearer x' } });
    expect([response.status, await response.text()]).toEqual([200, 'served']);
    expect(eventsOf('serve-api')).toMatchObject([{ path: '/v1/incidents/7', pathParameters: { number: '7' } }]);
  });

  it('hands queue messages to their function, the FIFO queue included', async () => {
    const sqs = new SQSClient();
    const send = (url: string | undefined, body: string, fifo = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...fifo }));
    await send(process.env.QUEUE_URL_INGEST, 'alerts', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await send(process.env.QUEUE_URL_SLACK_PAGES, 'page');
    await settled(() => expect(eventsOf('ingest-alerts')).toMatchObject([{ Records: [{ body: 'alerts' }] }]));
    await settled(() => expect(eventsOf('notify-slack')).toMatchObject([{ Records: [{ body: 'page' }] }]));
  });

  it('hands inserts of commits out of the table to dispatch', async () => {
    const dynamo = new DynamoDBClient();
    const put = (sk: string) =>
      dynamo.send(
        new PutItemCommand({ TableName: process.env.TABLE_NAME, Item: { pk: { S: 'INCIDENT#1' }, sk: { S: sk } } }),
      );
    await put('STATE');
    await put('COMMIT#0000000001#');
    await settled(() => expect(eventsOf('dispatch-timeline')).toHaveLength(1));
    expect(eventsOf('dispatch-timeline')).toMatchObject([
      { Records: [{ eventName: 'INSERT', dynamodb: { NewImage: { sk: { S: 'COMMIT#0000000001#' } } } }] },
    ]);
  });

  it('starts the state machine once per name', async () => {
    const stepFunctions = new SFNClient();
    const start = (input: string) =>
      stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: process.env.STATE_MACHINE_ARN, name: 'inc-1-0', input }),
      );
    expect((await start('{"incidentId":"i"}')).executionArn).toMatch(/:inc-1-0$/);
    await settled(() => expect(eventsOf('tick-escalation')).toEqual([{ incidentId: 'i' }]));
    await expect(start('{"incidentId":"other"}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('keeps the secrets of the deployment, with the tokens of the settings', async () => {
    const secrets = new SecretsManagerClient();
    const read = async (id: string | undefined) =>
      JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? '');
    expect(await read(process.env.SECRET_ID_SOURCES)).toEqual({
      local: { tokens: ['local-source'], basic: [{ username: 'local', password: 'local-source' }] },
    });
    expect(await read(process.env.SECRET_ID_OPERATORS)).toEqual({ local: { token: 'local-operator', role: 'admin' } });
    expect(await read(process.env.SECRET_ID_SLACK)).toMatchObject({ signingSecret: 'local-signing-secret' });
    expect(Object.values(await read(process.env.SECRET_ID_PAGERDUTY))).toEqual([expect.stringMatching(/^\w{32}$/)]);
    await expect(read('unknown')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('shows what goes to the topics and to phones in the sandbox', async () => {
    const sns = new SNSClient();
    await sns.send(new PublishCommand({ TopicArn: process.env.EVENTS_TOPIC_ARN, Message: '{"type":"x"}' }));
    await sns.send(new PublishCommand({ TopicArn: process.env.FALLBACK_TOPIC_ARN, Subject: 'help', Message: 'call' }));
    const sms = await sns.send(new PublishCommand({ PhoneNumber: '+15550100', Message: 'wake up' }));
    expect(sms.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    await settled(async () =>
      expect(await sandbox()).toMatchObject({
        events: [{ topic: 'events', message: '{"type":"x"}' }],
        fallback: expect.arrayContaining([
          expect.objectContaining({ topic: 'fallback', subject: 'help', message: 'call' }),
          expect.objectContaining({ topic: 'sms', to: '+15550100', message: 'wake up' }),
        ]),
      }),
    );
  });

  it('serves the status page out of the bucket with headers that let nothing run, and 404 for what is not there', async () => {
    const s3 = new S3Client();
    const page = {
      Key: 'status/index.html',
      Body: '<h1>fine</h1>',
      ContentType: 'text/html',
      CacheControl: 'max-age=5',
    };
    await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET_NAME, ...page }));
    const response = await fetch(`${tocsin.url}/status`);
    expect([response.status, response.url, await response.text()]).toEqual([
      200,
      `${tocsin.url}/status/`,
      '<h1>fine</h1>',
    ]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('cache-control')).toBe('max-age=5');
    expect((await fetch(`${tocsin.url}/status/none.json`)).status).toBe(404);
    expect((await fetch(`${tocsin.url}/status/`, { method: 'POST' })).status).toBe(405);
  });

  it('refuses a second product over the same data directory', async () => {
    const settings = readSettings({ PORT: '0', DATA_DIR: dataDir }, process.cwd());
    const ours = `${dataDir}/tocsin.pid`;
    const pid = readFileSync(ours, 'utf8');
    // As another process would find it: the lock of a live Node that is not itself.
    writeFileSync(ours, String(process.ppid));
    try {
      await expect(startTocsin(settings, { loadFunctions: fakeFunctions, report: () => {} })).rejects.toThrow(
        `Another Tocsin (process ${process.ppid}) is using ${dataDir}`,
      );
    } finally {
      writeFileSync(ours, pid);
    }
  });

  it('had nothing to complain about', () => {
    expect(reports).toEqual([]);
  });

  it('leads no request of the SDK out of this machine, and leaves the environment as it was when it ends', async () => {
    for (const service of ['DYNAMODB', 'SQS', 'SNS', 'S3', 'SFN', 'SECRETS_MANAGER']) {
      expect(process.env[`AWS_ENDPOINT_URL_${service}`]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    }
    expect(process.env.AWS_PROFILE).toBeUndefined();
    await tocsin.stop();
    expect(process.env.AWS_ENDPOINT_URL_SQS).toBeUndefined();
    expect(process.env.AWS_REGION).toBe(regionBefore);
    await expect(fetch(tocsin.url)).rejects.toThrow();
  });
});
