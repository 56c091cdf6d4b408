import type {
  ChangeMessageVisibilityCommandInput,
  SendMessageBatchCommandInput,
  SendMessageBatchRequestEntry,
  SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { sha256Hex } from '../../kernel/hash.ts';
import { asciiJson } from '../../runtime/ascii-json.ts';
import type { DeadLetterOrigin } from '../../runtime/ports.ts';

/** SQS quotas: seconds that a message can be delayed, and kept invisible; a request's messages and their bytes together. */
export const delaySecondsLimit = 900;
export const visibilitySecondsLimit = 43_200;
export const batchMessagesLimit = 10;
export const batchBytesLimit = 1024 * 1024;
/** Ours: a reason is a sentence. */
const reasonLengthLimit = 1000;

export interface SendOptions {
  readonly group?: string;
  readonly dedup?: string;
  readonly delaySeconds?: number;
}

/** A longer delay is cut to what SQS takes: whoever receives a message too early postpones it again. */
const delayOf = (seconds: number) => ({ DelaySeconds: wholeSeconds(seconds, delaySecondsLimit) });
const wholeSeconds = (seconds: number, limit: number) => Math.min(limit, Math.max(0, Math.ceil(seconds)));

export const sendRequest = (url: string, body: unknown, options: SendOptions): SendMessageCommandInput => ({
  QueueUrl: url,
  MessageBody: asciiJson(body),
  ...(options.group !== undefined && { MessageGroupId: options.group }),
  ...(options.dedup !== undefined && { MessageDeduplicationId: options.dedup }),
  ...(options.delaySeconds !== undefined && delayOf(options.delaySeconds)),
});

/** Requests of at most ten messages and 1 MiB, in the order of the bodies. */
export function sendAllRequests(
  url: string,
  bodies: readonly unknown[],
  options: Pick<SendOptions, 'delaySeconds'>,
): readonly SendMessageBatchCommandInput[] {
  const requests: { QueueUrl: string; Entries: SendMessageBatchRequestEntry[] }[] = [];
  let bytes = 0;
  for (const body of bodies.map(asciiJson)) {
    const last = requests.at(-1);
    const delay = options.delaySeconds === undefined ? {} : delayOf(options.delaySeconds);
    // ASCII: a character is a byte.
    if (last === undefined || last.Entries.length === batchMessagesLimit || bytes + body.length > batchBytesLimit) {
      requests.push({ QueueUrl: url, Entries: [{ Id: '0', MessageBody: body, ...delay }] });
      bytes = body.length;
    } else {
      last.Entries.push({ Id: String(last.Entries.length), MessageBody: body, ...delay });
      bytes += body.length;
    }
  }
  return requests;
}

export const postponeRequest = (
  url: string,
  receiptHandle: string,
  seconds: number,
): ChangeMessageVisibilityCommandInput => ({
  QueueUrl: url,
  ReceiptHandle: receiptHandle,
  VisibilityTimeout: wholeSeconds(seconds, visibilitySecondsLimit),
});

/**
 * A copy for the dead-letter queue, with its reason as the attribute `reason`. In a FIFO queue each copy is a group of its own, so
 * that none hides behind another; the attribute `group` keeps the group that it came from. A second copy of one message
 * within 5 minutes is dropped there. A replayed message is another message, so when it fails again it is kept again.
 */
export function deadLetterRequest(
  url: string,
  body: string,
  reason: string,
  origin?: DeadLetterOrigin,
): SendMessageCommandInput {
  const fifo = url.endsWith('.fifo');
  const id = sha256Hex(origin?.messageId ?? body);
  return {
    QueueUrl: url,
    MessageBody: body,
    MessageAttributes: {
      reason: textAttribute(printable(reason).slice(0, reasonLengthLimit)),
      ...(fifo && origin?.group !== undefined && { group: textAttribute(origin.group) }),
    },
    ...(fifo && { MessageGroupId: id, MessageDeduplicationId: id }),
  };
}

const textAttribute = (text: string) => ({ DataType: 'String', StringValue: text });

/** Attributes take the same characters as bodies, and are never empty. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?') || 'no reason given';
