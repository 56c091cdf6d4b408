import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from '#test/end-to-end/support/programs.ts';

/** What a program said and how it ended. */
export interface Answer {
  readonly exit: number;
  readonly output: string;
  readonly errors: string;
}

/** One amtool, and which grammar it reads. */
export interface Amtool {
  readonly name: string;
  /** `classic`: up to 0.26 there is no other grammar. `default`: classic, else UTF-8. */
  readonly grammar: 'classic' | 'default';
  run(args: readonly string[], cwd: string): Promise<Answer>;
}

/** Runs one command to its end; a failing exit is an answer. @throws when it cannot be started or takes over a minute */
export const execute = (
  path: string,
  args: readonly string[],
  { cwd, env, seconds = 60 }: { cwd: string; env: NodeJS.ProcessEnv; seconds?: number },
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { cwd, env, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, timeout: seconds * 1000 } as const;
    execFile(path, [...args], options, (error, output, errors) => {
      if (error === null) resolve({ exit: 0, output, errors });
      else if (typeof error.code === 'number') resolve({ exit: error.code, output, errors });
      else reject(error);
    });
  });

async function amtoolAt(path: string, version: string): Promise<Amtool> {
  const [major, minor] = version.split('.');
  return {
    name: `amtool ${version}`,
    grammar: Number(major) === 0 && Number(minor) < 27 ? 'classic' : 'default',
    // A home of its own: a configuration of the person who runs this must not decide.
    run: (args, cwd) => execute(path, args, { cwd, env: { PATH: process.env.PATH ?? '', HOME: cwd } }),
  };
}

async function versionIn(path: string, args: readonly string[], pattern: RegExp): Promise<string> {
  const { output, errors } = await execute(path, args, { cwd: '/', env: process.env });
  const version = pattern.exec(output + errors)?.[1];
  if (version === undefined) throw new Error(`${path} ${args.join(' ')} does not tell a version: ${output}${errors}`);
  return version;
}

export async function debianAmtool(): Promise<Amtool> {
  const path = requireProgram('amtool');
  return amtoolAt(path, await versionIn(path, ['--version'], /version (\d+\.\d+\.\d+)/));
}

const newestModule = 'github.com/prometheus/alertmanager/cmd/amtool@latest';

/** Where a build is kept between runs: outside the project, and anew each day so that the newest stays the newest. */
function cacheFolder(day: string): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tocsin-amtool', day);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A build by `go install` does not know its own version; the module list inside it does. */
const builtAmtool = async (path: string): Promise<Amtool> =>
  amtoolAt(path, await versionIn('go', ['version', '-m', path], /\smod\s+\S+alertmanager\s+v(\S+)/));

/** The newest amtool, built by the Go toolchain (some minutes the first time), or a sentence that says why there is none. */
export async function newestAmtool(day: string): Promise<Amtool | string> {
  const folder = cacheFolder(day);
  const path = join(folder, 'amtool');
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' };
  try {
    if (existsSync(path)) return await builtAmtool(path);
    const built = await execute('go', ['install', newestModule], { cwd: folder, env, seconds: 600 });
    return built.exit === 0
      ? await builtAmtool(path)
      : `go install ${newestModule} failed: ${built.errors.slice(-500)}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'go is not on this machine';
    return `go install ${newestModule} did not end: ${error instanceof Error ? error.message : String(error)}`;
  }
}
