import { createSign } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { generate } from 'selfsigned';
import { readSnsEnvelope, signedText } from '#shared/alert/sources/sns-envelope.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { SnsSubscriptions } from '#shared/runtime/ports.ts';
import { apiEvent } from './api-event.ts';

/** SNS with a key pair that is made for the run of a test: no private key lies anywhere. */

export const topicArn = 'arn:aws:sns:eu-west-1:123456789012:alarms';
export const signingCertUrl = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';
export const subscribeUrl = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=token-1`;

export interface SigningKey {
  readonly private: string;
  /** PEM. */
  readonly cert: string;
}

/** Valid for a day from this instant. */
export async function makeSigningKey(from: string, days = 1): Promise<SigningKey> {
  const notBeforeDate = new Date(toEpochMillis(from) - 60_000);
  const notAfterDate = new Date(toEpochMillis(from) + days * 86_400_000);
  const attributes = [{ name: 'commonName', value: 'sns.amazonaws.com' }];
  const { private: key, cert } = await generate(attributes, { keySize: 2048, notBeforeDate, notAfterDate });
  return { private: key, cert };
}

export type SnsFields = Readonly<Record<string, unknown>>;

export const aNotification = (message: string, sentAt: string, override: SnsFields = {}): SnsFields => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: topicArn,
  Subject: 'ALARM: "checkout-cpu" in EU (Ireland)',
  Message: message,
  Timestamp: sentAt,
  SignatureVersion: '1',
  SigningCertURL: signingCertUrl,
  UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=x',
  ...override,
});

export const aConfirmation = (sentAt: string, override: SnsFields = {}): SnsFields => ({
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: 'token-1',
  TopicArn: topicArn,
  Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  SubscribeURL: subscribeUrl,
  Timestamp: sentAt,
  SignatureVersion: '1',
  SigningCertURL: signingCertUrl,
  ...override,
});

/** As SNS signs it, whatever it says. Fields that no envelope may have are signed as if they were not there. */
export function signed(fields: SnsFields, key: SigningKey): SnsFields {
  const reading = readSnsEnvelope({ ...fields, Signature: 'none' });
  const text = reading.ok ? signedText(reading.value) : 'nothing';
  const algorithm = fields.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
  return { ...fields, Signature: createSign(algorithm).update(text, 'utf8').sign(key.private, 'base64') };
}

export const snsRequest = (fields: SnsFields | string, override: Partial<APIGatewayProxyEvent> = {}) =>
  apiEvent({
    resource: '/v1/sns',
    path: '/v1/sns',
    headers: {
      'x-amz-sns-message-type':
        typeof fields === 'object' && typeof fields.Type === 'string' ? fields.Type : 'Notification',
      'Content-Type': 'text/plain; charset=UTF-8',
      'User-Agent': 'Amazon Simple Notification Service Agent',
    },
    body: typeof fields === 'string' ? fields : JSON.stringify(fields),
    ...override,
  });

export interface FakeSubscriptions extends SnsSubscriptions {
  readonly certificatesAsked: string[];
  readonly confirmed: string[];
  cert: string;
  failWith: AdapterError | null;
}

export function makeFakeSubscriptions(cert: string): FakeSubscriptions {
  const fake: FakeSubscriptions = {
    certificatesAsked: [],
    confirmed: [],
    cert,
    failWith: null,
    certificate: async (url) => {
      fake.certificatesAsked.push(url);
      if (fake.failWith !== null) throw fake.failWith;
      return fake.cert;
    },
    confirm: async (url) => {
      if (fake.failWith !== null) throw fake.failWith;
      fake.confirmed.push(url);
    },
  };
  return fake;
}

export const snsIsDown = new AdapterError('sns', 'unavailable', 'HTTP 503');
