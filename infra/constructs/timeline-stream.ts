import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { commitPrefix, tableKeys } from '#shared/store/keys.ts';
import type { DataStack } from '../data-stack.ts';
import { acknowledge } from '../wildcards.ts';
import type { Escalation } from './escalation.ts';
import type { Lanes } from './lanes.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';
import type { Topics } from './topics.ts';

export interface TimelineStreamProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly lanes: Lanes;
  readonly escalation: Escalation;
  readonly topics: Topics;
  readonly publicUrl: string;
}

/** Stage 3: the table's stream, inserted commits only, to timers, lanes and subscribers. */
export class TimelineStream extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { foundation, data, lanes, escalation, topics, publicUrl }: TimelineStreamProps,
  ) {
    super(scope, id);
    const fn = new ServiceFunction(this, 'Dispatch', {
      foundation,
      name: 'dispatch-timeline',
      memorySize: 512,
      environment: { PUBLIC_URL: publicUrl },
    });
    const failures = this.#makeFailureQueue(foundation);

    data.table.grantStream(fn);
    new EventSourceMapping(this, 'Stream', {
      target: fn.lambda,
      eventSourceArn: data.table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      // One read of the table for all of them, 8 incidents at once: 100 commits take a few seconds of the 60.
      batchSize: 100,
      // Order is kept per partition key, which is the incident. 4 batches a shard; a new table has about 4 shards.
      parallelizationFactor: 4,
      // A failing batch holds back its part of the shard. After 5 minutes it is the sweep's: it looks for undispatched
      // commits from 60 s on, so that nothing waits for this.
      maxRecordAge: Duration.minutes(5),
      retryAttempts: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(failures),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { [tableKeys.sort]: { S: FilterRule.beginsWith(commitPrefix) } } },
        }),
      ],
    });
    data.table.grant(fn, ['get', 'update']);
    escalation.grantStart(fn);
    topics.grantPublishEvents(fn);
    lanes.grantSend(fn, [
      'slack-pages',
      'slack-updates',
      'pagerduty-pages',
      'pagerduty-updates',
      'sns-pages',
      'status-updates',
    ]);

    foundation.monitoring.addAlarm({
      id: 'stream-age',
      heading: 'stream-age',
      says: 'Commits wait in the stream for more than 60 s; the sweep dispatches them.',
      metric: fn.lambda.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      above: 60_000,
      periods: 2,
    });
  }

  /** Gets where in the stream a batch stood, not the batch (PROTOCOLS 8.2). */
  #makeFailureQueue({ stage, monitoring }: Foundation): Queue {
    const queue = new Queue(this, 'Failures', {
      queueName: `tocsin-${stage.environment}-dispatch-failures`,
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    acknowledge(queue, 'AwsSolutions-SQS3', 'It is itself a dead-letter queue, with an alarm on its first message.');
    monitoring.addAlarm({
      id: 'dispatch-failures',
      heading: 'dispatch-failures',
      says: 'Commits could not be dispatched from the stream; the sweep has taken over.',
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      above: 0,
    });
    return queue;
  }
}
