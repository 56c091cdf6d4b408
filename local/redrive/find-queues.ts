import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { patientClient } from '#shared/adapters/aws-client.ts';
import { queueNames } from '#shared/runtime/messages.ts';
import { readEndpoints } from '../endpoints.ts';
import { deadLetterName, isFifo, wireName } from '../engines/queue-names.ts';
import { readSettings, StartError } from '../settings.ts';
import { type DeadLetterQueue, type RedriveQueue, streamFailures } from './dead-letter.ts';

export interface Place {
  readonly client: SQSClient;
  /** Where it is, for people. */
  readonly label: string;
  readonly queues: readonly RedriveQueue[];
  /** @throws StartError when there is no such queue */
  find(queue: RedriveQueue): Promise<DeadLetterQueue>;
}

/** A person waits: 3 tries of at most 2 s to connect and 10 s to answer (a long poll takes 1 s of them). */
const patience = patientClient({ attempts: 3, connectMillis: 2000, answerMillis: 10_000 });

/** The queues of an environment on AWS, by name, with the SDK's ordinary chain of region and credentials. */
export function queuesOnAws(environment: string): Place {
  // The shell may name another endpoint (a VPC's, a stand-in's): every call goes there, whatever the queue's URL says.
  const client = new SQSClient({ ...patience, useQueueUrlAsEndpoint: false });
  return placeOf(
    {
      client,
      label: environment,
      prefix: `tocsin-${environment}-`,
      longPollSeconds: 1,
      queues: [...queueNames, streamFailures],
    },
    (name) =>
      client.config
        .region()
        .then(
          (region) =>
            `There is no queue ${name} in ${region}: is ${environment} deployed there? Set AWS_REGION otherwise.`,
        ),
  );
}

/** The queues of the product that runs over DATA_DIR, which no setting for AWS leads away from. @throws StartError */
export function queuesOfLocalRun(env: Readonly<Record<string, string | undefined>>, cwd: string): Place {
  const { dataDir } = readSettings(env, cwd);
  const { sqs } = readEndpoints(dataDir);
  return queuesAt(sqs, `the local run over ${dataDir}`);
}

export function queuesAt(endpoint: string, label: string): Place {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ ...patience, endpoint, region: 'us-east-1', credentials });
  return placeOf(
    { client, label, prefix: '', longPollSeconds: 0, queues: queueNames },
    async (name) => `The local run has no queue ${name}.`,
  );
}

interface PlaceParts extends Pick<Place, 'client' | 'label' | 'queues'>, Pick<DeadLetterQueue, 'longPollSeconds'> {
  readonly prefix: string;
}

function placeOf(
  { client, label, prefix, longPollSeconds, queues }: PlaceParts,
  explainMissing: (name: string) => Promise<string>,
): Place {
  const urlOf = async (name: string): Promise<string> => {
    try {
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
      if (QueueUrl !== undefined) return QueueUrl;
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist)) throw error;
    }
    throw new StartError(await explainMissing(name));
  };
  return {
    client,
    label,
    queues,
    find: async (name) =>
      name === streamFailures
        ? { name, fifo: false, sourceUrl: null, deadLetterUrl: await urlOf(`${prefix}${name}`), longPollSeconds }
        : {
            name,
            fifo: isFifo(name),
            sourceUrl: await urlOf(`${prefix}${wireName(name)}`),
            deadLetterUrl: await urlOf(`${prefix}${deadLetterName(name)}`),
            longPollSeconds,
          },
  };
}

export const allQueues = (place: Place): Promise<readonly DeadLetterQueue[]> =>
  Promise.all(place.queues.map((name) => place.find(name)));
