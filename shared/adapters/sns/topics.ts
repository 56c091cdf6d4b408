import {
  type MessageAttributeValue,
  PublishCommand,
  type PublishCommandInput,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Topics } from '../../runtime/ports.ts';
import { toAdapterError } from '../aws-error.ts';

/** SNS as Tocsin uses it: topics and text messages. The client's own retries are the caller's choice. */
export function makeTopics(client: Pick<SNSClient, 'send'>): Topics {
  const publish = async (input: PublishCommandInput) => {
    let messageId: string | undefined;
    try {
      messageId = (await client.send(new PublishCommand(input))).MessageId;
    } catch (error) {
      throw toAdapterError('sns', error);
    }
    if (messageId === undefined) throw new AdapterError('sns', 'timeout', 'the answer names no message');
    return messageId;
  };
  return {
    publish: (topic, message, options = {}) => publish(publishInput(topic, message, options)),
    sms: (phone, message) => publish(smsInput(phone, message)),
  };
}

/** A value that is a JSON array becomes String.Array, which filter policies match element by element. */
export const publishInput = (
  topic: string,
  message: string,
  options: Parameters<Topics['publish']>[2] & {},
): PublishCommandInput => ({
  TopicArn: topic,
  Message: message,
  ...(options.subject === undefined ? {} : { Subject: options.subject }),
  ...(options.attributes === undefined
    ? {}
    : {
        MessageAttributes: Object.fromEntries(
          Object.entries(options.attributes).map(([name, value]): [string, MessageAttributeValue] => [
            name,
            { DataType: value.startsWith('[') ? 'String.Array' : 'String', StringValue: value },
          ]),
        ),
      }),
});

/** Transactional: the carrier route that AWS gives to what must arrive. */
export const smsInput = (phone: string, message: string): PublishCommandInput => ({
  PhoneNumber: phone,
  Message: message,
  MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
});
