import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sendTestAlert } from '#local/sandbox/test-alert.ts';
import type { PageRow } from '#shared/notification/page.ts';
import { readStored } from './kill-nine/stored.ts';
import { readQueueDepths } from './support/queues.ts';
import { makeScope, type Scope } from './support/scope.ts';
import { startTocsin, type Tocsin, tokens } from './support/tocsin.ts';
import { until } from './support/until.ts';
import { keyedPosts, nameOf, type OutsideVendors, startOutsideVendors } from './support/vendors.ts';

/**
 * `npm run slack-outage -- [--minutes 10] [--every 20]`: SEV1 alerts come in while Slack answers 500 for so long. PagerDuty's
 * times must stay what they were, each page by Slack must be in the fallback by its deadline, and after the recovery Slack
 * must show everything once and none of those pages. Exits with 1 otherwise.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, every: { type: 'string', default: '20' } },
});
const everyMillis = Number(values.every) * 1000;
const outageMillis = Number(values.minutes) * 60_000;
const baselineMillis = 60_000;
/** The queue's delays are whole seconds, and the machine may be busy. */
const latestAfterDeadlineMillis = 5_000;

interface Fired {
  readonly alertname: string;
  readonly acceptedAt: number;
  readonly duringOutage: boolean;
}

const scope = makeScope();
process.on('SIGINT', () => void scope.end().finally(() => process.exit(130)));
let problems: readonly string[];
try {
  problems = await run(scope);
} finally {
  await scope.end();
}
for (const problem of problems) console.error(`WRONG: ${problem}`);
console.log(problems.length === 0 ? 'PagerDuty undisturbed, nothing lost, nothing told twice' : 'FAILED');
process.exitCode = problems.length === 0 ? 0 : 1;

async function run(own: Scope): Promise<readonly string[]> {
  const vendors = await startOutsideVendors(own);
  const tocsin = await startTocsin(own, { vendors });
  const fired: Fired[] = [];
  // The first alert of a cold product loads everything: it is no measure.
  await fire(tocsin, 'Warm', false);
  await sleep(5_000);
  await fireFor(baselineMillis, () => fire(tocsin, `Before${fired.length}`, false).then((one) => fired.push(one)));
  vendors.slack.faults.always({ kind: 'status', status: 500 });
  const down = Date.now();
  console.log(`Slack is down for ${values.minutes} minutes`);
  await fireFor(outageMillis, () => fire(tocsin, `During${fired.length}`, true).then((one) => fired.push(one)));
  vendors.slack.faults.always(null);
  const up = Date.now();
  console.log('Slack is back; waiting until it shows everything');
  await until('every queue is empty', async () => Object.keys(await readQueueDepths(tocsin.dataDir)).length === 0, {
    seconds: 900,
    everyMillis: 2_000,
    seen: tocsin.program.output,
  });
  console.log(`  Slack caught up after ${Math.round((Date.now() - up) / 1000)} s`);
  await tocsin.interrupt();
  const { pages } = await readStored(tocsin.dataDir);
  return [...checkPagerDuty(vendors, fired), ...checkFallback(pages, down, up), ...checkSlack(vendors, pages)];
}

async function fireFor(millis: number, one: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + millis;
  while (Date.now() < end) {
    await one();
    await sleep(Math.min(everyMillis, Math.max(0, end - Date.now())));
  }
}

async function fire({ url }: Tocsin, alertname: string, duringOutage: boolean): Promise<Fired> {
  const startsAt = new Date().toISOString();
  const alert = { alertname, severity: 'critical', service: 'checkout', instance: 'web-1', summary: 'down', startsAt };
  const answer = await sendTestAlert(url, tokens.source, alert, 'firing');
  if (answer.status !== 202) throw new Error(`${alertname} was answered ${answer.status}: ${answer.text}`);
  return { alertname, acceptedAt: Date.now(), duringOutage };
}

/** Accepted to rung, before and during the outage. A second more at the median would be a lane that waits for another. */
function checkPagerDuty({ pagerduty }: OutsideVendors, fired: readonly Fired[]): readonly string[] {
  const problems: string[] = [];
  const millisOf = (during: boolean) =>
    fired
      .filter((one) => one.duringOutage === during)
      .map(({ alertname, acceptedAt }) => {
        const rings = pagerduty.model.notifications.filter(({ summary }) => summary.includes(`${alertname}:`));
        if (rings.length !== 1) problems.push(`PagerDuty rang ${rings.length} times for ${alertname}`);
        return (rings[0]?.at ?? Number.POSITIVE_INFINITY) - acceptedAt;
      })
      .sort((a, b) => a - b);
  const [before, during] = [millisOf(false), millisOf(true)];
  const median = (of: readonly number[]) => of[Math.floor(of.length / 2)] ?? 0;
  for (const [name, of] of [
    ['before', before],
    ['during', during],
  ] as const) {
    console.log(`  PagerDuty ${name} the outage: ${of.length} alerts, p50 ${median(of)} ms, max ${of.at(-1)} ms`);
  }
  if (median(during) > median(before) + 1_000) problems.push('PagerDuty is slower while Slack is down');
  return problems;
}

/** Every page by Slack that was due within the outage went to the fallback, soon after its deadline. */
function checkFallback(pages: readonly PageRow[], down: number, up: number): readonly string[] {
  const slack = pages.filter(({ lane }) => lane === 'slack');
  const due = slack.filter(({ owedAt, deadlineAt }) => Date.parse(owedAt) > down && Date.parse(deadlineAt) < up);
  const late = due.map(({ deadlineAt, endedAt }) => Date.parse(endedAt ?? '') - Date.parse(deadlineAt));
  console.log(
    `  ${due.length} pages by Slack were due while it was down; ended ${Math.max(...late)} ms after the deadline at the latest`,
  );
  const unended = pages.filter(({ endedAt }) => endedAt === null).map((page) => `pending: ${nameOfPage(page)}`);
  const elsewhere = due.filter(({ state }) => state !== 'fallback').map((page) => `${page.state}: ${nameOfPage(page)}`);
  const tooLate = due.filter((_, index) => !((late[index] ?? Number.NaN) <= latestAfterDeadlineMillis));
  return [...unended, ...elsewhere, ...tooLate.map((page) => `late in the fallback: ${nameOfPage(page)}`)];
}

/** Each message once, and none of the pages that the fallback had told already. */
function checkSlack({ slack }: OutsideVendors, pages: readonly PageRow[]): readonly string[] {
  const shown = keyedPosts(slack.calls)
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ name }) => name);
  const twice = shown.filter((name, index) => shown.indexOf(name) !== index).map((name) => `twice in Slack: ${name}`);
  const messages = slack.workspace.channelIds().flatMap((channel) => slack.workspace.messagesOf(channel));
  const toldBoth = pages
    .filter(({ state }) => state === 'fallback')
    .filter((page) => messages.some(({ metadata }) => isPage(metadata, page)))
    .map((page) => `in the fallback and in Slack: ${nameOfPage(page)}`);
  const incidents = new Set(pages.map(({ incidentId }) => incidentId));
  const roots = shown.filter((name) => name.endsWith(' root')).length;
  console.log(`  ${roots} incident messages for ${incidents.size} incidents, ${shown.length} messages in all`);
  return [...twice, ...toldBoth, ...(roots === incidents.size ? [] : ['an incident has no message in Slack'])];
}

const nameOfPage = (page: PageRow) => `INC-${page.incidentNumber} step ${page.step} round ${page.round} ${page.target}`;

function isPage(metadata: unknown, page: PageRow): boolean {
  const name = nameOf(metadata);
  const key = `page:${page.generation}:${page.step}:${page.round}:${page.target}`;
  return name !== null && name.incidentId === page.incidentId && name.key === key;
}
