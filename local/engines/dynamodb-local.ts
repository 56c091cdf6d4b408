import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../settings.ts';
import { dockerCommand, explainJavaFailure, javaCommand, lastLine, needJavaOrDocker } from './dynamodb-commands.ts';
import { useRollbackJournal, useWriteAheadLog } from './dynamodb-journal.ts';
import { commandLineOf, findOnPath, isAlive, readPidFile, waitForExit } from './processes.ts';
import { region } from './queues.ts';
import { type Attempt, launch } from './supervised-process.ts';

export interface DynamoEngine {
  readonly endpoint: string;
  /** DynamoDB Local keeps one database per access key; a random one keeps others on the network out of ours. */
  readonly accessKeyId: string;
  stop(): Promise<void>;
}

const startTimeoutMillis = 60_000;
/** Docker may have to pull the image first. */
const dockerStartTimeoutMillis = 300_000;

/**
 * Starts Amazon's DynamoDB Local on disk under `dataDir`, and again whenever it ends by itself.
 * @throws StartError in words that a person can act on
 */
export async function startDynamoDbLocal(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
  report: (problem: string) => void,
): Promise<DynamoEngine> {
  const folder = join(dataDir, 'dynamodb');
  mkdirSync(folder, { recursive: true });
  await endStaleEngine(folder);
  const accessKeyId = readAccessKey(folder);
  const database = join(folder, `${accessKeyId}_${region}.db`);
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : findOnPath('java', env.PATH);
  let javaProblem = needJavaOrDocker;
  if (java !== null) {
    useWriteAheadLog(database);
    const attempt = await launch(folder, (port) => javaCommand(java, folder, port), startTimeoutMillis);
    if (attempt.outcome === 'running') return engineOf(attempt, { folder, accessKeyId }, report);
    javaProblem = explainJavaFailure(attempt.output);
  }
  const docker = findOnPath('docker', env.PATH);
  if (docker === null || !(await runsDocker(docker))) throw new StartError(javaProblem);
  useRollbackJournal(database);
  const attempt = await launch(folder, (port) => dockerCommand(docker, folder, port), dockerStartTimeoutMillis);
  if (attempt.outcome === 'running') return engineOf(attempt, { folder, accessKeyId }, report);
  throw new StartError(`DynamoDB Local did not start in Docker: ${lastLine(attempt.output)}`);
}

type Running = Extract<Attempt, { readonly outcome: 'running' }>;

/** Made at the first start. */
function readAccessKey(folder: string): string {
  const keyFile = join(folder, 'access-key');
  if (!existsSync(keyFile)) writeFileSync(keyFile, `tocsin${randomBytes(16).toString('hex')}`, { mode: 0o600 });
  return readFileSync(keyFile, 'utf8').trim();
}

function engineOf(
  attempt: Running,
  { folder, accessKeyId }: { readonly folder: string; readonly accessKeyId: string },
  report: (problem: string) => void,
): DynamoEngine {
  let { child } = attempt;
  let stopping = false;
  let reviving = Promise.resolve();
  /** Killed, or out of memory: everything else retries meanwhile. One that does not come back ends the run. */
  const revive = async () => {
    report('DynamoDB Local ended by itself: it is started again on its data.');
    const again = await attempt.relaunch();
    if (again.outcome === 'ended') throw new Error(`DynamoDB Local does not start again: ${lastLine(again.output)}`);
    child = again.child;
    watch();
  };
  const watch = () =>
    child.once('exit', () => {
      if (!stopping) reviving = revive();
    });
  watch();
  return {
    endpoint: attempt.endpoint,
    accessKeyId,
    async stop() {
      stopping = true;
      // A failure has ended the run already, which is why this is called.
      await reviving.catch(() => {});
      if (child.exitCode === null && child.signalCode === null) {
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.stdin?.end();
        await exited;
      }
      rmSync(join(folder, 'engine.pid'), { force: true });
    },
  };
}

/** After kill -9 the watchdog is still ending the old engine: two over one file would ruin it, so wait or end it. */
async function endStaleEngine(folder: string): Promise<void> {
  const pidFile = join(folder, 'engine.pid');
  const pid = readPidFile(pidFile);
  if (pid === null || !isAlive(pid)) return;
  if (!commandLineOf(pid)?.includes(folder)) return;
  if (await waitForExit(pid, 1_000)) return;
  process.kill(pid, 'SIGTERM');
  if (await waitForExit(pid, 5_000)) return;
  process.kill(pid, 'SIGKILL');
  await waitForExit(pid, 5_000);
}

async function runsDocker(docker: string): Promise<boolean> {
  const child = spawn(docker, ['info'], { stdio: 'ignore', timeout: 10_000 });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
