import { createSign, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { generate } from 'selfsigned';
import { readSnsEnvelope, signedText } from '#shared/alert/sources/sns-envelope.ts';
import { listenHttp } from '../http.ts';

/** SNS as its HTTPS subscribers see it: it signs with a key pair of its own, which is made at the first message and never kept. */
export interface SnsStandIn {
  /** For SNS_SUBSCRIPTION_SERVER. */
  readonly server: string;
  /** Topics whose subscription was confirmed, in this order. */
  readonly confirmed: readonly string[];
  /** Posts a notification to the subscriber and answers what it answered. */
  publish(subscriber: string, topicArn: string, message: string): Promise<SnsDelivery>;
  /** Posts the request to confirm a subscription. */
  subscribe(subscriber: string, topicArn: string): Promise<SnsDelivery>;
  stop(): Promise<void>;
}

export interface SnsDelivery {
  readonly status: number;
  readonly text: string;
}

type Fields = Readonly<Record<string, string>>;

const certificatePath = '/SimpleNotificationService-00000000000000000000000000000000.pem';

export async function startSnsStandIn(): Promise<SnsStandIn> {
  const confirmed: string[] = [];
  let making: ReturnType<typeof makeKeyPair> | null = null;
  const keyPair = () => {
    making ??= makeKeyPair();
    return making;
  };
  const listening = await listenHttp(async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://sns');
    if (url.pathname === certificatePath) return void response.end((await keyPair()).cert);
    const topic = url.searchParams.get('TopicArn');
    if (url.searchParams.get('Action') !== 'ConfirmSubscription' || topic === null) {
      return void response.writeHead(404).end();
    }
    confirmed.push(topic);
    response.end('<ConfirmSubscriptionResponse/>');
  });

  async function deliver(subscriber: string, topicArn: string, fields: Fields): Promise<SnsDelivery> {
    const unsigned = {
      MessageId: randomUUID(),
      TopicArn: topicArn,
      Timestamp: new Date().toISOString(),
      SignatureVersion: '2',
      SigningCertURL: `${sns(topicArn)}${certificatePath}`,
      ...fields,
    };
    const reading = readSnsEnvelope({ ...unsigned, Signature: 'none' });
    if (!reading.ok) return { status: 0, text: reading.problem };
    const { key } = await keyPair();
    const Signature = createSign('RSA-SHA256').update(signedText(reading.value), 'utf8').sign(key, 'base64');
    const response = await fetch(subscriber, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': fields.Type ?? '' },
      body: JSON.stringify({ ...unsigned, Signature }),
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, text: await response.text() };
  }

  return {
    server: `http://127.0.0.1:${listening.port}`,
    confirmed,
    publish: (subscriber, topicArn, message) =>
      deliver(subscriber, topicArn, { Type: 'Notification', Message: message }),
    subscribe(subscriber, topicArn) {
      const Token = randomUUID();
      const SubscribeURL = `${sns(topicArn)}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${Token}`;
      const Message = `You have chosen to subscribe to the topic ${topicArn}.`;
      return deliver(subscriber, topicArn, { Type: 'SubscriptionConfirmation', Message, Token, SubscribeURL });
    },
    stop: listening.stop,
  };
}

const sns = (topicArn: string): string => `https://sns.${topicArn.split(':')[3]}.amazonaws.com`;

async function makeKeyPair(): Promise<{ readonly key: string; readonly cert: string }> {
  const made = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], { keySize: 2048 });
  return { key: made.private, cert: made.cert };
}
