import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';

/**
 * Runs the command in "$@" and ends it when this script's standard input closes, which the kernel does when the parent
 * dies, however it dies. The command's pid goes to $PID_FILE. Its exit code is passed on.
 */
const watchdog = `
exec 3<&0
"$@" 3<&- </dev/null & child=$!
echo $child > "$PID_FILE"
{ while read -r line <&3; do :; done
  kill -TERM $child 2>/dev/null
  n=0; while kill -0 $child 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
  kill -KILL $child 2>/dev/null; } & watcher=$!
exec 3<&-
wait $child; code=$?
kill $watcher 2>/dev/null
exit $code
`;

export type Attempt =
  | {
      readonly outcome: 'running';
      readonly child: ChildProcess;
      readonly endpoint: string;
      /** The same command at the same address, once this one has ended. */
      readonly relaunch: () => Promise<Attempt>;
    }
  | { readonly outcome: 'ended'; readonly output: string };

/** A free port can be taken between asking and binding: another one is tried, three times in all. */
export async function launch(
  folder: string,
  command: (port: number) => readonly string[],
  millis: number,
): Promise<Attempt> {
  let attempt: Attempt = { outcome: 'ended', output: '' };
  for (let tries = 0; tries < 3; tries += 1) {
    const port = await freePort();
    attempt = await launchOnce(folder, command(port), `http://127.0.0.1:${port}`, millis);
    if (attempt.outcome === 'running' || !attempt.output.includes('BindException')) return attempt;
  }
  return attempt;
}

async function launchOnce(
  folder: string,
  command: readonly string[],
  endpoint: string,
  millis: number,
): Promise<Attempt> {
  // A group of its own, so that Ctrl-C reaches only us and the engine goes last.
  const child = spawn('/bin/sh', ['-c', watchdog, 'sh', ...command], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PID_FILE: join(folder, 'engine.pid'), DDB_LOCAL_TELEMETRY: '0' },
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let ended = false;
  child.on('error', (error) => {
    ended = true;
    output += error.message;
  });
  // Not `exit`: what it said last may still be on its way then.
  child.on('close', () => {
    ended = true;
  });
  const deadline = performance.now() + millis;
  while (!ended) {
    if (await answers(endpoint)) {
      return { outcome: 'running', child, endpoint, relaunch: () => launchOnce(folder, command, endpoint, millis) };
    }
    if (performance.now() > deadline) {
      child.stdin?.end();
      return { outcome: 'ended', output: `${output}\nit did not answer within ${millis / 1000} s` };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { outcome: 'ended', output };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
