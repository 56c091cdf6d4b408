import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { requireProgram } from './programs.ts';
import type { Program, Scope } from './scope.ts';
import { tokens } from './tocsin.ts';
import { until } from './until.ts';

/** A real Prometheus, Debian's, with one rule for each alert name: it fires while its metric is 1. */
export interface Prometheus {
  readonly program: Program;
  /** Alerts that it has sent so far, repeats included. */
  sent(): Promise<number>;
  /** Those that were lost: queued too long, or answered with anything but 2xx. */
  lost(): Promise<number>;
}

/** The system that Prometheus watches. */
export interface Watched {
  readonly port: number;
  /** By alert name: how many of its instances are broken. */
  readonly broken: Map<string, number>;
}

export async function startWatched(scope: Scope): Promise<Watched> {
  const broken = new Map<string, number>();
  const server = createServer((_request, response) => {
    const lines = [...broken].flatMap(([name, count]) =>
      Array.from({ length: count }, (_, index) => `broken{name="${name}",shop="shop-${index}"} 1`),
    );
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(`# TYPE broken gauge\n${lines.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.add(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { port, broken };
}

const configOf = (tocsin: URL, tokenFile: string, watched: Watched): string => `global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [rules.yml]
scrape_configs:
  - job_name: shops
    static_configs: [{ targets: ['127.0.0.1:${watched.port}'] }]
alerting:
  alertmanagers:
    - path_prefix: /alertmanager
      api_version: v2
      authorization: { type: Bearer, credentials_file: ${tokenFile} }
      static_configs: [{ targets: ['${tocsin.host}'] }]
`;

const rulesOf = (names: readonly string[]): string =>
  JSON.stringify({
    groups: [
      {
        name: 'shops',
        rules: names.map((name) => ({
          alert: name,
          expr: `broken{name="${name}"} == 1`,
          labels: { severity: 'critical', service: 'checkout' },
          annotations: { summary: '{{ $labels.shop }} sells nothing' },
        })),
      },
    ],
  });

/** It evaluates each second and sends again after 2 s, so an alert that it says nothing more of ends after 8 s. */
export async function startPrometheus(
  scope: Scope,
  { url, watched, alerts }: { readonly url: string; readonly watched: Watched; readonly alerts: readonly string[] },
): Promise<Prometheus> {
  const folder = scope.tempDir('prometheus');
  const port = await freePort();
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, tokens.source);
  writeFileSync(join(folder, 'prometheus.yml'), configOf(new URL(url), tokenFile, watched));
  writeFileSync(join(folder, 'rules.yml'), rulesOf(alerts));
  const program = scope.run(
    requireProgram('prometheus'),
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--rules.alert.resend-delay=2s',
      '--log.level=warn',
    ],
    { env: { PATH: process.env.PATH ?? '', HOME: folder }, cwd: folder },
  );
  const address = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${address}/-/ready`, { signal: AbortSignal.timeout(1_000) })
      .then((response) => response.ok)
      .catch(() => false);
  await until('Prometheus is ready', () => program.ended || isReady(), { seconds: 60, seen: program.output });
  if (program.ended) throw new Error(`Prometheus did not start:\n${program.output()}`);
  const metric = async (name: string) => {
    const text = await (await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
    const values = [...text.matchAll(new RegExp(`^prometheus_notifications_${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  };
  return {
    program,
    sent: () => metric('sent_total'),
    lost: async () => (await metric('errors_total')) + (await metric('dropped_total')),
  };
}
