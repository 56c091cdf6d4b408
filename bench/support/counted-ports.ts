import type { Policy } from '#shared/config/policy.ts';
import type { Deps } from '#shared/runtime/deps.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import type { Clock, PagerDutyApi, Queues, SlackApi, TimerInput } from '#shared/runtime/ports.ts';
import type { MemoryTable } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';
import { type ChangeSink, countTable } from './count-table.ts';
import { sourceToken } from './product.ts';
import type { Usage } from './usage.ts';

export const slackSigningSecret = 'bench-signing-secret';

/** What all functions of a counted product share. */
export interface SharedParts {
  readonly memory: MemoryTable;
  readonly sink: ChangeSink;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly enqueue: (queue: QueueName, body: unknown, delaySeconds: number) => void;
  readonly startTimer: (name: string, input: TimerInput) => void;
  readonly nextId: () => string;
}

/** SQS counts a request for each 64 KB of a body (aws.amazon.com/sqs/pricing). */
const queueChunkBytes = 64 * 1024;
const messagesPerRequest = 10;

/** The ports of one warm function: everything in memory, everything counted. */
export function countedPorts(shared: SharedParts, usage: Usage): Deps {
  return {
    table: inWaves(countTable(shared.memory, shared.sink, usage), usage),
    queues: countedQueues(shared, usage),
    timers: {
      start: async (name, input) => {
        usage.executions += 1;
        shared.startTimer(name, input);
      },
    },
    blobs: { put: async () => undefined, get: async () => null },
    topics: {
      publish: async () => {
        usage.publishes += 1;
        return 'message';
      },
      sms: async () => {
        throw new Error('no policy here names a phone');
      },
    },
    snsSubscriptions: {
      certificate: async () => '',
      confirm: async () => undefined,
    },
    // A warm process answers from its cache; a fresh look is a request.
    secrets: {
      get: async (name, options) => {
        if (options?.fresh === true) usage.secretReads += 1;
        return secretsOf(shared.policy)[name];
      },
    },
    slack: countedSlack(shared, usage),
    slackResponder: { respond: async () => ({ outcome: 'ok', value: null }) },
    pagerduty: countedPagerDuty(usage),
    clock: shared.clock,
    ids: { next: shared.nextId, uuid: shared.nextId },
    random: () => 0.5,
    policy: shared.policy,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    metrics: { count: () => {} },
    settings: {
      environment: 'bench',
      publicUrl: 'https://tocsin.example.com',
      eventsTopic: 'arn:aws:sns:us-east-1:000000000000:events',
      fallbackTopic: 'arn:aws:sns:us-east-1:000000000000:fallback',
      statusPrefix: 'status/',
    },
  };
}

const secretsOf = ({ pagerduty }: Policy) => ({
  sources: { local: { tokens: [sourceToken] } },
  operators: {},
  slack: { botToken: 'xoxb-bench', signingSecret: slackSigningSecret },
  pagerduty: Object.fromEntries(
    Object.values(pagerduty).map(({ routingKeySecret }) => [routingKeySecret, routingKeySecret.padEnd(32, '0')]),
  ),
});

function countedQueues({ enqueue }: SharedParts, usage: Usage): Queues {
  const chunksOf = (body: unknown) => Math.ceil(Buffer.byteLength(JSON.stringify(body)) / queueChunkBytes);
  return {
    send: async (queue, body, options) => {
      usage.queueRequests += chunksOf(body);
      enqueue(queue, body, options?.delaySeconds ?? 0);
    },
    sendAll: async (queue, bodies, options) => {
      usage.queueRequests += Math.ceil(bodies.length / messagesPerRequest);
      for (const body of bodies) enqueue(queue, body, options?.delaySeconds ?? 0);
    },
    postpone: async () => {
      throw new Error('nothing fails here');
    },
    deadLetter: async () => {
      throw new Error('nothing fails here');
    },
    probe: async () => undefined,
  };
}

function countedSlack({ nextId }: SharedParts, usage: Usage): SlackApi {
  return {
    call: async (method, args) => {
      usage.vendorCalls += 1;
      const value = method === 'conversations.open' ? { channel: { id: `D${String(args.users)}` } } : { ts: nextId() };
      return { outcome: 'ok', value: { ok: true, ...value } };
    },
  };
}

const countedPagerDuty = (usage: Usage): PagerDutyApi => ({
  send: async (event) => {
    usage.vendorCalls += 1;
    return { outcome: 'ok', value: { dedupKey: event.dedup_key } };
  },
});

/** Counts how many calls wait for one another: calls that begin together are one wave. */
function inWaves(table: Table, usage: Usage): Table {
  let underWay = 0;
  async function counted<T>(call: () => Promise<T>): Promise<T> {
    if (underWay === 0) usage.tableWaves += 1;
    underWay += 1;
    try {
      const answer = await call();
      // What began together ends together, however many steps each took.
      await new Promise((resolve) => setImmediate(resolve));
      return answer;
    } finally {
      underWay -= 1;
    }
  }
  return {
    get: (keys) => counted(() => table.get(keys)),
    query: (query) => counted(() => table.query(query)),
    queryIndex: (query) => counted(() => table.queryIndex(query)),
    write: (writes) => counted(() => table.write(writes)),
  };
}
