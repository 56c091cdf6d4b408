import { beforeAll, describe, expect, it } from 'vitest';
import { deadLetterName, wireName } from '#local/engines/queue-names.ts';
import { queueNames } from '#shared/runtime/messages.ts';
import { queueOfArn } from '#shared/runtime/queue-settings.ts';
import { functionTimeoutSeconds, queueConsumers } from '#shared/runtime/wiring.ts';
import { commitPrefix, tableKeys } from '#shared/store/keys.ts';
import { at, listAt, type Synthesized, synthesize, textAt } from './support/synthesize.ts';

let prod: Synthesized;
beforeAll(async () => {
  prod = await synthesize('prod');
});

const queue = (name: string) => {
  const found = prod.service.all('AWS::SQS::Queue').find(([, { Properties }]) => Properties.QueueName === name);
  if (found === undefined) throw new Error(`no queue ${name}`);
  return { id: found[0], properties: found[1].Properties };
};
const functionNameOf = (target: unknown): string => {
  const id = at(target, 'Ref') ?? at(target, 'Fn::GetAtt', 0);
  return textAt(
    prod.service.all('AWS::Lambda::Function').find(([each]) => each === id)?.[1].Properties,
    'FunctionName',
  );
};
const alarmsOn = (queueId: string, metric: string) =>
  prod.service
    .all('AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) =>
      [Properties, ...listAt(Properties, 'Metrics').map((each) => at(each, 'MetricStat', 'Metric'))].some(
        (measured) =>
          at(measured, 'MetricName') === metric &&
          listAt(measured, 'Dimensions').some((each) => at(each, 'Value', 'Fn::GetAtt', 0) === queueId),
      ),
    );
const mappings = () => prod.service.all('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);

describe('the queues', () => {
  it('are those of the wiring, by the names that functions and redrive know them by', () => {
    const names = prod.service.all('AWS::SQS::Queue').map(([, { Properties }]) => String(Properties.QueueName));
    expect(names.sort()).toEqual(
      [
        ...queueNames.flatMap((name) => [`tocsin-prod-${wireName(name)}`, `tocsin-prod-${deadLetterName(name)}`]),
        'tocsin-prod-dispatch-failures',
      ].sort(),
    );
    for (const name of queueNames) {
      expect(queueOfArn(`arn:aws:sqs:eu-central-1:111122223333:tocsin-prod-${wireName(name)}`)).toBe(name);
    }
  });

  it.each(queueConsumers.map((consumer) => [consumer.queue, consumer] as const))(
    '%s keeps messages for 14 days, never in two hands, and sets them aside late',
    (name, consumer) => {
      const { properties } = queue(`tocsin-prod-${wireName(name)}`);
      const deadLetters = queue(`tocsin-prod-${deadLetterName(name)}`);
      expect(properties).toMatchObject({
        MessageRetentionPeriod: 14 * 86_400,
        SqsManagedSseEnabled: true,
        VisibilityTimeout: consumer.visibilitySeconds,
        RedrivePolicy: {
          maxReceiveCount: consumer.maxReceives,
          deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters.id, 'Arn'] },
        },
      });
      expect(consumer.visibilitySeconds).toBeGreaterThan(functionTimeoutSeconds[consumer.function]);
      expect(deadLetters.properties).toMatchObject({ MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true });
      expect([properties.FifoQueue, deadLetters.properties.FifoQueue]).toEqual(
        consumer.fifo ? [true, true] : [undefined, undefined],
      );
    },
  );

  it('take alert groups side by side: the FIFO queue is in high-throughput mode', () => {
    expect(queue('tocsin-prod-ingest.fifo').properties).toMatchObject({
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  it('each ring when a message waits too long, and at the first dead letter', () => {
    const rings = queueConsumers.map(({ queue: name }) => {
      const [age] = alarmsOn(queue(`tocsin-prod-${wireName(name)}`).id, 'ApproximateAgeOfOldestMessage');
      const [dead] = alarmsOn(queue(`tocsin-prod-${deadLetterName(name)}`).id, 'ApproximateNumberOfMessagesVisible');
      return [name, age?.[1].Properties.Threshold, dead?.[1].Properties.Threshold];
    });
    expect(rings).toEqual([
      ['ingest', 60, 0],
      ['releases', 1200, 0],
      ['slack-pages', 60, 0],
      ['slack-updates', 900, 0],
      ['pagerduty-pages', 60, 0],
      ['pagerduty-updates', 900, 0],
      ['sns-pages', 60, 0],
      ['status-updates', 300, 0],
      ['commands', 60, 0],
    ]);
  });

  it('of pages ring only while a message can be received or is being worked on, because later contacts wait on purpose', () => {
    const expressions = queueConsumers.flatMap(({ queue: name }) => {
      const [age] = alarmsOn(queue(`tocsin-prod-${wireName(name)}`).id, 'ApproximateAgeOfOldestMessage');
      const found = listAt(age?.[1].Properties, 'Metrics').flatMap((each) => at(each, 'Expression') ?? []);
      return found.map((expression) => [name, expression]);
    });
    const whileReceivable = 'IF(visible + inFlight > 0, age, 0)';
    expect(expressions).toEqual([
      ['slack-pages', whileReceivable],
      ['pagerduty-pages', whileReceivable],
      ['sns-pages', whileReceivable],
    ]);
  });

  it('feed their functions batches of which single messages can fail', () => {
    const fed = mappings()
      .filter((mapping) => at(mapping, 'StartingPosition') === undefined)
      .map((mapping) => {
        const id = at(mapping, 'EventSourceArn', 'Fn::GetAtt', 0);
        const source = prod.service.all('AWS::SQS::Queue').find(([each]) => each === id);
        return [
          source?.[1].Properties.QueueName,
          functionNameOf(at(mapping, 'FunctionName')),
          at(mapping, 'BatchSize'),
          at(mapping, 'FunctionResponseTypes'),
        ];
      });
    expect(fed.sort()).toEqual(
      queueConsumers
        .map(({ queue: name, function: reader, batchSize }) => [
          `tocsin-prod-${wireName(name)}`,
          `tocsin-prod-${reader}`,
          batchSize,
          ['ReportBatchItemFailures'],
        ])
        .sort(),
    );
  });
});

describe('the stream of the timeline', () => {
  const mapping = () => {
    const [found, ...rest] = mappings().filter((each) => at(each, 'StartingPosition') !== undefined);
    expect(rest).toEqual([]);
    return found;
  };

  it('has one reader, which gets inserted commits and nothing else', () => {
    expect(functionNameOf(at(mapping(), 'FunctionName'))).toBe('tocsin-prod-dispatch-timeline');
    const filters = listAt(mapping(), 'FilterCriteria', 'Filters').map((filter) =>
      JSON.parse(textAt(filter, 'Pattern')),
    );
    expect(filters).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { [tableKeys.sort]: { S: [{ prefix: commitPrefix }] } } } },
    ]);
  });

  it('cannot be held up for ever by one commit: bounded tries, bisected, then a queue with an alarm', () => {
    const failures = queue('tocsin-prod-dispatch-failures');
    expect(mapping()).toMatchObject({
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 300,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [failures.id, 'Arn'] } } },
    });
    expect(Number(at(mapping(), 'ParallelizationFactor'))).toBeGreaterThan(1);
    const [, alarm] = alarmsOn(failures.id, 'ApproximateNumberOfMessagesVisible')[0] ?? [];
    expect(alarm?.Properties).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
  });
});
