import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSlackPerson, type SlackPerson } from '#local/sandbox/slack-person.ts';
import { comparePredictions } from './compare-prediction.ts';
import { people } from './policy.ts';
import { repository } from './repository.ts';
import type { Program, Scope } from './scope.ts';
import { tokens } from './tokens.ts';
import { until } from './until.ts';
import type { OutsideVendors } from './vendors.ts';

export { tokens };

/** The local run as a person has it: a process of its own. */
export interface Tocsin {
  readonly url: string;
  readonly program: Program;
  readonly dataDir: string;
  /** As Ctrl-C. Answers the exit code. */
  interrupt(): Promise<number | NodeJS.Signals>;
}

export interface TocsinOptions {
  readonly dataDir: string;
  /** 0: any. */
  readonly port?: number;
  readonly vendors?: OutsideVendors;
  readonly env?: Readonly<Record<string, string>>;
  /** Why its pages cannot be compared with what it predicts: the scenario itself delays decisions. */
  readonly notCompared?: string;
}

/** Starts the program and does not wait. */
export function launchTocsin(scope: Scope, { dataDir, port = 0, vendors, env = {} }: TocsinOptions): Program {
  const node = join(repository, 'node_modules/.bin/node');
  return scope.run(node, [join(repository, 'local/start.ts')], {
    // Elsewhere than the clone: a developer's own .env must not send a test's pages to people.
    cwd: scope.tempDir('cwd'),
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      ...(process.env.JAVA_HOME && { JAVA_HOME: process.env.JAVA_HOME }),
      CONFIG: join(repository, 'config/local.yaml'),
      PORT: String(port),
      DATA_DIR: dataDir,
      SOURCE_TOKEN: tokens.source,
      OPERATOR_TOKEN: tokens.operator,
      SLACK_SIGNING_SECRET: tokens.signing,
      ...vendors?.env,
      ...env,
    },
  });
}

/** Null: it ended before it was ready. */
export async function waitForReady(program: Program, seconds = 60): Promise<string | null> {
  const ready = () => /^Tocsin is ready on (\S+)$/m.exec(program.output())?.[1];
  await until('the ready line', () => ready() !== undefined || program.ended, {
    seconds,
    everyMillis: 20,
    seen: program.output,
  });
  return ready() ?? null;
}

export async function startTocsin(scope: Scope, options: Partial<TocsinOptions> = {}): Promise<Tocsin> {
  const dataDir = options.dataDir ?? scope.tempDir('data');
  const program = launchTocsin(scope, { ...options, dataDir });
  const url = await waitForReady(program);
  if (url === null) throw new Error(`the local run ended before it was ready:\n${program.output()}`);
  const interrupt = async () => {
    program.kill('SIGINT');
    return program.exit;
  };
  // Before the directory goes: the engine writes into it until it has ended.
  scope.add(interrupt);
  // Here, so that no scenario can forget it: whatever incidents it has opened, each page must have been foreseeable.
  scope.add(async () => {
    if (program.ended || options.notCompared !== undefined) return;
    const differences = await comparePredictions({ url });
    if (differences.length > 0) throw new Error(`pages are not as predicted:\n${differences.join('\n')}`);
  });
  return { url, program, dataDir, interrupt };
}

/** The engine's process: DynamoDB Local. */
export const engineOf = ({ dataDir }: Pick<Tocsin, 'dataDir'>): number =>
  Number(readFileSync(join(dataDir, 'dynamodb', 'engine.pid'), 'utf8').trim());

/** Somebody in the outside Slack, whose commands and clicks reach the product signed. */
export const personIn = (vendors: OutsideVendors, { url }: Pick<Tocsin, 'url'>, user = people.alice): SlackPerson =>
  makeSlackPerson({ product: url, signingSecret: tokens.signing, slack: vendors.slack, user });
