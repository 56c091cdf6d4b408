import { parseArgs } from 'node:util';
import { runKillNine } from './kill-nine/run.ts';
import { makeScope } from './support/scope.ts';

/** `npm run kill-nine -- [--kills 50] [--alerts 100] [--seed N]`: exits with 1 when anything was lost or told twice. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    alerts: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const scope = makeScope();
process.on('SIGINT', () => void scope.end().finally(() => process.exit(130)));
const [kills, alerts, seed] = [Number(values.kills), Number(values.alerts), Number(values.seed)];
console.log(`kill -9, ${kills} times in a run of ${alerts} alerts; again with --seed ${seed}`);
const startedAt = performance.now();
let problems: readonly string[];
try {
  const report = await runKillNine(scope, { kills, alerts, seed, print: console.log });
  for (const [name, value] of Object.entries(report.figures)) console.log(`  ${name.padEnd(34)} ${value}`);
  problems = report.problems;
} finally {
  await scope.end();
}
for (const problem of problems) console.error(`WRONG: ${problem}`);
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`${problems.length === 0 ? 'nothing lost, nothing told twice' : 'FAILED'} (${seconds} s, seed ${seed})`);
process.exitCode = problems.length === 0 ? 0 : 1;
