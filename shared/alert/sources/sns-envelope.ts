import { type Instant, parseRfc3339 } from '../../kernel/instant.ts';
import { fail, type Result, succeed } from '../../kernel/result.ts';
import { isJsonObject } from '../parse-alert.ts';

/** What SNS posts to an HTTPS subscriber (docs.aws.amazon.com/sns, HTTP/HTTPS notification JSON format). */
export type SnsMessageType = 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';

export interface SnsEnvelope {
  readonly type: SnsMessageType;
  readonly messageId: string;
  readonly topicArn: string;
  readonly message: string;
  /** Null: the publisher gave none; then it is not signed either. */
  readonly subject: string | null;
  /** As written: it is signed. */
  readonly timestamp: string;
  readonly sentAt: Instant;
  readonly signatureVersion: string;
  /** Base64. */
  readonly signature: string;
  readonly signingCertUrl: string;
  /** Null in a notification. */
  readonly token: string | null;
  readonly subscribeUrl: string | null;
}

const types: readonly string[] = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'];
const isType = (text: string): text is SnsMessageType => types.includes(text);

/** Reads what SNS posts; nothing of it is believed before its signature was checked. */
export function readSnsEnvelope(body: unknown): Result<SnsEnvelope> {
  if (!isJsonObject(body)) return fail('the body is not a JSON object');
  const text = (name: string): string | null => {
    const value = Object.hasOwn(body, name) ? body[name] : null;
    return typeof value === 'string' ? value : null;
  };
  const missing = required.filter((name) => !text(name));
  if (missing.length > 0) return fail(`the body has no ${missing.join(', no ')}`);
  const needed = (name: (typeof required)[number]): string => text(name) ?? '';
  const type = needed('Type');
  if (!isType(type)) return fail('its Type is none of SNS');
  const token = text('Token');
  const subscribeUrl = text('SubscribeURL');
  if (type !== 'Notification' && (token === null || subscribeUrl === null)) {
    return fail(`a ${type} without Token or SubscribeURL`);
  }
  const sentAt = parseRfc3339(needed('Timestamp'));
  if (sentAt === null) return fail('its Timestamp is not an RFC 3339 instant');
  return succeed({
    type,
    messageId: needed('MessageId'),
    topicArn: needed('TopicArn'),
    message: needed('Message'),
    subject: text('Subject'),
    timestamp: needed('Timestamp'),
    sentAt,
    signatureVersion: needed('SignatureVersion'),
    signature: needed('Signature'),
    signingCertUrl: needed('SigningCertURL'),
    token,
    subscribeUrl,
  });
}

const required = [
  'Type',
  'MessageId',
  'TopicArn',
  'Message',
  'Timestamp',
  'SignatureVersion',
  'Signature',
  'SigningCertURL',
] as const;

/** The text that SNS signs: names and values of these fields, each on its own line, in the order of the names. */
export function signedText(envelope: SnsEnvelope): string {
  const { type, message, messageId, subject, subscribeUrl, timestamp, token, topicArn } = envelope;
  const fields: readonly (readonly [string, string | null])[] =
    type === 'Notification'
      ? [
          ['Message', message],
          ['MessageId', messageId],
          ['Subject', subject],
          ['Timestamp', timestamp],
          ['TopicArn', topicArn],
          ['Type', type],
        ]
      : [
          ['Message', message],
          ['MessageId', messageId],
          ['SubscribeURL', subscribeUrl],
          ['Timestamp', timestamp],
          ['Token', token],
          ['TopicArn', topicArn],
          ['Type', type],
        ];
  return fields.map(([name, value]) => (value === null ? '' : `${name}\n${value}\n`)).join('');
}
