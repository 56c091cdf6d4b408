import { parseArgs } from 'node:util';
import type { Policy } from '#shared/config/policy.ts';
import { fail, type Result, succeed } from '#shared/kernel/result.ts';

/** Exit codes: 0 answered, 1 refused (or what the command is asked to fail for), 2 not understood, 3 nobody is paged. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Reads a policy file, of CONFIG or config/local.yaml by default; null: it is refused, and its problems are printed. */
export type LoadPolicy = (path: string | undefined) => Policy | null;

export interface Given {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly files: readonly string[];
}

/** The options of one command: those with a value, and those that are set or not. */
export function readOptions(
  args: readonly string[],
  texts: readonly string[],
  flags: readonly string[],
): Result<Given> {
  const options = Object.fromEntries([
    ...texts.map((name) => [name, { type: 'string' as const }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return succeed({ options: values as Given['options'], files: positionals });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's first sentence says what is wrong; the rest is about arguments that begin with a dash.
    const [problem] = error.message.split(/\.\s|\n/);
    const known = Object.keys(options).map((name) => `--${name}`);
    return fail(`${problem}. Fix: the options are ${known.join(', ')}.`);
  }
}

/** A question that cannot be understood, told on the error stream. */
export function notUnderstood(problem: string): ExitCode {
  console.error(problem);
  return 2;
}

export const textOf = ({ options }: Given, name: string): string | null => {
  const value = options[name];
  return typeof value === 'string' ? value : null;
};
