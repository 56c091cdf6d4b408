import { createHmac } from 'node:crypto';
import type { APIGatewayProxyResult, Context, DynamoDBStreamEvent, SQSEvent, SQSRecord } from 'aws-lambda';
import { makeHandler as dispatchTimeline } from '#functions/dispatch-timeline.ts';
import { makeHandler as ingestAlerts } from '#functions/ingest-alerts.ts';
import { makeHandler as notifyPagerduty } from '#functions/notify-pagerduty.ts';
import { makeHandler as notifySlack } from '#functions/notify-slack.ts';
import { makeHandler as notifySns } from '#functions/notify-sns.ts';
import { makeHandler as receiveAlerts } from '#functions/receive-alerts.ts';
import { makeHandler as respondToSlack } from '#functions/respond-to-slack.ts';
import { makeHandler as tickEscalation } from '#functions/tick-escalation.ts';
import type { Policy } from '#shared/config/policy.ts';
import { fromEpochMillis, type Instant, toEpochMillis, toEpochSeconds } from '#shared/kernel/instant.ts';
import type { Deps } from '#shared/runtime/deps.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import type { TimerInput } from '#shared/runtime/ports.ts';
import { type FunctionName, queueConsumers } from '#shared/runtime/wiring.ts';
import { commitPrefix } from '#shared/store/keys.ts';
import { type MemoryTable, makeMemoryTable } from '#shared/store/memory-table.ts';
import type { Item } from '#shared/store/table.ts';
import { apiEvent } from '#test/support/api-event.ts';
import type { ChangeSink } from './count-table.ts';
import { countedPorts, type SharedParts, slackSigningSecret } from './counted-ports.ts';
import { sourceToken } from './product.ts';
import { noUsage, type Usage } from './usage.ts';
import type { webhookOf } from './webhook.ts';

type Handler = (event: never, context: Context) => Promise<unknown>;

const makers: Partial<Readonly<Record<FunctionName, (deps: Deps) => Handler>>> = {
  'receive-alerts': receiveAlerts,
  'ingest-alerts': ingestAlerts,
  'dispatch-timeline': dispatchTimeline,
  'notify-slack': notifySlack,
  'notify-pagerduty': notifyPagerduty,
  'notify-sns': notifySns,
  'tick-escalation': tickEscalation,
  'respond-to-slack': respondToSlack,
};

interface Waiting {
  readonly queue: QueueName;
  readonly body: string;
  readonly visibleAt: number;
}

/** The product's own handlers over the store in memory, one event after the other, with everything that they ask counted. */
export class CountedProduct {
  readonly #memory: MemoryTable;
  readonly #sink: ChangeSink = { changes: [] };
  readonly #handlers = new Map<FunctionName, Handler>();
  readonly #usage = new Map<FunctionName, Usage>();
  readonly #waiting: Waiting[] = [];
  readonly #commits: Item[] = [];
  readonly #timers: TimerInput[] = [];
  readonly #shared: SharedParts;
  #millis: number;
  #serial = 0;

  constructor(policy: Policy, startAt: Instant) {
    this.#millis = toEpochMillis(startAt);
    this.#memory = makeMemoryTable({
      onWrite: (changes) => {
        this.#sink.changes = changes;
        for (const { before, after } of changes) {
          if (before === null && after?.sk.startsWith(commitPrefix)) this.#commits.push(after);
        }
      },
    });
    this.#shared = {
      memory: this.#memory,
      sink: this.#sink,
      policy,
      // Only deadlines sleep here, and none is reached.
      clock: { now: () => this.now(), sleep: () => new Promise(() => {}) },
      enqueue: (queue, body, delaySeconds) => {
        this.#waiting.push({ queue, body: JSON.stringify(body), visibleAt: this.#millis + delaySeconds * 1000 });
      },
      startTimer: (_name, input) => this.#timers.push(input),
      nextId: () => String(++this.#serial).padStart(20, '0'),
    };
  }

  now(): Instant {
    return fromEpochMillis(this.#millis);
  }

  advance(millis: number): void {
    this.#millis += millis;
  }

  /** What each function used since the last look. */
  takeUsage(): ReadonlyMap<FunctionName, Usage> {
    const taken = new Map([...this.#usage].map(([name, usage]) => [name, { ...usage }] as const));
    for (const usage of this.#usage.values()) Object.assign(usage, noUsage());
    return taken;
  }

  async post(webhook: ReturnType<typeof webhookOf>): Promise<void> {
    const headers = { Authorization: `Bearer ${sourceToken}` };
    const event = apiEvent({ headers, body: JSON.stringify(webhook) });
    const { statusCode } = (await this.#invoke('receive-alerts', event)) as APIGatewayProxyResult;
    if (statusCode !== 202) throw new Error(`the door answered ${statusCode}`);
    await this.settle();
  }

  /** `/incident <text>` as Slack posts it. Answers what the person reads. */
  async slashCommand(text: string): Promise<string> {
    const form = { text, trigger_id: `${++this.#serial}.1`, user_id: 'U0BENCH00', team_id: 'T0BENCH' };
    const body = new URLSearchParams({ ...form, response_url: 'https://hooks.slack.com/commands/x' }).toString();
    const timestamp = String(toEpochSeconds(this.now()));
    const hash = createHmac('sha256', slackSigningSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    const headers = { 'X-Slack-Request-Timestamp': timestamp, 'X-Slack-Signature': `v0=${hash}` };
    const event = apiEvent({ resource: '/v1/slack/commands', path: '/v1/slack/commands', headers, body });
    const answer = (await this.#invoke('respond-to-slack', event)) as APIGatewayProxyResult;
    if (answer.statusCode !== 200) throw new Error(`the Slack door answered ${answer.statusCode}: ${answer.body}`);
    return answer.body;
  }

  /** Works off stream, queues and timers, and moves the clock to what is postponed. Timers that wait are left waiting. */
  async settle(): Promise<void> {
    for (;;) {
      if (this.#commits.length > 0) await this.#dispatch();
      else if (this.#timers.length > 0) await this.#tick();
      else if (this.#waiting.length > 0) await this.#deliver();
      else return;
    }
  }

  async #dispatch(): Promise<void> {
    const commits = this.#commits.splice(0);
    const event: DynamoDBStreamEvent = {
      Records: commits.map(({ pk, sk }) => ({
        eventName: 'INSERT',
        dynamodb: { SequenceNumber: String(++this.#serial), Keys: { pk: { S: pk }, sk: { S: sk } } },
      })),
    };
    await this.#invoke('dispatch-timeline', event);
  }

  /** Task, choice, then wait or end: three transitions a round. */
  async #tick(): Promise<void> {
    const input = this.#timers.shift();
    await this.#invoke('tick-escalation', input);
    this.#usageOf('tick-escalation').transitions += 3;
  }

  async #deliver(): Promise<void> {
    this.#waiting.sort((a, b) => a.visibleAt - b.visibleAt);
    const first = this.#waiting[0];
    if (first === undefined) return;
    this.#millis = Math.max(this.#millis, first.visibleAt);
    const consumer = queueConsumers.find(({ queue }) => queue === first.queue);
    if (consumer === undefined) throw new Error(`nobody reads ${first.queue}`);
    const batch = this.#waiting
      .filter(({ queue, visibleAt }) => queue === first.queue && visibleAt <= this.#millis)
      .slice(0, consumer.batchSize);
    for (const message of batch) this.#waiting.splice(this.#waiting.indexOf(message), 1);
    const event: SQSEvent = { Records: batch.map((message) => this.#record(message)) };
    // The poller's receive and delete.
    this.#usageOf(consumer.function).queueRequests += 2;
    const answer = (await this.#invoke(consumer.function, event)) as { readonly batchItemFailures: readonly unknown[] };
    if (answer.batchItemFailures.length > 0) throw new Error(`${consumer.function} gave a message back`);
  }

  #record({ queue, body }: Waiting): SQSRecord {
    const sent = String(this.#millis);
    return {
      messageId: `message-${++this.#serial}`,
      receiptHandle: 'receipt',
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: sent,
        SenderId: 'bench',
        ApproximateFirstReceiveTimestamp: sent,
        MessageGroupId: 'group',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
      awsRegion: 'us-east-1',
    };
  }

  #usageOf(name: FunctionName): Usage {
    const usage = this.#usage.get(name) ?? noUsage();
    this.#usage.set(name, usage);
    return usage;
  }

  async #invoke(name: FunctionName, event: unknown): Promise<unknown> {
    const usage = this.#usageOf(name);
    usage.invocations += 1;
    if (name === 'receive-alerts' || name === 'respond-to-slack') usage.gatewayRequests += 1;
    const handler = this.#handlers.get(name) ?? makers[name]?.(countedPorts(this.#shared, usage));
    if (handler === undefined) throw new Error(`${name} is not part of this bench`);
    this.#handlers.set(name, handler);
    return handler(event as never, {} as Context);
  }
}
