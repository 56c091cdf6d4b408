import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Policy } from '#shared/config/policy.ts';
import type { ApplyAlerts, IncidentCommand } from '#shared/incident/commands.ts';
import type { Actor, Incident } from '#shared/incident/incident.ts';
import type { Severity } from '#shared/incident/severity.ts';
import type { PageRow } from '#shared/notification/page.ts';
import { owePages } from '#shared/notification/page-ledger.ts';
import type { LaneMessage, QueueName } from '#shared/runtime/messages.ts';
import type { Queues, Timers, Topics } from '#shared/runtime/ports.ts';
import { type CommandAnswer, runCommand } from '#shared/runtime/run-command.ts';
import { commitWrites } from '#shared/store/commit-writes.ts';
import { loadIncident, loadPages, loadTimeline } from '#shared/store/incident-store.ts';
import { type MemoryTableOptions, makeMemoryTable } from '#shared/store/memory-table.ts';
import type { Commit } from '#shared/timeline/events.ts';
import { aPolicy, carryOut, dora, joins, noon } from './decision-builders.ts';
import { makeFakeBlobs, makeFakeClock, makeFakeLog, makeFakeMetrics, makeFakeSecrets } from './fake-ports.ts';
import { makeScriptedPagerDuty, makeScriptedSlack } from './scripted-vendors.ts';

/** Everything that a lane, dispatch and the timer use, on the table in memory, with vendors that a test scripts. */

export interface SentToQueue {
  readonly queue: QueueName;
  readonly body: unknown;
  readonly delaySeconds: number;
}

function makeQueues(): Queues & { readonly sent: SentToQueue[]; readonly dead: string[]; failWith: Error | null } {
  const queues: ReturnType<typeof makeQueues> = {
    sent: [],
    dead: [],
    failWith: null,
    send: async (queue, body, options) => {
      if (queues.failWith) throw queues.failWith;
      queues.sent.push({ queue, body, delaySeconds: options?.delaySeconds ?? 0 });
    },
    sendAll: async (queue, bodies, options) => {
      for (const body of bodies) await queues.send(queue, body, options);
    },
    postpone: async () => undefined,
    deadLetter: async (queue) => {
      queues.dead.push(queue);
    },
    probe: async () => undefined,
  };
  return queues;
}

function makeTopics(): Topics & {
  readonly published: { readonly to: string; readonly message: string; readonly subject: string | null }[];
  failWith: Error | null;
} {
  const topics: ReturnType<typeof makeTopics> = {
    published: [],
    failWith: null,
    publish: async (topic, message, options) => {
      if (topics.failWith) throw topics.failWith;
      topics.published.push({ to: topic, message, subject: options?.subject ?? null });
      return `sns-${topics.published.length}`;
    },
    sms: (phone, message) => topics.publish(phone, message),
  };
  return topics;
}

function makeTimers(): Timers & { readonly started: string[] } {
  const started: string[] = [];
  return {
    started,
    start: async (name) => {
      started.push(name);
    },
  };
}

export function makeKit(options: { readonly policy?: Policy; readonly table?: MemoryTableOptions } = {}) {
  return {
    table: makeMemoryTable(options.table),
    clock: makeFakeClock(noon),
    queues: makeQueues(),
    topics: makeTopics(),
    timers: makeTimers(),
    blobs: makeFakeBlobs(),
    secrets: makeFakeSecrets({ web: 'R'.repeat(32) }),
    slack: makeScriptedSlack(),
    pagerduty: makeScriptedPagerDuty(),
    policy: options.policy ?? aPolicy(),
    log: makeFakeLog(),
    metrics: makeFakeMetrics(),
    random: () => 0,
    settings: {
      environment: 'test',
      publicUrl: 'https://tocsin.example.org',
      eventsTopic: 'arn:aws:sns:us-east-1:000000000000:events',
      fallbackTopic: 'arn:aws:sns:us-east-1:000000000000:fallback',
      statusPrefix: 'status/',
    },
  };
}
export type Kit = ReturnType<typeof makeKit>;

export const incidentId = 'incident-00000000001';

/** Opens the incident as ingest stores it: state, commit and owed pages in one transaction. */
export async function openIncident(
  kit: Kit,
  severity: Severity = 'SEV1',
  override: Partial<NonNullable<ApplyAlerts['routed']>> = {},
): Promise<{ readonly incident: Incident; readonly commit: Commit; readonly pages: readonly PageRow[] }> {
  const command = joins(severity, ['a']);
  const routed = command.routed && { ...command.routed, ...override };
  const { incident, commit } = carryOut(null, { ...command, routed }, kit.clock.now(), { policy: kit.policy });
  const pages = owePages(commit, incident);
  const { policy } = kit;
  await kit.table.write(commitWrites({ before: null, after: incident, commit, pages, pointerBefore: null, policy }));
  return { incident, commit, pages };
}

export const command = (kit: Kit, given: IncidentCommand, actor: Actor = dora): Promise<CommandAnswer> =>
  runCommand(kit, { incidentId, command: given, actor, commandId: null, correlationId: 'by-hand' });

export const acknowledge = (kit: Kit) =>
  command(kit, { type: 'AcknowledgeIncident', seenSeverity: null, seenGeneration: null });
export const resolve = (kit: Kit) => command(kit, { type: 'ResolveIncident', reason: 'by a person' });

export async function pageRow(kit: Kit, target: string, generation = 1): Promise<PageRow> {
  const rows = await loadPages(kit.table, incidentId);
  const row = rows.find((each) => each.target === target && each.generation === generation);
  if (!row) throw new Error(`no page to ${target} in generation ${generation}`);
  return row;
}

export async function storedIncident(kit: Kit): Promise<Incident> {
  const incident = await loadIncident(kit.table, incidentId);
  if (!incident) throw new Error('no incident');
  return incident;
}

/** Types of all events, in the order of the timeline. */
export const eventTypes = async (kit: Kit): Promise<readonly string[]> =>
  (await loadTimeline(kit.table, incidentId)).flatMap((commit) => commit.events.map((event) => event.type));

export const pageMessage = (row: PageRow, postponed = 0): LaneMessage => ({
  kind: 'page',
  correlationId: 'correlation',
  page: {
    incidentId: row.incidentId,
    generation: row.generation,
    step: row.step,
    round: row.round,
    target: row.target,
  },
  postponed,
});
export const updateMessage: LaneMessage = { kind: 'update', correlationId: 'correlation', incidentId, postponed: 0 };

export const sqsEvent = (queue: QueueName, messages: readonly unknown[], receives = 1): SQSEvent => ({
  Records: messages.map((message, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `handle-${index}`,
    body: typeof message === 'string' ? message : JSON.stringify(message),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:tocsin-${queue}`,
    awsRegion: 'us-east-1',
  })),
});

export const nothingFailed: SQSBatchResponse = { batchItemFailures: [] };
