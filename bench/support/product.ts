import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PagerDutyStandIn, startPagerDutyStandIn } from '#local/sandbox/pagerduty-stand-in.ts';
import { type SlackStandIn, startSlackStandIn } from '#local/sandbox/slack-stand-in.ts';
import { type PolicyAdditions, writeBenchPolicy } from './policy.ts';
import { nowMillis } from './statistics.ts';

/** The local run as `npm start` starts it, in a process of its own; the vendors' stand-ins are here, where the clock is. */
export interface RunningProduct {
  readonly url: string;
  readonly slack: SlackStandIn;
  readonly pagerduty: PagerDutyStandIn;
  /** What the product wrote to its standard error. */
  readonly complaints: () => string;
  stop(): Promise<void>;
}

export const sourceToken = 'bench-source';
export const operatorToken = 'bench-operator';
const root = fileURLToPath(new URL('../..', import.meta.url));
const readyWithinMillis = 90_000;
const stopWithinMillis = 15_000;

export async function startProduct(teams: number, additions: PolicyAdditions = {}): Promise<RunningProduct> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  const slack = await startSlackStandIn({ now: nowMillis });
  const pagerduty = await startPagerDutyStandIn({ now: nowMillis, dataDir: join(folder, 'pagerduty') });
  const output = { out: '', error: '' };
  const child = spawn(process.execPath, [join(root, 'local/start.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: join(folder, 'data'),
      CONFIG: writeBenchPolicy(folder, teams, additions),
      SOURCE_TOKEN: sourceToken,
      OPERATOR_TOKEN: operatorToken,
      SLACK_API_URL: slack.apiUrl,
      PAGERDUTY_EVENTS_SERVER: pagerduty.server,
      PAGERDUTY_EVENTS_CA: pagerduty.caFile,
    },
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.error += text;
  });
  const stop = async () => {
    await endProcess(child);
    await Promise.all([slack.stop(), pagerduty.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await readyUrl(child, output);
    return { url, slack, pagerduty, complaints: () => output.error, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readyUrl(child: ChildProcess, output: { readonly out: string; readonly error: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`the local run ${why}\n${output.out}${output.error}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${readyWithinMillis / 1000} s`), readyWithinMillis);
    child.once('exit', (code) => fail(`ended with ${code} instead of being ready`));
    child.stdout?.on('data', () => {
      const url = /Tocsin is ready on (\S+)/.exec(output.out)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

/** SIGINT as Ctrl-C sends it, then the hard way. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMillis);
  await ended;
  clearTimeout(timer);
}

/** GET of the operator API. */
export async function readApi<T>({ url }: Pick<RunningProduct, 'url'>, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${operatorToken}` } });
  if (!response.ok) throw new Error(`GET ${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
