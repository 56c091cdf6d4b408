import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Policy } from '#shared/config/policy.ts';
import type { Deps } from '#shared/runtime/deps.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import type { TickAnswer, TimerInput } from '#shared/runtime/ports.ts';
import { type FunctionName, queueConsumers } from '#shared/runtime/wiring.ts';
import { commitPrefix, incidentKeyOf } from '#shared/store/keys.ts';
import { type CommittedChange, makeMemoryTable } from '#shared/store/memory-table.ts';
import type { Item, Key, Table } from '#shared/store/table.ts';
import { Containers, type Handler } from './containers.ts';
import { type Container, type FaultCounts, FaultPlan } from './faults.ts';
import { PagerDutyModel } from './pagerduty-model.ts';
import { blobsPort, clockPort, queuesPort, secretsPort, simulationSettings } from './port-models.ts';
import { QueueModel } from './queue-model.ts';
import { Random } from './random.ts';
import { SlackModel } from './slack-model.ts';
import { StreamModel, type StreamRecord } from './stream-model.ts';
import { TimerModel } from './timer-model.ts';
import { TopicsModel } from './topics-model.ts';
import { VirtualTime } from './virtual-time.ts';

/** The product's own makeHandler functions, by name: the simulation adds nothing between them and their ports. */
export type Functions = Readonly<Record<FunctionName, (deps: Deps) => Handler>>;

/** One write as the table committed it: the order of these is the order of the ledger. */
export interface LedgerEntry {
  readonly at: number;
  readonly changes: readonly CommittedChange[];
}

/** What a test may replace, to see whether the checks notice. */
export interface WorldOptions {
  readonly functions: Functions;
  readonly policy: Policy;
  readonly counts: FaultCounts;
  readonly wrapTable: (table: Table) => Table;
}

/** A whole Tocsin on a virtual clock: the real handlers over models of everything that is not ours. */
export class World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: FaultPlan;
  readonly containers: Containers;
  readonly ledger: LedgerEntry[] = [];
  readonly queues: ReadonlyMap<QueueName, QueueModel>;
  readonly stream: StreamModel;
  readonly timers: TimerModel;
  readonly slack: SlackModel;
  readonly pagerduty: PagerDutyModel;
  readonly topics: TopicsModel;
  readonly secrets: Record<string, Readonly<Record<string, unknown>>> = {};
  readonly #table: Table;
  readonly #blobs = new Map<string, string>();
  /** What the table holds now, by kind and key: the table itself would sort all of it each time. */
  readonly #present = new Map<string, Map<string, Item>>();
  readonly #options: WorldOptions;
  #ids = 0;

  constructor(seed: number, startMillis: number, options: WorldOptions) {
    this.#options = options;
    this.random = new Random(seed);
    this.time = new VirtualTime(startMillis);
    this.faults = new FaultPlan(this.random.fork(), this.time, options.counts);
    this.containers = new Containers(this.time, this.random.fork(), (name, container) =>
      options.functions[name](this.#deps(container)),
    );
    this.#table = options.wrapTable(makeMemoryTable({ onWrite: (changes) => this.#committed(changes) }));
    this.queues = new Map(
      queueConsumers.map((consumer) => [
        consumer.queue,
        new QueueModel(consumer, this.time, this.random.fork(), (event) => this.#invokeBatch(consumer.function, event)),
      ]),
    );
    this.stream = new StreamModel(this.time, this.random.fork(), (records) => this.#invokeStream(records));
    this.timers = new TimerModel(
      this.time,
      this.random.fork(),
      (input) => this.containers.invoke<TickAnswer>('tick-escalation', input),
      (input) => this.#isPresentTimer(input),
    );
    this.topics = new TopicsModel(this.time);
    this.slack = new SlackModel(this.time);
    this.pagerduty = new PagerDutyModel(this.time);
    this.time.after(this.random.between(0, 60_000), () => this.#sweep());
  }

  /** Everything of one kind that the table holds now, in the order in which it came. */
  presentItems(kind: string): readonly Item[] {
    return [...(this.#present.get(kind)?.values() ?? [])];
  }

  #deps(container: Container): Deps {
    const guard = <P extends object>(name: string, port: P) => this.faults.guard(container, name, port);
    return {
      table: guard('table', this.#table),
      queues: guard('queues', queuesPort(this.queues)),
      timers: guard('timers', this.timers),
      blobs: guard('blobs', blobsPort(this.#blobs)),
      topics: guard('topics', this.topics),
      // Nothing here is subscribed to a topic.
      snsSubscriptions: { certificate: () => Promise.resolve(''), confirm: () => Promise.resolve() },
      secrets: guard('secrets', secretsPort(this.secrets)),
      slack: guard('slack', this.slack),
      slackResponder: guard('slackResponder', { respond: this.slack.respond.bind(this.slack) }),
      pagerduty: guard('pagerduty', this.pagerduty),
      clock: clockPort(this.time, container),
      ids: {
        next: () => `ID${String(++this.#ids).padStart(22, '0')}`,
        uuid: () => `00000000-0000-7000-8000-${String(++this.#ids).padStart(12, '0')}`,
      },
      random: () => this.random.next(),
      policy: this.#options.policy,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      metrics: { count: () => {} },
      settings: simulationSettings,
    };
  }

  #committed(changes: readonly CommittedChange[]): void {
    this.ledger.push({ at: this.time.millis, changes });
    for (const { key, before, after } of changes) {
      this.#keep(key, before, after);
      if (before === null && after?.sk.startsWith(commitPrefix)) this.stream.append(after);
    }
  }

  #keep(key: Key, before: Item | null, after: Item | null): void {
    const kind = String((after ?? before)?.kind);
    const items = this.#present.get(kind) ?? new Map<string, Item>();
    this.#present.set(kind, items);
    if (after === null) items.delete(nameOf(key));
    else items.set(nameOf(key), after);
  }

  #isPresentTimer({ incidentId, generation, part }: TimerInput): boolean {
    const incident = this.#present.get('incident')?.get(nameOf(incidentKeyOf(incidentId)));
    return incident?.generation === generation && incident.timerPart === part;
  }

  async #invokeBatch(name: FunctionName, event: SQSEvent): Promise<ReadonlySet<string> | null> {
    const answer = await this.containers.invoke<SQSBatchResponse>(name, event);
    return answer === null ? null : new Set(answer.batchItemFailures.map((failure) => failure.itemIdentifier));
  }

  /** Without images: dispatch reads the table, so that a replay costs one read. */
  #invokeStream(records: readonly StreamRecord[]): Promise<DynamoDBBatchResponse | null> {
    const event: DynamoDBStreamEvent = {
      Records: records.map(({ sequence, item }) => ({
        eventID: sequence,
        eventName: 'INSERT',
        dynamodb: { SequenceNumber: sequence, Keys: { pk: { S: item.pk }, sk: { S: item.sk } } },
      })),
    };
    return this.containers.invoke<DynamoDBBatchResponse>('dispatch-timeline', event);
  }

  #sweep(): void {
    this.time.after(60_000, () => this.#sweep());
    void this.containers.invoke('sweep', { source: 'aws.events', time: this.time.now() });
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
