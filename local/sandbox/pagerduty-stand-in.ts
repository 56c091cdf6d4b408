import { randomUUID, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { BodyTooLarge, listen, readBody, sendJson } from '../http.ts';
import { noJournal, openJournal } from '../journal.ts';
import { type Fault, type Faults, makeFaults, rememberedCalls, type VendorCall } from './faults.ts';
import { type PagerDutyEntry, PagerDutyModel } from './pagerduty-model.ts';
import { readPagerDutyEvent } from './pagerduty-schema.ts';

export interface PagerDutyStandInOptions {
  /** Keeps its state and certificate through a restart; absent: nothing is kept. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly host?: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly faults?: Faults;
  readonly rateLimits?: boolean;
}

export interface PagerDutyStandIn {
  /** For PAGERDUTY_EVENTS_SERVER: `host:port`. It speaks HTTPS. */
  readonly server: string;
  /** For PAGERDUTY_EVENTS_CA: PEM file of its own certificate. */
  readonly caFile: string;
  readonly faults: Faults;
  /** Oldest first, the newest 10,000. */
  readonly calls: readonly VendorCall[];
  readonly model: PagerDutyModel;
  stop(): Promise<void>;
}

/** Events API v2: the whole request at most 512 KB; about 120 events a minute and key on a sliding window. */
const bodyLimit = 512 * 1024;
const eventsPerMinute = 120;

export async function startPagerDutyStandIn(options: PagerDutyStandInOptions = {}): Promise<PagerDutyStandIn> {
  const now = options.now ?? Date.now;
  const stored =
    options.dataDir === undefined
      ? { journal: noJournal, entries: [] }
      : openJournal<PagerDutyEntry>(join(options.dataDir, 'pagerduty.jsonl'));
  const model = new PagerDutyModel(stored.journal, stored.entries);
  const faults = options.faults ?? makeFaults();
  const calls: VendorCall[] = [];
  const window = makeSlidingWindow(options.rateLimits === false ? Number.POSITIVE_INFINITY : eventsPerMinute);
  const certificate = await ownCertificate(options.dataDir ?? join(tmpdir(), `tocsin-pagerduty-${randomUUID()}`));

  const enqueue = (args: Readonly<Record<string, unknown>>, response: ServerResponse): string => {
    const method = String(args.event_action);
    const read = readPagerDutyEvent(args, now());
    const carryOut = () => (read.valid ? void model.accept(read.entry) : undefined);
    const fault = faults.take({ method, args });
    if (fault !== null) {
      if ('carriedOut' in fault && fault.carriedOut) carryOut();
      return applyFault(fault, response);
    }
    if (!read.valid) {
      const message = 'Event object is invalid';
      return send(response, 400, { status: 'invalid event', message, errors: read.errors });
    }
    // A refused event was not ingested and does not count.
    if (!window.admits(read.entry.routingKey, now())) return send(response, 429, { status: 'throttle exceeded' });
    carryOut();
    return send(response, 202, { status: 'success', message: 'Event processed', dedup_key: read.entry.dedupKey });
  };

  const server = createServer({ key: certificate.key, cert: certificate.cert }, async (request, response) => {
    try {
      const body = await readBody(request, bodyLimit);
      if (request.method !== 'POST' || request.url !== '/v2/enqueue') return void send(response, 404, {});
      const args = readJson(body);
      const call = { at: now(), method: String(args.event_action), args };
      calls.push({ ...call, outcome: enqueue(args, response) });
      if (calls.length > rememberedCalls) calls.shift();
    } catch (error) {
      send(response, error instanceof BodyTooLarge ? 413 : 500, { status: 'error' });
    }
  });
  const listening = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
  const address = `${listening.host}:${listening.port}`;
  return { server: address, caFile: certificate.file, faults, calls, model, stop: listening.stop };
}

function send(response: ServerResponse, status: number, body: unknown): string {
  sendJson(response, status, body);
  return status === 202 ? 'ok' : String(status);
}

function applyFault(fault: Fault, response: ServerResponse): string {
  if (fault.kind === 'reset') response.destroy();
  if (fault.kind === 'status') return send(response, fault.status, { status: 'fault' });
  if (fault.kind === 'error') return send(response, 400, { status: 'invalid event', errors: [fault.error] });
  return `fault: ${fault.kind}`;
}

function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function makeSlidingWindow(limit: number) {
  const accepted = new Map<string, number[]>();
  return {
    admits(key: string, now: number): boolean {
      const recent = (accepted.get(key) ?? []).filter((at) => at > now - 60_000);
      accepted.set(key, recent);
      if (recent.length >= limit) return false;
      recent.push(now);
      return true;
    },
  };
}

/** A certificate of its own, kept as long as it is valid, so that a running product's trust survives a restart. */
async function ownCertificate(dataDir: string): Promise<{ key: string; cert: string; file: string }> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'pagerduty-cert.pem');
  const keyFile = join(dataDir, 'pagerduty-key.pem');
  const dayMillis = 24 * 60 * 60 * 1000;
  if (existsSync(file) && existsSync(keyFile)) {
    const cert = readFileSync(file, 'utf8');
    const validForMillis = Date.parse(new X509Certificate(cert).validTo) - Date.now();
    if (validForMillis > 30 * dayMillis) return { key: readFileSync(keyFile, 'utf8'), cert, file };
  }
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 3650 * dayMillis),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  writeFileSync(keyFile, made.private, { mode: 0o600 });
  writeFileSync(file, made.cert);
  return { key: made.private, cert: made.cert, file };
}
