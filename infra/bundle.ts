import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { checkPolicyDates } from '#shared/config/check-dates.ts';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { formatProblem } from '#shared/config/problem.ts';
import { fromEpochMillis } from '#shared/kernel/instant.ts';
import { type FunctionName, functionTimeoutSeconds } from '#shared/runtime/wiring.ts';

/** Handlers and policy files, bundled for Lambda: read by the stacks, by their tests and by bench/. */

export const functionNames = Object.keys(functionTimeoutSeconds) as FunctionName[];

const root = fileURLToPath(new URL('..', import.meta.url));

export interface FunctionBundle {
  /** What is deployed: `index.mjs`, the chunks that it imports, and `policy.json`. */
  readonly directory: string;
  readonly entry: string;
  /** All code, without the policy. */
  readonly bytes: number;
  /** The code that a cold start reads: without what is only imported dynamically. */
  readonly startBytes: number;
  /** Source files inside it, relative to the repository, static and dynamic. */
  readonly sources: readonly string[];
}
export type FunctionBundles = Readonly<Record<FunctionName, FunctionBundle>>;

export interface BundleOptions {
  /** Emptied first. */
  readonly outdir: string;
  readonly environment: string;
}

/** The policy file has problems or is not there: each line names file, line, column and the fix. */
export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused';
}

/** Compiles config/<environment>.yaml; warnings go to `warn`. @throws PolicyRefused */
export function compilePolicy(environment: string, warn: (line: string) => void): Policy {
  const fileName = `config/${environment}.yaml`;
  const text = readPolicyText(fileName);
  const reading = parsePolicy(text, { environment, fileName });
  if (!reading.ok) throw new PolicyRefused(reading.problems.map(formatProblem).join('\n'));
  const dated = checkPolicyDates(text, reading.policy, fileName, fromEpochMillis(Date.now()));
  for (const warning of [...reading.warnings, ...dated]) warn(`warning: ${formatProblem(warning)}`);
  return reading.policy;
}

function readPolicyText(fileName: string): string {
  try {
    return readFileSync(join(root, fileName), 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new PolicyRefused(
      `${fileName}:1:1: there is no such file. Fix: write it, beginning with a copy of another environment’s.`,
    );
  }
}

/**
 * Bundles every function on its own, and puts beside each its policy. Sharing chunks between functions would make one call to
 * esbuild enough, and every cold start read some thirty files instead of a few: 20 to 40 % slower, measured.
 * @throws PolicyRefused
 */
export async function bundleFunctions({ outdir, environment }: BundleOptions): Promise<FunctionBundles> {
  const policy = JSON.stringify(compilePolicy(environment, console.error));
  rmSync(outdir, { recursive: true, force: true });
  const bundles = await Promise.all(
    functionNames.map(async (name) => [name, await bundleFunction(name, join(outdir, name), policy)] as const),
  );
  return Object.fromEntries(bundles) as Record<FunctionName, FunctionBundle>;
}

async function bundleFunction(name: FunctionName, directory: string, policy: string): Promise<FunctionBundle> {
  const bundle = await bundleEntry(join(root, 'functions', `${name}.ts`), directory);
  writeFileSync(join(directory, 'policy.json'), policy);
  return bundle;
}

/** One entry point as every function is bundled; also what bench/ compares them with. */
export async function bundleEntry(file: string, directory: string): Promise<FunctionBundle> {
  const { metafile } = await build({
    entryPoints: { index: file },
    outdir: directory,
    absWorkingDir: root,
    bundle: true,
    // What is imported dynamically (S3 in receive-alerts) stays out of the cold start.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // ES modules first: the SDK's CommonJS build is twice as large and slower to start.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    // CommonJS packages call require. The name is long so that no minified name can be the same.
    banner: {
      js: "import{createRequire as __tocsinCreateRequire}from'node:module';const require=__tocsinCreateRequire(import.meta.url);",
    },
  });
  const { outputs } = metafile;
  const all = reachable(metafile, ['import-statement', 'dynamic-import']);
  // esbuild also writes what only removed code would have imported dynamically.
  for (const file of Object.keys(outputs)) if (!all.has(file)) rmSync(join(root, file));
  const bytesOf = (files: ReadonlySet<string>) =>
    [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  return {
    directory,
    entry: join(directory, 'index.mjs'),
    bytes: bytesOf(all),
    startBytes: bytesOf(reachable(metafile, ['import-statement'])),
    sources: sourcesOf(metafile, all),
  };
}

/** The entry, what it imports in these ways, and so on. */
function reachable({ outputs }: Metafile, kinds: readonly string[]): ReadonlySet<string> {
  const found = new Set(Object.keys(outputs).filter((file) => basename(file) === 'index.mjs'));
  for (const file of found) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (external !== true && kinds.includes(kind)) found.add(path);
    }
  }
  return found;
}

/** Without the files of which nothing was left. */
function sourcesOf({ outputs }: Metafile, files: ReadonlySet<string>): readonly string[] {
  const inputs = [...files].flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}));
  return [...new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([source]) => source))].sort();
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`;

if (import.meta.main) {
  const [environment = 'dev'] = process.argv.slice(2);
  try {
    const bundles = await bundleFunctions({ outdir: join(root, '.bundle', environment), environment });
    for (const [name, { bytes, startBytes, directory }] of Object.entries(bundles)) {
      console.log(
        `${name.padEnd(20)} ${kilobytes(startBytes).padStart(8)} at start ${kilobytes(bytes).padStart(8)} in all  ${relative(root, directory)}`,
      );
    }
  } catch (error) {
    if (!(error instanceof PolicyRefused)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
