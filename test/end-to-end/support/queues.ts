import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readEndpoints } from '#local/endpoints.ts';
import { deadLetterName, wireName } from '#local/engines/queue-names.ts';
import { queueNames } from '#shared/runtime/messages.ts';

/** Messages by queue of a running product (waiting, delayed or in hand), dead-letter queues too; the empty ones left out. */
export async function readQueueDepths(dataDir: string): Promise<Readonly<Record<string, number>>> {
  const client = new SQSClient({
    endpoint: readEndpoints(dataDir).sqs,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const names = queueNames.flatMap((queue) => [wireName(queue), deadLetterName(queue)]);
    const depths = await Promise.all(names.map(async (name) => [name, await depthOf(client, name)] as const));
    return Object.fromEntries(depths.filter(([, depth]) => depth > 0));
  } finally {
    client.destroy();
  }
}

async function depthOf(client: SQSClient, name: string): Promise<number> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesDelayed',
        'ApproximateNumberOfMessagesNotVisible',
      ],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}
