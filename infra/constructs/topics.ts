import { CfnOutput, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge, wildcards } from '../wildcards.ts';
import type { Foundation, ServiceFunction } from './service-function.ts';

/** Events for subscribers (docs/events.md), the fallback, and the topics that the policy file's SNS contacts name. */
export class Topics extends Construct {
  readonly #foundation: Foundation;
  readonly #events: Topic;
  readonly #fallback: Topic;
  /** Topics of this deployment by the name that the policy file gives them. */
  readonly #contacts = new Map<string, Topic>();

  constructor(scope: Construct, id: string, { foundation }: { readonly foundation: Foundation }) {
    super(scope, id);
    this.#foundation = foundation;
    this.#events = this.#makeTopic('Events', 'events', 'incident events');
    this.#fallback = this.#makeTopic('Fallback', 'fallback', 'last resort');
    const { fallback, snsContacts } = foundation.policy;
    if (fallback.email !== null) this.#fallback.addSubscription(new EmailSubscription(fallback.email));
    if (fallback.sms !== null) this.#fallback.addSubscription(new SmsSubscription(fallback.sms));
    for (const { topic } of Object.values(snsContacts)) {
      if (topic === null || topic.startsWith('arn:') || this.#contacts.has(topic)) continue;
      this.#contacts.set(topic, this.#makeTopic(`Contact-${topic}`, `contact-${topic}`, topic));
    }

    new CfnOutput(this, 'EventsTopicArn', {
      value: this.#events.topicArn,
      description: 'Subscribe here for every change of every incident (docs/events.md)',
    }).overrideLogicalId('EventsTopicArn');
    this.#addAlarms();
  }

  grantPublishEvents(fn: ServiceFunction): void {
    fn.setVariable('EVENTS_TOPIC_ARN', this.#events.topicArn);
    fn.allow(['sns:Publish'], [this.#events.topicArn]);
  }

  grantPageFallback(fn: ServiceFunction): void {
    fn.setVariable('FALLBACK_TOPIC_ARN', this.#fallback.topicArn);
    fn.allow(['sns:Publish'], [this.#fallback.topicArn]);
  }

  /** Lets the function reach every SNS contact of the policy file: its own topics, topics of others, phones. */
  grantPageContacts(fn: ServiceFunction): void {
    for (const [name, topic] of this.#contacts) {
      // The name that lanes/sns-pages.ts reads.
      fn.setVariable(`SNS_TOPIC_${name.toUpperCase().replaceAll('-', '_')}`, topic.topicArn);
      fn.allow(['sns:Publish'], [topic.topicArn]);
    }
    const contacts = Object.values(this.#foundation.policy.snsContacts);
    const foreign = contacts.flatMap(({ topic }) => (topic?.startsWith('arn:') === true ? [topic] : []));
    if (foreign.length > 0) fn.allow(['sns:Publish'], foreign);
    if (contacts.some(({ phone }) => phone !== null)) {
      fn.addStatement(
        new PolicyStatement({
          actions: [...wildcards.textMessages.actions],
          notResources: [`arn:${this.#events.stack.partition}:sns:*:*:*`],
        }),
      );
      // The rule cannot read a statement without Resource and says so for the whole policy.
      acknowledge(fn, 'AwsSolutions-IAM5', wildcards.textMessages.reason);
    }
  }

  #makeTopic(id: string, name: string, displayName: string): Topic {
    const { environment } = this.#foundation.stage;
    return new Topic(this, id, {
      topicName: `tocsin-${environment}-${name}`,
      displayName: `Tocsin ${environment}: ${displayName}`,
      enforceSSL: true,
    });
  }

  #addAlarms(): void {
    const failed = (topic: ITopic) =>
      topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' });
    const { monitoring } = this.#foundation;
    monitoring.addAlarm({
      id: 'fallback-undelivered',
      heading: 'fallback-undelivered',
      says: 'SNS could not deliver a page to the fallback.',
      metric: failed(this.#fallback),
      above: 0,
    });
    for (const [name, topic] of this.#contacts) {
      monitoring.addAlarm({
        id: `contact-undelivered-${name}`,
        heading: 'contact-undelivered',
        says: `SNS could not deliver a page to the contact topic ${name}.`,
        metric: failed(topic),
        above: 0,
      });
    }
  }
}
