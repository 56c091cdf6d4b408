import type { QueueName } from '#shared/runtime/messages.ts';
import type { Blobs, Clock, Queues, Secrets } from '#shared/runtime/ports.ts';
import { type Container, never } from './faults.ts';
import type { QueueModel } from './queue-model.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The ports that need no model of their own. */

export function queuesPort(queues: ReadonlyMap<QueueName, QueueModel>): Queues {
  const queue = (name: QueueName): QueueModel => {
    const found = queues.get(name);
    if (!found) throw new Error(`no queue ${name}`);
    return found;
  };
  return {
    send: async (name, body, options) => queue(name).send(JSON.stringify(body), options),
    sendAll: async (name, bodies, options) => {
      for (const body of bodies) queue(name).send(JSON.stringify(body), options);
    },
    postpone: async (name, receipt, seconds) => queue(name).postpone(receipt, seconds),
    deadLetter: async (name, body, reason) => {
      queue(name).dead.push({ body, reason });
    },
    probe: async () => undefined,
  };
}

export const blobsPort = (blobs: Map<string, string>): Blobs => ({
  put: async (key, body) => {
    blobs.set(key, body);
  },
  get: async (key) => blobs.get(key) ?? null,
});

export const secretsPort = (secrets: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Secrets => ({
  get: async (name) => secrets[name] ?? {},
});

/** Whoever has crashed sleeps for ever. */
export const clockPort = (time: VirtualTime, container: Container): Clock => ({
  now: () => time.now(),
  sleep: async (millis) => {
    await time.sleep(millis);
    if (!container.alive) await never();
  },
});

export const simulationSettings = {
  environment: 'simulation',
  publicUrl: 'https://tocsin.example',
  eventsTopic: 'arn:aws:sns:local:000000000000:events',
  fallbackTopic: 'arn:aws:sns:local:000000000000:fallback',
  statusPrefix: 'status/',
} as const;
