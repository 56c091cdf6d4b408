import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { requireProgram } from './programs.ts';
import type { Program, Scope } from './scope.ts';
import { until } from './until.ts';

const execute = promisify(execFile);

/** A real Alertmanager, Debian's. */
export interface Alertmanager {
  readonly url: string;
  readonly program: Program;
  /** As Prometheus posts: labels as `name=value`. */
  add(labels: readonly string[], times?: AlertTimes): Promise<void>;
  /** Another configuration, taken without a restart. */
  reload(config: string): Promise<void>;
}

export interface AlertTimes {
  readonly start?: Date;
  /** Now, or earlier: it is over. */
  readonly end?: Date;
  readonly summary?: string;
}

export interface AlertmanagerPlace {
  readonly port: number;
  readonly clusterPort: number | null;
  readonly folder: string;
}

export interface AlertmanagerOptions {
  readonly name: string;
  /** Text of alertmanager.yml. */
  readonly config: string;
  /** Absent: it runs alone. */
  readonly peers?: readonly number[];
  /** Where an earlier one with this name was: a restart. */
  readonly place?: AlertmanagerPlace;
}

/** Ports for an Alertmanager, so that peers can name each other before they start. */
export const choosePlace = async (scope: Scope, name: string): Promise<AlertmanagerPlace> => ({
  port: await freePort(),
  clusterPort: await freePort(),
  folder: scope.tempDir(name),
});

export async function startAlertmanager(scope: Scope, options: AlertmanagerOptions): Promise<Alertmanager> {
  const { name, config, peers } = options;
  const place = options.place ?? (await choosePlace(scope, name));
  const configFile = join(place.folder, 'alertmanager.yml');
  writeFileSync(configFile, config);
  const program = scope.run(
    requireProgram('prometheus-alertmanager'),
    [
      `--config.file=${configFile}`,
      `--storage.path=${join(place.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${place.port}`,
      `--web.external-url=http://127.0.0.1:${place.port}`,
      ...clusterFlags(place, peers),
      '--log.level=warn',
    ],
    { env: { PATH: process.env.PATH ?? '', HOME: place.folder }, cwd: place.folder },
  );
  const url = `http://127.0.0.1:${place.port}`;
  await until(`Alertmanager ${name} is ready`, () => program.ended || answersOk(`${url}/-/ready`), {
    seconds: 30,
    seen: program.output,
  });
  if (program.ended) throw new Error(`Alertmanager ${name} did not start:\n${program.output()}`);
  return {
    url,
    program,
    add: (labels, alert) => addAlert(url, place.folder, labels, alert),
    async reload(text) {
      writeFileSync(configFile, text);
      const response = await fetch(`${url}/-/reload`, { method: 'POST' });
      if (!response.ok) throw new Error(`reload was answered ${response.status}: ${await response.text()}`);
    },
  };
}

/** Peers gossip quickly and wait 2 s for each other instead of 15 s: the same rules in a test's time. */
function clusterFlags({ clusterPort }: AlertmanagerPlace, peers: readonly number[] | undefined): readonly string[] {
  if (peers === undefined) return ['--cluster.listen-address='];
  return [
    `--cluster.listen-address=127.0.0.1:${clusterPort}`,
    `--cluster.advertise-address=127.0.0.1:${clusterPort}`,
    ...peers.map((port) => `--cluster.peer=127.0.0.1:${port}`),
    '--cluster.gossip-interval=50ms',
    '--cluster.pushpull-interval=1s',
    '--cluster.settle-timeout=5s',
    '--cluster.peer-timeout=2s',
    '--cluster.reconnect-interval=1s',
  ];
}

async function addAlert(
  url: string,
  home: string,
  labels: readonly string[],
  { start, end, summary }: AlertTimes = {},
): Promise<void> {
  await execute(
    requireProgram('amtool'),
    [
      `--alertmanager.url=${url}`,
      'alert',
      'add',
      ...labels,
      ...(summary === undefined ? [] : [`--annotation=summary=${summary}`]),
      ...(start === undefined ? [] : [`--start=${start.toISOString()}`]),
      ...(end === undefined ? [] : [`--end=${end.toISOString()}`]),
    ],
    { env: { PATH: process.env.PATH ?? '', HOME: home } },
  );
}

const answersOk = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) })
    .then((response) => response.ok)
    .catch(() => false);

/** How many peers an Alertmanager sees, itself included. */
export async function peersOf({ url }: Pick<Alertmanager, 'url'>): Promise<number> {
  const response = await fetch(`${url}/api/v2/status`, { signal: AbortSignal.timeout(1_000) });
  const status = (await response.json()) as { readonly cluster: { readonly peers?: readonly unknown[] } };
  return status.cluster.peers?.length ?? 0;
}

/** Webhooks that were delivered so far. */
export async function deliveriesOf({ url }: Pick<Alertmanager, 'url'>): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(1_000) })).text();
  const count = (name: string) =>
    Number(new RegExp(`^alertmanager_${name}\\{integration="webhook"\\} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return count('notifications_total') - count('notifications_failed_total');
}
