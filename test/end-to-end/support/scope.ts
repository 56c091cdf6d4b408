import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that a test has started, and its temporary directories: ended in reverse order, on every way out. */
export interface Scope {
  /** To be done at the end. */
  add(end: () => Promise<unknown> | unknown): void;
  tempDir(name: string): string;
  run(command: string, args: readonly string[], options: RunOptions): Program;
  end(): Promise<void>;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface Program {
  readonly pid: number;
  /** What it has said so far, on both streams. */
  output(): string;
  errors(): string;
  readonly ended: boolean;
  /** Exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

export function makeScope(): Scope {
  const ends: (() => Promise<unknown> | unknown)[] = [];
  const undertaker = startUndertaker();
  return {
    add: (end) => ends.push(end),
    tempDir(name) {
      const folder = mkdtempSync(join(tmpdir(), `tocsin-e2e-${name}-`));
      ends.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
      return folder;
    },
    run(command, args, { env, cwd }) {
      // A group of its own: a signal for the tests must not reach it by accident, and its children end with it.
      const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      const program = follow(child);
      undertaker.watch(program.pid);
      void program.exit.then(() => undertaker.forget(program.pid));
      ends.push(async () => {
        // With its children, such as what a shell has left in the background.
        killGroup(program.pid);
        await program.exit;
      });
      return program;
    },
    async end() {
      const failures: unknown[] = [];
      for (const end of ends.splice(0).reverse()) {
        try {
          await end();
        } catch (error) {
          failures.push(error);
        }
      }
      undertaker.end();
      if (failures.length > 0) throw new AggregateError(failures, `while ending: ${failures.join('; ')}`);
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nothing of it is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function follow(child: ChildProcess): Program {
  let output = '';
  let errors = '';
  let ended = false;
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    errors += chunk.toString();
  });
  const exit = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('error', (error) => {
      ended = true;
      errors += error.message;
      resolve(127);
    });
    child.once('close', (code, signal) => {
      ended = true;
      resolve(code ?? signal ?? 1);
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    errors: () => errors,
    get ended() {
      return ended;
    },
    exit,
    kill: (signal) => {
      if (!ended) child.kill(signal);
    },
  };
}

/** Kills the groups on its list once its input closes, which the kernel does when the test's process dies, however it dies. */
const undertakerScript = `
alive=
while read -r change pid; do
  if [ "$change" = watch ]; then alive="$alive $pid"; continue; fi
  left=; for each in $alive; do [ "$each" = "$pid" ] || left="$left $each"; done; alive=$left
done
for pid in $alive; do kill -KILL "-$pid"; done
`;

function startUndertaker() {
  const child = spawn('/bin/sh', ['-c', undertakerScript], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // It outlives nobody: waiting for it would keep the test's process.
  child.unref();
  const say = (line: string) => {
    if (child.stdin?.writable) child.stdin.write(`${line}\n`);
  };
  return {
    watch: (pid: number) => say(`watch ${pid}`),
    forget: (pid: number) => say(`forget ${pid}`),
    end: () => child.stdin?.end(),
  };
}
