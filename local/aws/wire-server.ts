import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { account, region } from '../engines/queues.ts';
import { type Listening, listenHttp, readBody, sendJson } from '../http.ts';
import type { StateMachineEngine } from '../timers.ts';

export const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:tocsin-local-escalation`;

export interface WireServices {
  readonly stateMachine: () => Pick<StateMachineEngine, 'start'>;
  /** Secret id to its JSON text. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where SNS requests go that are no SMS. */
  readonly snsEndpoint: string;
  readonly onSms: (sms: { readonly phone: string; readonly message: string; readonly messageId: string }) => void;
}

/** SQS takes 1 MiB, SNS 256 KiB, Step Functions 256 KiB: form encoding at most triples that. */
const bodyLimit = 4 * 1024 * 1024;

/**
 * The parts of AWS that no emulator here has, on their own wire protocols, so that product code has no local branch:
 * StartExecution, GetSecretValue, and SMS (everything else of SNS is passed on).
 */
export function startWireServer(services: WireServices): Promise<Listening> {
  return listenHttp(async (request, response) => {
    try {
      await answer(services, request, response);
    } catch (error) {
      fail(response, 500, 'InternalServerError', error instanceof Error ? error.message : String(error));
    }
  });
}

async function answer(services: WireServices, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, bodyLimit);
  const target = request.headers['x-amz-target'];
  if (target === undefined) return answerSns(services, request, body, response);
  const input = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
  if (target === 'AWSStepFunctions.StartExecution') return startExecution(services, input, response);
  if (target === 'secretsmanager.GetSecretValue') return getSecretValue(services, input, response);
  fail(response, 400, 'UnknownOperationException', `the local run has no ${String(target)}`);
}

function startExecution(services: WireServices, input: Readonly<Record<string, unknown>>, response: ServerResponse) {
  const { name, stateMachineArn: arn } = input;
  if (arn !== stateMachineArn) return fail(response, 400, 'StateMachineDoesNotExist', `no such state machine: ${arn}`);
  if (typeof name !== 'string' || !/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    return fail(response, 400, 'InvalidName', `not a name of an execution: ${String(name)}`);
  }
  const started = services.stateMachine().start(name, typeof input.input === 'string' ? input.input : '{}');
  if (started.outcome === 'exists') {
    return fail(response, 400, 'ExecutionAlreadyExists', `Execution Already Exists: '${name}'`);
  }
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  sendAmzJson(response, 200, { executionArn, startDate: started.startedAt / 1000 });
}

function getSecretValue(services: WireServices, input: Readonly<Record<string, unknown>>, response: ServerResponse) {
  const id = String(input.SecretId);
  const secret = services.secrets[id];
  if (secret === undefined) {
    return fail(response, 400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${id}`;
  sendAmzJson(response, 200, { ARN: arn, Name: id, SecretString: secret, VersionId: randomUUID() });
}

async function answerSns(services: WireServices, request: IncomingMessage, body: Buffer, response: ServerResponse) {
  const form = new URLSearchParams(body.toString('utf8'));
  const phone = form.get('PhoneNumber');
  if (form.get('Action') !== 'Publish' || phone === null) return passOn(services.snsEndpoint, request, body, response);
  const messageId = randomUUID();
  services.onSms({ phone, message: form.get('Message') ?? '', messageId });
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(
    `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${messageId}</MessageId></PublishResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></PublishResponse>`,
  );
}

function passOn(endpoint: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, host: new URL(endpoint).host };
    const onward = httpRequest(
      new URL(request.url ?? '/', endpoint),
      { method: request.method, headers },
      (answered) => {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
        answered.once('end', resolve);
        answered.once('error', reject);
      },
    );
    onward.once('error', reject);
    onward.end(body);
  });
}

const sendAmzJson = (response: ServerResponse, status: number, body: unknown) =>
  sendJson(response, status, body, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });

const fail = (response: ServerResponse, status: number, type: string, message: string) =>
  sendAmzJson(response, status, { __type: type, message, Message: message });
