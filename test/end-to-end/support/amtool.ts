import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram } from './programs.ts';
import type { Scope } from './scope.ts';

export interface AmtoolAnswer {
  readonly exit: number;
  readonly output: string;
  readonly errors: string;
}

/** Debian's amtool against one address. A failing exit is an answer. */
export interface Amtool {
  (...args: readonly string[]): Promise<AmtoolAnswer>;
  /** A script for bash, in which amtool finds the address in its configuration and asks for no version. */
  shell(script: string): Promise<AmtoolAnswer>;
}

export interface AmtoolOptions {
  readonly url: string;
  /** Sent as Bearer; absent: none. */
  readonly token?: string;
}

/** With a home of its own, whose configuration is that of docs/amtool.md. */
export function makeAmtool(scope: Scope, { url, token }: AmtoolOptions): Amtool {
  const home = scope.tempDir('amtool');
  const shellHome = scope.tempDir('amtool-shell');
  if (token !== undefined) {
    const http = join(home, 'http.yml');
    writeFileSync(http, `authorization:\n  credentials: ${token}\n`);
    configure(home, [`http.config.file: ${http}`]);
    configure(shellHome, [`http.config.file: ${http}`, `alertmanager.url: ${url}`, 'version-check: false']);
  }
  const run = (program: string, args: readonly string[], cwd: string): Promise<AmtoolAnswer> =>
    new Promise((resolve, reject) => {
      const env = { PATH: process.env.PATH ?? '', HOME: cwd, USER: 'tester' };
      execFile(program, [...args], { cwd, env }, (error, output, errors) => {
        if (error === null) resolve({ exit: 0, output, errors });
        else if (typeof error.code === 'number') resolve({ exit: error.code, output, errors });
        else reject(error);
      });
    });
  const path = requireProgram('amtool');
  return Object.assign((...args: readonly string[]) => run(path, [`--alertmanager.url=${url}`, ...args], home), {
    shell: (script: string) => run('bash', ['-c', script], shellHome),
  });
}

/** Debian's program looks in a folder of another name. */
function configure(home: string, lines: readonly string[]): void {
  for (const [folder, name] of [
    ['amtool', 'config.yml'],
    ['prometheus', 'amtool.yml'],
  ] as const) {
    mkdirSync(join(home, '.config', folder), { recursive: true });
    writeFileSync(join(home, '.config', folder, name), `${lines.join('\n')}\n`);
  }
}
