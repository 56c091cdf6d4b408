import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findOnPath } from '#local/engines/processes.ts';
import { freePort } from '#local/free-port.ts';
import { listenHttp, readBody, sendJson } from '#local/http.ts';
import { endProcess } from './product.ts';
import { nowMillis } from './statistics.ts';
import type { BenchAlert, Labels } from './webhook.ts';

/** Webhooks as a receiver got them. */
export interface ReceivedWebhook {
  readonly at: number;
  readonly groupLabels: Labels;
  readonly alerts: readonly { readonly labels: Labels }[];
}

/** Alertmanager itself, from Debian's package, with a webhook receiver that only notes what arrives. */
export interface RunningAlertmanager {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  stop(): Promise<void>;
}

const readyWithinMillis = 20_000;
const bodyLimit = 16 * 1024 * 1024;

/** Null when this machine has none. */
export async function startAlertmanager(groupBy: string, groupInterval: string): Promise<RunningAlertmanager | null> {
  const { PATH } = process.env;
  const program = findOnPath('prometheus-alertmanager', PATH) ?? findOnPath('alertmanager', PATH);
  if (program === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-alertmanager-'));
  const received: ReceivedWebhook[] = [];
  const sink = await listenHttp(async (request, response) => {
    const at = nowMillis();
    const body = await readBody(request, bodyLimit);
    received.push({ at, ...(JSON.parse(body.toString('utf8')) as Omit<ReceivedWebhook, 'at'>) });
    sendJson(response, 200, {});
  });
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, configuration(groupBy, groupInterval, `http://127.0.0.1:${sink.port}/`));
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await endProcess(child);
    await sink.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  if (await isReady(url)) return { url, received, stop };
  await stop();
  throw new Error(`${program} was not ready within ${readyWithinMillis / 1000} s`);
}

const configuration = (groupBy: string, groupInterval: string, sinkUrl: string): string => `
route:
  receiver: sink
  group_by: ['${groupBy}']
  group_wait: 0s
  group_interval: ${groupInterval}
  repeat_interval: 4h
receivers:
  - name: sink
    webhook_configs:
      - url: ${sinkUrl}
        send_resolved: true
`;

/** What Prometheus posts to `/api/v2/alerts`. */
export const apiAlerts = (alerts: readonly BenchAlert[], annotations: (labels: Labels) => Labels) =>
  alerts.map(({ labels, startsAt }) => ({ labels, annotations: annotations(labels), startsAt }));

async function isReady(url: string): Promise<boolean> {
  const deadline = nowMillis() + readyWithinMillis;
  while (nowMillis() < deadline) {
    const response = await fetch(`${url}/-/ready`).catch(() => null);
    if (response?.ok === true) return true;
    await sleep(50);
  }
  return false;
}
