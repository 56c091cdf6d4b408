import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundleEntry, bundleFunctions, functionNames } from '#infra/bundle.ts';
import type { FunctionName } from '#shared/runtime/wiring.ts';
import { writeClientsOnly } from './support/aws-clients.ts';
import type { Figure, MeasureOptions, Report } from './support/report.ts';
import { median } from './support/statistics.ts';

/** Size and cold import of every function's bundle beside a bundle of only the AWS clients that it starts with. */

/**
 * These answer people or wake them, from a cold start too. The door only stores; the other two decide, so they bring schedules and
 * the clocks of zones along: about 60 KB.
 */
const aimRatios: Partial<Readonly<Record<FunctionName, number>>> = {
  'receive-alerts': 1.5,
  'tick-escalation': 1.7,
  'respond-to-slack': 1.8,
};
const aimed = functionNames.filter((name) => aimRatios[name] !== undefined);
const root = fileURLToPath(new URL('..', import.meta.url));
/** Inside the repository, so that packages are found; ignored by Git. */
const folder = join(root, '.bundle', 'bench');

interface Bundle {
  readonly entry: string;
  readonly kilobytes: number;
  readonly gzipped: number;
}

export async function measureBundles({ quick }: MeasureOptions): Promise<Report> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundled = await bundleFunctions({ outdir: join(folder, 'functions'), environment: 'dev' });
  const own = new Map<FunctionName, Bundle>();
  const clients = new Map<FunctionName, Bundle>();
  await Promise.all(
    functionNames.map(async (name) => {
      own.set(name, measured(bundled[name].entry));
      clients.set(name, await clientsOnly(name));
    }),
  );
  const timed = quick ? aimed : functionNames;
  const rounds = quick ? 5 : 25;
  const times = coldImports(timed, own, clients, rounds);
  rmSync(folder, { recursive: true });
  return {
    figures: functionNames.flatMap((name) => figuresOf(name, own.get(name), clients.get(name), times.get(name))),
    notes: [
      'Minified code that a cold start reads; what is imported with the first need (S3 in receive-alerts) is not in it.',
      `Cold import: median of ${rounds} fresh processes, each beside one of the baseline, less the import of an empty module.`,
    ],
    broken: [],
  };
}

async function clientsOnly(name: FunctionName): Promise<Bundle> {
  const file = join(folder, `${name}.clients.mjs`);
  await writeClientsOnly(join(root, 'functions', `${name}.ts`), file);
  const { entry } = await bundleEntry(file, join(folder, 'clients', name));
  return measured(entry);
}

/** The entry and what it imports statically, so that both kinds are counted alike. */
function measured(entry: string): Bundle {
  const files = new Set([entry]);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:import|from)"(\.\/chunk-[^"]+)"/g))
      files.add(join(dirname(file), path));
  }
  const contents = [...files].map((file) => readFileSync(file));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0) / 1000;
  return {
    entry,
    kilobytes: sum(contents.map((content) => content.length)),
    gzipped: sum(contents.map((content) => gzipSync(content).length)),
  };
}

interface ImportTimes {
  readonly own: number;
  readonly clients: number;
}

/** Own, clients, empty, and again: whatever else the machine does meets all three. */
function coldImports(
  names: readonly FunctionName[],
  own: ReadonlyMap<FunctionName, Bundle>,
  clients: ReadonlyMap<FunctionName, Bundle>,
  rounds: number,
): ReadonlyMap<FunctionName, ImportTimes> {
  const empty = join(folder, 'empty.mjs');
  const runner = join(folder, 'runner.mjs');
  writeFileSync(empty, 'export {};\n');
  writeFileSync(
    runner,
    'const from = performance.now();\nawait import(process.argv[2]);\nconsole.log(performance.now() - from);\nprocess.exit(0);\n',
  );
  const millis = (entry: string) => Number(execFileSync(process.execPath, [runner, entry], { encoding: 'utf8' }));
  return new Map(
    names.map((name) => {
      const entries = { own: own.get(name)?.entry ?? '', clients: clients.get(name)?.entry ?? '', empty };
      const samples = Array.from({ length: rounds }, () => ({
        own: millis(entries.own),
        clients: millis(entries.clients),
        empty: millis(entries.empty),
      }));
      const base = median(samples.map((sample) => sample.empty));
      const own_ = median(samples.map((sample) => sample.own)) - base;
      return [name, { own: own_, clients: median(samples.map((sample) => sample.clients)) - base }];
    }),
  );
}

function figuresOf(
  name: FunctionName,
  own: Bundle | undefined,
  clients: Bundle | undefined,
  times: ImportTimes | undefined,
): readonly Figure[] {
  if (own === undefined || clients === undefined) return [];
  const below = aimRatios[name];
  const aim = below === undefined ? {} : { aim: { of: 'ratio' as const, below } };
  const beside = (value: number) => ({ baseline: { what: 'clients only', value } });
  return [
    { what: `${name}: size`, value: own.kilobytes, unit: 'KB', ...beside(clients.kilobytes), ...aim },
    { what: `${name}: gzipped`, value: own.gzipped, unit: 'KB', ...beside(clients.gzipped) },
    ...(times === undefined
      ? []
      : [{ what: `${name}: cold import`, value: times.own, unit: 'ms' as const, ...beside(times.clients), ...aim }]),
  ];
}
