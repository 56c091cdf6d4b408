import { fromEpochMillis, type Instant, toEpochMillis } from '#shared/kernel/instant.ts';
import type { QueueName } from '#shared/runtime/messages.ts';
import type { Log, Metrics } from '#shared/runtime/observe.ts';
import type { Blobs, Clock, Queues, Secrets } from '#shared/runtime/ports.ts';

/** Ports that remember what was asked of them. Each fails on what a test has not prepared. */

export interface FakeClock extends Clock {
  advance(seconds: number): void;
  readonly slept: readonly number[];
}

/** Stands still until a test moves it; a sleep moves it too. */
export function makeFakeClock(start: Instant): FakeClock {
  let millis = toEpochMillis(start);
  const slept: number[] = [];
  return {
    slept,
    now: () => fromEpochMillis(millis),
    sleep: (pause) => {
      slept.push(pause);
      millis += pause;
      return Promise.resolve();
    },
    advance: (seconds) => {
      millis += seconds * 1000;
    },
  };
}

export interface SentMessage {
  readonly queue: QueueName;
  readonly body: unknown;
  readonly group: string | null;
  readonly dedup: string | null;
}

export interface FakeQueues extends Queues {
  readonly sent: SentMessage[];
  readonly postponed: { readonly receiptHandle: string; readonly seconds: number }[];
  readonly dead: { readonly body: string; readonly reason: string }[];
  /** Thrown by the next sends while it is set. */
  failWith: Error | null;
}

export function makeFakeQueues(): FakeQueues {
  const queues: FakeQueues = {
    sent: [],
    postponed: [],
    dead: [],
    failWith: null,
    send: (queue, body, options) => {
      if (queues.failWith) return Promise.reject(queues.failWith);
      queues.sent.push({ queue, body, group: options?.group ?? null, dedup: options?.dedup ?? null });
      return Promise.resolve();
    },
    sendAll: async (queue, bodies, options) => {
      for (const body of bodies) await queues.send(queue, body, options);
    },
    postpone: (_queue, receiptHandle, seconds) => {
      queues.postponed.push({ receiptHandle, seconds });
      return Promise.resolve();
    },
    deadLetter: (_queue, body, reason) => {
      queues.dead.push({ body, reason });
      return Promise.resolve();
    },
    probe: () => (queues.failWith ? Promise.reject(queues.failWith) : Promise.resolve()),
  };
  return queues;
}

export interface FakeBlobs extends Blobs {
  readonly stored: Map<string, string>;
}

export function makeFakeBlobs(): FakeBlobs {
  const stored = new Map<string, string>();
  return {
    stored,
    put: (key, body) => {
      stored.set(key, body);
      return Promise.resolve();
    },
    get: (key) => Promise.resolve(stored.get(key) ?? null),
  };
}

export interface FakeSecrets extends Secrets {
  /** What the service holds now; the cache holds what was there before. */
  cached: Readonly<Record<string, unknown>>;
  current: Readonly<Record<string, unknown>>;
  failWith: Error | null;
  freshLooks: number;
}

export function makeFakeSecrets(sources: Readonly<Record<string, unknown>>): FakeSecrets {
  const secrets: FakeSecrets = {
    cached: sources,
    current: sources,
    failWith: null,
    freshLooks: 0,
    get: (_name, options) => {
      if (secrets.failWith) return Promise.reject(secrets.failWith);
      if (!options?.fresh) return Promise.resolve(secrets.cached);
      secrets.freshLooks += 1;
      secrets.cached = secrets.current;
      return Promise.resolve(secrets.current);
    },
  };
  return secrets;
}

export interface FakeMetrics extends Metrics {
  /** `Name` or `Name{dimension=value}` to its sum. */
  readonly counts: Record<string, number>;
}

export function makeFakeMetrics(): FakeMetrics {
  const counts: Record<string, number> = {};
  return {
    counts,
    count: (name, value = 1, dimensions) => {
      const suffix = dimensions
        ? `{${Object.entries(dimensions)
            .map(([key, text]) => `${key}=${text}`)
            .join(',')}}`
        : '';
      counts[`${name}${suffix}`] = (counts[`${name}${suffix}`] ?? 0) + value;
    },
  };
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function makeFakeLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: LogLine['level']) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    lines.push({ level, message, fields: fields ?? {} });
  };
  return { lines, info: write('info'), warn: write('warn'), error: write('error') };
}

/** Ids `<prefix>000001`, ...: of 20 characters and sorting by their making, as the port promises. */
export function makeFakeIds(prefix = 'id'): { next(): string; uuid(): string } {
  let count = 0;
  return {
    next: () => {
      count += 1;
      return `${prefix}${String(count).padStart(20 - prefix.length, '0')}`;
    },
    uuid: () => {
      count += 1;
      return `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`;
    },
  };
}
