import { describe, expect, it } from 'vitest';
import {
  deadLetterRequest,
  postponeRequest,
  sendAllRequests,
  sendRequest,
} from '#shared/adapters/sqs/queue-requests.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';

const url = 'https://sqs.test/q';

describe('requests to SQS', () => {
  it('sends ASCII JSON, with group, deduplication id and delay only when given', () => {
    expect(sendRequest(url, { text: 'é\u0000' }, {})).toEqual({
      QueueUrl: url,
      MessageBody: '{"text":"\\u00e9\\u0000"}',
    });
    expect(sendRequest(url, 1, { group: 'g', dedup: 'd', delaySeconds: 0.2 })).toEqual({
      QueueUrl: url,
      MessageBody: '1',
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
      DelaySeconds: 1,
    });
  });

  it('cuts a delay to the 15 minutes that SQS takes, and a pause to its 12 hours', () => {
    expect(sendRequest(url, 1, { delaySeconds: 5000 }).DelaySeconds).toBe(900);
    expect(postponeRequest(url, 'r', 100_000)).toEqual({
      QueueUrl: url,
      ReceiptHandle: 'r',
      VisibilityTimeout: 43_200,
    });
    expect(postponeRequest(url, 'r', -1).VisibilityTimeout).toBe(0);
  });

  it('packs ten messages a request, in order', () => {
    const requests = sendAllRequests(
      url,
      Array.from({ length: 23 }, (_, i) => i),
      { delaySeconds: 5 },
    );
    expect(requests.map((request) => request.Entries?.map((entry) => entry.MessageBody).join())).toEqual([
      '0,1,2,3,4,5,6,7,8,9',
      '10,11,12,13,14,15,16,17,18,19',
      '20,21,22',
    ]);
    expect(requests[2]?.Entries?.[1]).toEqual({ Id: '1', MessageBody: '21', DelaySeconds: 5 });
    expect(sendAllRequests(url, [], {})).toEqual([]);
  });

  it('packs at most one megabyte a request', () => {
    const bodies = Array.from({ length: 5 }, () => 'x'.repeat(400_000));
    expect(sendAllRequests(url, bodies, {}).map((request) => request.Entries?.length)).toEqual([2, 2, 1]);
  });

  it('copies a body into the dead-letter queue as it was, with a reason that SQS takes', () => {
    const body = '{"a":1}';
    expect(deadLetterRequest(url, body, 'née\n"x"')).toEqual({
      QueueUrl: url,
      MessageBody: body,
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'n?e?"x"' } },
    });
    const fifo = deadLetterRequest(`${url}.fifo`, body, '');
    expect(fifo.MessageAttributes?.reason?.StringValue).toBe('no reason given');
    expect([fifo.MessageGroupId, fifo.MessageDeduplicationId]).toEqual([sha256Hex(body), sha256Hex(body)]);
    expect(deadLetterRequest(url, body, 'x'.repeat(5000)).MessageAttributes?.reason?.StringValue).toHaveLength(1000);
  });

  it('keeps a dead letter apart from others, and remembers the group that it came from', () => {
    const origin = { messageId: 'm-1', group: 'alert-group' };
    const copy = deadLetterRequest(`${url}.fifo`, '{}', 'broken', origin);
    expect(copy).toEqual({
      QueueUrl: `${url}.fifo`,
      MessageBody: '{}',
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: 'broken' },
        group: { DataType: 'String', StringValue: 'alert-group' },
      },
      MessageGroupId: sha256Hex('m-1'),
      MessageDeduplicationId: sha256Hex('m-1'),
    });
    expect(deadLetterRequest(`${url}.fifo`, '{}', 'broken', origin)).toEqual(copy);
    expect(deadLetterRequest(url, '{}', 'broken', origin).MessageAttributes).not.toHaveProperty('group');
  });

  it('keeps a message that was replayed and failed again within five minutes, because it is another message', () => {
    const first = deadLetterRequest(`${url}.fifo`, '{}', 'broken', { messageId: 'm-1' });
    const again = deadLetterRequest(`${url}.fifo`, '{}', 'broken', { messageId: 'm-2' });
    expect(again.MessageDeduplicationId).not.toBe(first.MessageDeduplicationId);
  });
});
