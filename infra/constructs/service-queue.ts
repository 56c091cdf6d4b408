import { Duration } from 'aws-cdk-lib';
import { MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { assert } from '#shared/kernel/assert.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import { deadLetterUrlVariable, queueUrlVariable } from '#shared/runtime/queue-settings.ts';
import { type QueueConsumer, queueConsumers } from '#shared/runtime/wiring.ts';
import { acknowledge } from '../wildcards.ts';
import type { Foundation, ServiceFunction } from './service-function.ts';

/** The longest that SQS keeps a message: two weeks of an outage lose nothing. */
const retention = Duration.days(14);

const consumerOf = (queue: QueueName): QueueConsumer => {
  const consumer = queueConsumers.find((one) => one.queue === queue);
  assert(consumer, `wiring.ts has no consumer of the queue ${queue}`);
  return consumer;
};

/** The queue's name here, behind a prefix that ends in `-`: functions know it again by its ARN (queue-settings.ts). */
export const queueNameOf = (environment: string, queue: QueueName): string =>
  `tocsin-${environment}-${queue}${consumerOf(queue).fifo ? '.fifo' : ''}`;
const deadLetterNameOf = (environment: string, queue: QueueName): string =>
  `tocsin-${environment}-${queue}-dead-letter${consumerOf(queue).fifo ? '.fifo' : ''}`;

export interface ServiceQueueProps {
  readonly foundation: Foundation;
  readonly name: QueueName;
  /** Rings when a message is older. */
  readonly maxAgeSeconds: number;
  /**
   * Its messages may wait on purpose for longer than that: the age then counts only while a message can be received or is in
   * somebody's hands. AWS does not say whether the age counts messages that are delayed; from their sending on, it would.
   * @default false
   */
  readonly delays?: boolean;
}

/** One queue of wiring.ts with its dead-letter queue, of the same kind, and their alarms. */
export class ServiceQueue extends Construct {
  readonly #foundation: Foundation;
  readonly #name: QueueName;
  readonly #queue: Queue;
  readonly #deadLetters: Queue;

  constructor(scope: Construct, id: string, { foundation, name, maxAgeSeconds, delays = false }: ServiceQueueProps) {
    super(scope, id);
    this.#foundation = foundation;
    this.#name = name;
    const { environment } = foundation.stage;
    const { fifo, visibilitySeconds, maxReceives } = consumerOf(name);
    const common = {
      retentionPeriod: retention,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // FIFO per message group, not per queue: 3,000 messages a second become many times that (SQS high throughput mode).
      ...(fifo && {
        fifo,
        deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      }),
    };
    this.#deadLetters = new Queue(this, 'DeadLetters', { ...common, queueName: deadLetterNameOf(environment, name) });
    acknowledge(
      this.#deadLetters,
      'AwsSolutions-SQS3',
      'It is itself a dead-letter queue, with an alarm on its first message.',
    );
    this.#queue = new Queue(this, 'Queue', {
      ...common,
      queueName: queueNameOf(environment, name),
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      deadLetterQueue: { queue: this.#deadLetters, maxReceiveCount: maxReceives },
    });
    this.#addAlarms(maxAgeSeconds, delays);
  }

  /** Lets the function put messages in. */
  grantSend(fn: ServiceFunction): void {
    fn.setVariable(queueUrlVariable(this.#name), this.#queue.queueUrl);
    fn.allow(['sqs:SendMessage'], [this.#queue.queueArn]);
  }

  grantProbe(fn: ServiceFunction): void {
    fn.allow(['sqs:GetQueueAttributes'], [this.#queue.queueArn]);
  }

  /**
   * Makes the function the queue's reader: it may also give a message back, and set aside what can never succeed.
   * `sends`: whether it puts messages in as well (a lane postpones by sending again).
   */
  feed(fn: ServiceFunction, { sends }: { readonly sends: boolean }): void {
    const { batchSize } = consumerOf(this.#name);
    const { queueConcurrency } = this.#foundation.stage;
    fn.lambda.addEventSource(
      new SqsEventSource(this.#queue, {
        batchSize,
        reportBatchItemFailures: true,
        ...(queueConcurrency !== null && { maxConcurrency: queueConcurrency }),
      }),
    );
    if (sends) this.grantSend(fn);
    else fn.setVariable(queueUrlVariable(this.#name), this.#queue.queueUrl);
    fn.setVariable(deadLetterUrlVariable(this.#name), this.#deadLetters.queueUrl);
    fn.allow(['sqs:SendMessage'], [this.#deadLetters.queueArn]);
  }

  #addAlarms(maxAgeSeconds: number, delays: boolean): void {
    const { monitoring } = this.#foundation;
    const period = Duration.minutes(1);
    monitoring.addAlarm({
      id: `dead-letters-${this.#name}`,
      heading: 'dead-letters',
      says: `A message of ${this.#name} could not be processed and was set aside.`,
      metric: this.#deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      above: 0,
    });
    monitoring.addAlarm({
      id: `age-${this.#name}`,
      heading: 'age',
      says: `A message of ${this.#name} waits for more than ${maxAgeSeconds} s.`,
      metric: delays ? this.#ageOfReceivable(period) : this.#age(period),
      above: maxAgeSeconds,
      periods: 2,
    });
  }

  #age(period: Duration): Metric {
    return this.#queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
  }

  #ageOfReceivable(period: Duration): MathExpression {
    const visible = this.#queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });
    const inFlight = this.#queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic: 'Maximum' });
    return new MathExpression({
      expression: 'IF(visible + inFlight > 0, age, 0)',
      usingMetrics: { age: this.#age(period), visible, inFlight },
      label: 'ApproximateAgeOfOldestMessage',
      period,
    });
  }
}
