import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTopics } from '#shared/adapters/sns/topics.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import {
  closedPort,
  expectNoSecret,
  startVendor,
  type VendorBehaviour,
  type VendorServer,
} from '#test/support/vendor-kit.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:events';
const secretKey = 'made-up-secret-access-key';
let sns: VendorServer;
beforeAll(async () => {
  sns = await startVendor();
});
afterAll(() => sns.close());

const topicsAt = (endpoint: string) =>
  makeTopics(
    new SNSClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'made-up-id', secretAccessKey: secretKey },
      maxAttempts: 1,
    }),
  );
const published = {
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
};
const failing = (status: number, code: string): VendorBehaviour => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`,
});
const lastForm = () => Object.fromEntries(new URLSearchParams(sns.requests.at(-1)?.body));

describe('SNS', () => {
  it('publishes text, subject and attributes, lists as String.Array', async () => {
    sns.behave(published);
    const id = await topicsAt(sns.origin).publish(topic, 'hello', {
      subject: 'SEV1 INC-42',
      attributes: { severity: 'SEV1', eventTypes: '["IncidentTriggered"]' },
    });
    expect(id).toBe('m-1');
    expect(lastForm()).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: topic,
      Message: 'hello',
      Subject: 'SEV1 INC-42',
      'MessageAttributes.entry.1.Name': 'severity',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'SEV1',
      'MessageAttributes.entry.2.Name': 'eventTypes',
      'MessageAttributes.entry.2.Value.DataType': 'String.Array',
      'MessageAttributes.entry.2.Value.StringValue': '["IncidentTriggered"]',
    });
  });

  it('sends text messages as transactional', async () => {
    sns.behave(published);
    expect(await topicsAt(sns.origin).sms('+15550100', 'hello')).toBe('m-1');
    expect(lastForm()).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      PhoneNumber: '+15550100',
      Message: 'hello',
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    });
  });

  it.each<readonly [VendorBehaviour, string]>([
    [failing(400, 'Throttled'), 'throttled'],
    [failing(400, 'InvalidParameter'), 'invalid'],
    [failing(403, 'AuthorizationError'), 'refused'],
    [failing(500, 'InternalError'), 'unavailable'],
    ['resets', 'timeout'],
  ])('maps %j to %s', async (behaviour, reason) => {
    sns.behave(behaviour);
    const error = await topicsAt(sns.origin)
      .publish(topic, 'hello')
      .then(
        () => null,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(AdapterError);
    expect(error).toMatchObject({ service: 'sns', reason });
    expectNoSecret([secretKey], error);
  });

  it('says unavailable when nobody listens', async () => {
    await expect(topicsAt(`http://127.0.0.1:${await closedPort()}`).sms('+15550100', 'x')).rejects.toMatchObject({
      reason: 'unavailable',
    });
  });
});
