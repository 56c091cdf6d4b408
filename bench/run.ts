import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { parseArgs } from 'node:util';
import { measureBundles } from './bundles.ts';
import { measureCore } from './core.ts';
import { measureLatency } from './latency.ts';
import { measureListAlerts } from './list-alerts.ts';
import { measureRequests } from './requests.ts';
import { measureStorm } from './storm.ts';
import { formatFigures, type Measure } from './support/report.ts';
import { measureTimers } from './timers.ts';

/** `npm run bench [-- --quick] [-- --only NAME]`: every measurement, one after the other. */

const measurements: Readonly<Record<string, { readonly title: string; readonly measure: Measure }>> = {
  bundles: { title: 'Bundle size and cold import', measure: measureBundles },
  core: { title: 'The decision core alone', measure: measureCore },
  'list-alerts': { title: 'GET /alerts with 10,000 open alerts', measure: measureListAlerts },
  requests: { title: 'Requests to AWS and DynamoDB units a webhook', measure: measureRequests },
  latency: { title: 'Accepted alert to Slack and PagerDuty', measure: measureLatency },
  timers: { title: 'Steps of many open incidents', measure: measureTimers },
  storm: { title: 'A storm of alerts', measure: measureStorm },
};

const names = Object.keys(measurements);
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const wanted = values.only ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}: choose from ${names.join(', ')}.`);
  process.exit(2);
}

const describeMachine = (): string => {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}, Node ${process.version}`;
};

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'no commit';
  }
}

console.log(`Tocsin bench, ${new Date().toISOString().slice(0, 10)}, ${commit()}${values.quick ? ', quick' : ''}`);
console.log(describeMachine());
const broken: string[] = [];
const startedAt = performance.now();
for (const name of wanted) {
  const measurement = measurements[name];
  if (measurement === undefined) continue;
  const from = performance.now();
  const report = await measurement.measure({ quick: values.quick });
  console.log(`\n## ${name}: ${measurement.title} (${((performance.now() - from) / 1000).toFixed(0)} s)\n`);
  console.log(formatFigures(report.figures));
  if (report.notes.length > 0) console.log(`\n${report.notes.map((note) => `- ${note}`).join('\n')}`);
  broken.push(...report.broken.map((problem) => `${name}: ${problem}`));
}
console.log(`\nAll in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
for (const problem of broken) console.error(`BROKEN: ${problem}`);
process.exitCode = broken.length > 0 ? 1 : 0;
