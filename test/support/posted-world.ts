import type { APIGatewayProxyResult } from 'aws-lambda';
import { expect } from 'vitest';
import { makeHandler as makeReceive } from '#functions/receive-alerts.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Policy } from '#shared/config/policy.ts';
import { addSeconds, type Instant } from '#shared/kernel/instant.ts';
import type { IngestMessage } from '#shared/runtime/messages.ts';
import { loadIntake } from '#shared/store/alert-store.ts';
import type { Table } from '#shared/store/table.ts';
import { apiEvent } from './api-event.ts';
import { IngestWorld, ingestPolicy } from './ingest-world.ts';

export type Labels = Readonly<Record<string, string>>;
interface Post {
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly startsAt?: Instant;
  readonly endsAt?: Instant;
}

export const web = (instance: string, severity = 'critical'): Labels => ({ alertname: 'Down', severity, instance });

/** The way in of posted alerts on the memory table; Prometheus evaluates each minute, so a copy lives 4 minutes. */
export class PostedWorld extends IngestWorld {
  #released = 0;

  constructor(policy: Policy = grouped(['alertname'], 30, 300), wrap: (table: Table) => Table = (table) => table) {
    super({}, wrap);
    Object.assign(this.deps, { policy });
  }

  request(body: unknown): Promise<APIGatewayProxyResult> {
    const event = apiEvent({
      resource: '/alertmanager/api/v2/alerts',
      path: '/alertmanager/api/v2/alerts',
      headers: { authorization: 'Bearer main-token', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return makeReceive(this.deps)(event);
  }

  async send(...alerts: readonly Post[]): Promise<void> {
    expect((await this.request(alerts)).statusCode).toBe(200);
    await this.drain();
  }

  /** As Prometheus says that it fires: since then, and for four minutes more. */
  fires(labels: Labels, since: Instant, annotations: Labels = {}): Promise<void> {
    return this.send({ labels, annotations, startsAt: since, endsAt: addSeconds(this.clock.now(), 240) });
  }

  ends(labels: Labels, since: Instant, endsAt: Instant = this.clock.now()): Promise<void> {
    return this.send({ labels, startsAt: since, endsAt });
  }

  /** What SQS hands out of the queue `releases` by now. */
  async release(): Promise<void> {
    const sent = this.queues.sent.filter(({ queue }) => queue === 'releases').slice(this.#released);
    for (const { body } of sent) {
      if ((body as Extract<IngestMessage, { kind: 'release' }>).until > this.clock.now()) continue;
      this.#released += 1;
      await this.deliver(JSON.stringify(body));
    }
    await this.drain();
  }

  async pass(seconds: number): Promise<void> {
    this.clock.advance(seconds);
    await this.release();
  }

  async sweepAndDrain(): Promise<void> {
    await this.sweep();
    await this.drain();
  }

  states(): readonly string[] {
    return this.incidents().map((each) => `INC-${each.number} ${each.status} ${each.severity} ${each.firing}`);
  }

  async rows(labels: Labels): Promise<readonly string[]> {
    const rows = await loadIntake(this.memory, { source: 'main', fingerprint: fingerprintOf(labels) });
    return rows.map(({ outcome, incidentNumbers }) => [outcome, ...incidentNumbers].join(' '));
  }

  async lastWhy(labels: Labels): Promise<string> {
    const rows = await loadIntake(this.memory, { source: 'main', fingerprint: fingerprintOf(labels) });
    return rows.at(-1)?.why ?? '';
  }

  async record(labels: Labels) {
    return this.alert({ status: 'firing', labels });
  }
}

export function grouped(groupBy: readonly string[], groupWaitSeconds: number, groupIntervalSeconds: number): Policy {
  return { ...ingestPolicy, route: { ...ingestPolicy.route, groupBy, groupWaitSeconds, groupIntervalSeconds } };
}
