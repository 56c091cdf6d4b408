import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { assert } from '#shared/kernel/assert.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import type { FunctionName } from '#shared/runtime/wiring.ts';
import type { DataStack } from '../data-stack.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';
import { ServiceQueue } from './service-queue.ts';
import type { Topics } from './topics.ts';

export interface LanesProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly topics: Topics;
  readonly publicUrl: string;
}

/** A page of SEV1 is due after 60 s; an update may wait for a rate limit, but not for long. */
const maxAgeSeconds = { pages: 60, updates: 900, status: 300 } as const;

/** Stage 4: one vendor, one function, its queues. Pages and updates never wait for each other. */
export class Lanes extends Construct {
  readonly #props: LanesProps;
  readonly #queues = new Map<QueueName, ServiceQueue>();

  constructor(scope: Construct, id: string, props: LanesProps) {
    super(scope, id);
    this.#props = props;
    const { data, topics } = props;
    this.#addQueue('slack-pages', maxAgeSeconds.pages, true);
    this.#addQueue('slack-updates', maxAgeSeconds.updates);
    this.#addQueue('pagerduty-pages', maxAgeSeconds.pages, true);
    this.#addQueue('pagerduty-updates', maxAgeSeconds.updates);
    this.#addQueue('sns-pages', maxAgeSeconds.pages, true);
    this.#addQueue('status-updates', maxAgeSeconds.status);

    const slack = this.#addLane('Slack', 'notify-slack', ['slack-pages', 'slack-updates']);
    // Open: what still fires under a silence that ends soon.
    data.table.grant(slack, ['get', 'query', 'put', 'update', 'check'], ['open']);
    data.secrets.grantRead(slack, 'slack');
    this.grantSend(slack, ['sns-pages']);

    const pagerduty = this.#addLane('PagerDuty', 'notify-pagerduty', ['pagerduty-pages', 'pagerduty-updates']);
    data.table.grant(pagerduty, ['get', 'query', 'put', 'update', 'check']);
    data.secrets.grantRead(pagerduty, 'pagerduty');
    this.grantSend(pagerduty, ['sns-pages']);

    const sns = this.#addLane('Sns', 'notify-sns', ['sns-pages']);
    data.table.grant(sns, ['get', 'put', 'check']);
    topics.grantPageFallback(sns);
    topics.grantPageContacts(sns);
    this.#addAlarms();
  }

  /** Lets the function put messages into these queues. */
  grantSend(fn: ServiceFunction, names: readonly QueueName[]): void {
    for (const name of names) this.queue(name).grantSend(fn);
  }

  queue(name: QueueName): ServiceQueue {
    const queue = this.#queues.get(name);
    assert(queue, `${name} is no queue of a lane`);
    return queue;
  }

  /** `delays`: pages of later contact methods wait for up to 15 minutes on purpose. */
  #addQueue(name: QueueName, maxAgeSeconds: number, delays = false): void {
    const { foundation } = this.#props;
    this.#queues.set(name, new ServiceQueue(this, `Queue-${name}`, { foundation, name, maxAgeSeconds, delays }));
  }

  /** A lane postpones a message by sending it again, so it may write to its own queues. */
  #addLane(id: string, name: FunctionName, queues: readonly QueueName[]): ServiceFunction {
    const { foundation, publicUrl } = this.#props;
    const fn = new ServiceFunction(this, id, { foundation, name, environment: { PUBLIC_URL: publicUrl } });
    for (const queue of queues) this.queue(queue).feed(fn, { sends: true });
    return fn;
  }

  #addAlarms(): void {
    const { monitoring } = this.#props.foundation;
    const period = Duration.minutes(5);
    monitoring.addAlarm({
      id: 'pages-late',
      heading: 'pages-late',
      says: 'A page was handed over after its deadline.',
      metric: monitoring.sumOf('PagesHandedOverLate', period),
      above: 0,
    });
    monitoring.addAlarm({
      id: 'fallback-paged',
      heading: 'fallback-paged',
      says: 'A page could not be handed over, and the fallback was paged instead.',
      metric: monitoring.sumOf('FallbackPaged', period),
      above: 0,
    });
    monitoring.addAlarm({
      id: 'breaker-opened',
      heading: 'breaker-opened',
      says: 'A vendor failed five times in a row and is asked only now and then.',
      metric: monitoring.sumOf('BreakerOpened', period),
      above: 0,
    });
  }
}
