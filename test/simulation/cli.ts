/**
 * npm run simulate -- [--seeds 1000] [--from 1] | --seed 42 [--incident 3]
 * Runs seeds in two processes and reports violations (each replayable alone with --seed) and how often each port call was hit
 * by a fault before and after; of one seed also what happened to one incident. Exit 1 on any violation, or when a call met in the runs was hit fewer than 20 times.
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { leastHits, rarelyHit } from './coverage.ts';
import type { SimulationReport } from './judge.ts';
import { run } from './run.ts';
import { simulate } from './simulate.ts';
import { traceIncident } from './trace.ts';

interface Part {
  readonly reports: readonly SimulationReport[];
  readonly counts: readonly (readonly [string, number])[];
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    incident: { type: 'string' },
    part: { type: 'string' },
  },
});

/** Thousands of injected errors a seed: their stacks would cost more than their handling. */
if (values.seed === undefined) Error.stackTraceLimit = 0;

async function runSeeds(seeds: readonly number[]): Promise<Part> {
  const counts = new Map<string, number>();
  const reports: SimulationReport[] = [];
  for (const seed of seeds) {
    const report = await simulate(seed, { counts });
    reports.push(report.violations.length > 0 ? report : { ...report, errors: [] });
  }
  return { reports, counts: [...counts] };
}

const seedsOf = (from: number, count: number, part: number, parts: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i).filter((seed) => seed % parts === part);

function runInChild(part: number): Promise<Part> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(import.meta.url), [
      '--part',
      String(part),
      '--seeds',
      values.seeds,
      '--from',
      values.from,
    ]);
    child.once('message', (message) => resolve(message as Part));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a part of the simulation ended with ${code} before it reported`)));
  });
}

function tell(parts: readonly Part[], startedAt: number): number {
  const reports = parts.flatMap((part) => part.reports);
  const failed = reports.filter((report) => report.violations.length > 0);
  for (const report of failed.slice(0, 10)) {
    console.log(
      `seed ${report.seed}: ${report.violations.length} violations (npm run simulate -- --seed ${report.seed})`,
    );
    for (const violation of report.violations.slice(0, 12)) console.log(`  ${violation}`);
  }
  const sum = (of: (report: SimulationReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  console.log(
    `${reports.length} seeds in ${Math.round((performance.now() - startedAt) / 1000)} s: ${sum((r) => r.alertChanges)} alert changes, ` +
      `${sum((r) => r.incidents)} incidents, ${sum((r) => r.pages)} pages, ${sum((r) => r.crashes)} crashes, ${failed.length} seeds with violations`,
  );
  const counts = new Map<string, number>();
  for (const [call, times] of parts.flatMap((part) => part.counts)) counts.set(call, (counts.get(call) ?? 0) + times);
  console.log('faults injected, by port call and side:');
  for (const [call, times] of [...counts].sort()) console.log(`  ${String(times).padStart(8)}  ${call}`);
  const rare = reports.length >= 1000 ? rarelyHit(counts) : [];
  for (const call of rare) console.log(`hit fewer than ${leastHits} times: ${call}`);
  return failed.length > 0 || rare.length > 0 ? 1 : 0;
}

if (values.part !== undefined) {
  const part = await runSeeds(seedsOf(Number(values.from), Number(values.seeds), Number(values.part), 2));
  process.send?.(part, () => process.disconnect());
} else {
  const startedAt = performance.now();
  const parts =
    values.seed === undefined
      ? await Promise.all([runInChild(0), runInChild(1)])
      : [await runSeeds([Number(values.seed)])];
  process.exitCode = tell(parts, startedAt);
  if (values.seed !== undefined)
    for (const error of parts[0]?.reports[0]?.errors ?? []) console.log(`  error: ${error}`);
  if (values.seed !== undefined && values.incident !== undefined)
    for (const line of traceIncident(await run(Number(values.seed)), Number(values.incident))) console.log(line);
}
