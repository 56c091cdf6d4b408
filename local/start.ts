import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningTocsin, startTocsin } from './run.ts';
import { type LocalSettings, readSettings, StartError } from './settings.ts';

/** `npm start`: the whole product on this machine until Ctrl-C. */

const report = (problem: string) => console.error(`tocsin: ${problem}`);
/** How long the parts get to finish what is in hand, before the process ends anyway. */
const stopWithinMillis = 10_000;
const readyWithinMillis = 30_000;

let running: RunningTocsin | null = null;
let ending = false;

async function end(exitCode: number): Promise<void> {
  if (ending) {
    // A second Ctrl-C: now. The database ends by itself when this process is gone.
    process.exit(exitCode || 130);
  }
  ending = true;
  await Promise.race([running?.stop(), sleep(stopWithinMillis, undefined, { ref: false })]);
  process.exit(exitCode);
}

process.on('SIGINT', () => {
  console.log('\nStopping...');
  void end(0);
});
process.on('SIGTERM', () => void end(0));
process.on('SIGHUP', () => void end(0));
process.on('uncaughtException', (error) => {
  report(error.stack ?? error.message);
  void end(1);
});
process.on('unhandledRejection', (reason) => {
  report(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  void end(1);
});

try {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = readSettings(process.env, process.cwd());
  console.log('Starting DynamoDB Local, queues, topics, timers and the functions...');
  running = await startTocsin(settings, { report });
  await waitUntilReady(running.url);
  for (const line of describeRun(settings, running)) console.log(line);
  console.log(`Tocsin is ready on ${running.url}`);
} catch (error) {
  if (error instanceof StartError) console.error(error.message);
  else report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await end(1);
}

/** Every part must answer, through the product's own readiness check. @throws StartError with what it said last */
async function waitUntilReady(url: string): Promise<void> {
  const deadline = performance.now() + readyWithinMillis;
  let said = '';
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/readyz`);
    said = `${response.status} ${await response.text()}`;
    if (response.ok) return;
    await sleep(50);
  }
  throw new StartError(`Tocsin started but is not ready: GET /readyz answers ${said}`);
}

function describeRun(settings: LocalSettings, { url, publicUrl, vendors, policyWarnings }: RunningTocsin): string[] {
  const slack = vendors.slack === null ? `at ${vendors.slackApiUrl ?? 'slack.com'}` : 'sandbox';
  const pagerduty = vendors.pagerduty === null ? `at ${vendors.pagerdutyServer ?? 'events.pagerduty.com'}` : 'sandbox';
  // A token of somebody's own stays off the screen.
  const token = settings.sourceToken === 'local-source' ? settings.sourceToken : '<SOURCE_TOKEN>';
  return [
    ...policyWarnings.map((warning) => `Warning: ${warning.trim()}`),
    `  Data:         ${settings.dataDir} (queues, table, timers and sandbox survive a restart)`,
    `  Policy file:  ${settings.configPath}`,
    `  Slack:        ${slack}`,
    `  PagerDuty:    ${pagerduty}`,
    `  Alerts to:    POST ${publicUrl}/v1/alertmanager with "Authorization: Bearer ${token}"`,
    `  Status page:  ${publicUrl}/status/`,
    `  Sandbox:      ${url}/sandbox`,
  ];
}
