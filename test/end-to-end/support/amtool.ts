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
export type Amtool = (...args: readonly string[]) => Promise<AmtoolAnswer>;

export interface AmtoolOptions {
  readonly url: string;
  /** Sent as Bearer; absent: none. */
  readonly token?: string;
}

/** With a home of its own, whose configuration holds the credential as docs/amtool.md says. */
export function makeAmtool(scope: Scope, { url, token }: AmtoolOptions): Amtool {
  const home = scope.tempDir('amtool');
  if (token !== undefined) {
    const folder = join(home, '.config', 'amtool');
    mkdirSync(folder, { recursive: true });
    const http = join(folder, 'http.yml');
    writeFileSync(http, `authorization:\n  credentials: ${token}\n`);
    // Debian's program looks in a folder of another name.
    mkdirSync(join(home, '.config', 'prometheus'), { recursive: true });
    for (const file of ['amtool/config.yml', 'prometheus/amtool.yml']) {
      writeFileSync(join(home, '.config', file), `http.config.file: ${http}\n`);
    }
  }
  const path = requireProgram('amtool');
  return (...args) =>
    new Promise((resolve, reject) => {
      const env = { PATH: process.env.PATH ?? '', HOME: home, USER: 'tester' };
      execFile(path, [`--alertmanager.url=${url}`, ...args], { cwd: home, env }, (error, output, errors) => {
        if (error === null) resolve({ exit: 0, output, errors });
        else if (typeof error.code === 'number') resolve({ exit: error.code, output, errors });
        else reject(error);
      });
    });
}
