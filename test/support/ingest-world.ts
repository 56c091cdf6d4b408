import { readFileSync } from 'node:fs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { makeHandler as makeIngest } from '#functions/ingest-alerts.ts';
import { makeHandler as makeReceive } from '#functions/receive-alerts.ts';
import { makeHandler as makeSweep } from '#functions/sweep.ts';
import type { AlertRecord } from '#shared/alert/alert.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Policy } from '#shared/config/policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Instant } from '#shared/kernel/instant.ts';
import type { TimerInput } from '#shared/runtime/ports.ts';
import { loadAlerts, loadIntake } from '#shared/store/alert-store.ts';
import { fromItem } from '#shared/store/codec.ts';
import { loadPages } from '#shared/store/incident-store.ts';
import { type MemoryTable, type MemoryTableOptions, makeMemoryTable } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';
import { apiEvent } from './api-event.ts';
import { aPolicy } from './decision-builders.ts';
import {
  makeFakeBlobs,
  makeFakeClock,
  makeFakeIds,
  makeFakeLog,
  makeFakeMetrics,
  makeFakeQueues,
  makeFakeSecrets,
} from './fake-ports.ts';

/** The way in, end to end on the memory table: the alert door, the ingest queue, ingest, and the sweep behind them. */

export const startedAt: Instant = '2026-11-21T01:00:00.000Z';

export const ingestPolicy: Policy = aPolicy({
  route: {
    ...aPolicy().route,
    severity: {
      kind: 'label',
      label: 'severity',
      map: { critical: 'SEV1', error: 'SEV2', warning: 'SEV3' },
      otherwise: 'SEV4',
    },
    owner: 'payments',
  },
});

export interface WireAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

export const anAlert = (instance: string, override: Partial<WireAlert> = {}): WireAlert => ({
  status: 'firing',
  labels: { alertname: 'HighErrorRate', severity: 'critical', instance },
  annotations: { summary: `${instance} fails` },
  startsAt: startedAt,
  ...override,
});

export const aResolved = (alert: WireAlert, endsAt: Instant): WireAlert => ({ ...alert, status: 'resolved', endsAt });

/** A webhook as Alertmanager writes it, with what a test changes. */
export const aWebhook = (alerts: readonly WireAlert[], override: Readonly<Record<string, unknown>> = {}) => ({
  version: '4',
  groupKey: '{}:{alertname="HighErrorRate"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'hook',
  groupLabels: { alertname: 'HighErrorRate' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager-1:9093',
  alerts: alerts.map((alert) => ({
    annotations: {},
    startsAt: startedAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: 'ffffffffffffffff',
    ...alert,
  })),
  ...override,
});

export const fingerprint = (alert: WireAlert): string => fingerprintOf(alert.labels);

export const recordedWebhook = (name: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(`test/fixtures/alertmanager/${name}.json`, 'utf8'));

export interface Traffic {
  itemsRead: number;
  transactions: number;
  longestTransaction: number;
}

/** Counts what passes to the table. */
function countTraffic(table: Table, traffic: Traffic): Table {
  return {
    get: (keys) => {
      traffic.itemsRead += keys.length;
      return table.get(keys);
    },
    query: (query) => table.query(query),
    queryIndex: (query) => table.queryIndex(query),
    write: (writes) => {
      traffic.transactions += 1;
      traffic.longestTransaction = Math.max(traffic.longestTransaction, writes.length);
      return table.write(writes);
    },
  };
}

export class IngestWorld {
  readonly memory: MemoryTable;
  readonly traffic: Traffic = { itemsRead: 0, transactions: 0, longestTransaction: 0 };
  readonly table: Table;
  readonly clock = makeFakeClock(startedAt);
  readonly queues = makeFakeQueues();
  readonly blobs = makeFakeBlobs();
  readonly log = makeFakeLog();
  readonly metrics = makeFakeMetrics();
  readonly secrets = makeFakeSecrets({ main: { tokens: ['main-token'] } });
  readonly started: { readonly name: string; readonly input: TimerInput }[] = [];
  readonly published: string[] = [];
  readonly deps;
  #taken = 0;

  constructor(options: MemoryTableOptions = {}, wrap: (table: Table) => Table = (table) => table) {
    this.memory = makeMemoryTable(options);
    this.table = wrap(countTraffic(this.memory, this.traffic));
    this.deps = {
      table: this.table,
      clock: this.clock,
      queues: this.queues,
      blobs: this.blobs,
      log: this.log,
      metrics: this.metrics,
      secrets: this.secrets,
      ids: makeFakeIds('id'),
      random: () => 0.5,
      policy: ingestPolicy,
      timers: {
        start: (name: string, input: TimerInput) => {
          this.started.push({ name, input });
          return Promise.resolve();
        },
      },
      topics: {
        publish: (_topic: string, message: string) => {
          this.published.push(message);
          return Promise.resolve('message-id');
        },
        sms: () => Promise.reject(new Error('nothing here sends SMS')),
      },
      settings: {
        environment: 'test',
        publicUrl: 'https://tocsin.example',
        eventsTopic: 'arn:aws:sns:eu-central-1:000000000000:events',
        fallbackTopic: 'arn:aws:sns:eu-central-1:000000000000:fallback',
        statusPrefix: 'status/',
      },
    };
  }

  /** Posts a webhook to the door and works the queue off. */
  async receive(webhook: Readonly<Record<string, unknown>>): Promise<void> {
    await this.post(webhook);
    await this.drain();
  }

  async post(webhook: Readonly<Record<string, unknown>>): Promise<number> {
    const headers = { Authorization: 'Bearer main-token' };
    const answer = await makeReceive(this.deps)(apiEvent({ headers, body: JSON.stringify(webhook) }));
    return answer.statusCode;
  }

  /** Delivers what waits in the ingest queue, one message a batch and again while it comes back, until nothing waits. */
  async drain(): Promise<void> {
    for (let body = this.take(); body !== undefined; body = this.take()) {
      for (let receives = 1; (await this.deliver(body, receives)).batchItemFailures.length > 0; receives += 1) {
        if (receives === 10) throw new Error(`ingest gave a message back ten times: ${this.lastWarning()}`);
      }
    }
  }

  /** The next message of the ingest queue, as SQS would hand it out. */
  take(): string | undefined {
    const waiting = this.queues.sent.filter(({ queue }) => queue === 'ingest');
    const next = waiting[this.#taken];
    if (next === undefined) return undefined;
    this.#taken += 1;
    return JSON.stringify(next.body);
  }

  deliver(body: string, receives = 1): Promise<SQSBatchResponse> {
    return makeIngest(this.deps)({ Records: [sqsRecord(body, receives)] });
  }

  sweep(): Promise<void> {
    return makeSweep(this.deps)({ source: 'aws.events' });
  }

  lastWarning(): string {
    return JSON.stringify(this.log.lines.filter(({ level }) => level !== 'info').at(-1));
  }

  incidents(): readonly Incident[] {
    return this.memory
      .allItems()
      .filter((item) => item.kind === 'incident')
      .map((item) => fromItem(item, 'incident'))
      .sort((a, b) => a.number - b.number);
  }

  async alert(alert: WireAlert): Promise<AlertRecord | null> {
    const [record = null] = await loadAlerts(this.memory, [{ source: 'main', fingerprint: fingerprint(alert) }]);
    return record;
  }

  async outcomes(alert: WireAlert): Promise<readonly string[]> {
    const rows = await loadIntake(this.memory, { source: 'main', fingerprint: fingerprint(alert) });
    return rows.map(({ outcome, incidentNumbers }) => [outcome, ...incidentNumbers].join(' '));
  }

  /** `generation step round target` of every page ever owed. */
  async pages(): Promise<readonly string[]> {
    const pages = await Promise.all(this.incidents().map(({ id }) => loadPages(this.memory, id)));
    return pages
      .flat()
      .map((page) => `INC-${page.incidentNumber} ${page.generation} ${page.step} ${page.round} ${page.target}`);
  }
}

const sqsRecord = (body: string, receives: number): SQSRecord => ({
  messageId: `message-${body.length}`,
  receiptHandle: 'receipt',
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
    MessageGroupId: 'group',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:tocsin-ingest.fifo',
  awsRegion: 'eu-central-1',
});
