import { setTimeout as sleep } from 'node:timers/promises';
import type { VendorCall } from '#local/sandbox/faults.ts';
import { apiAlerts, type RunningAlertmanager, startAlertmanager } from './support/alertmanager.ts';
import { channelOf, serviceOf } from './support/policy.ts';
import { type RunningProduct, startProduct } from './support/product.ts';
import type { Figure, MeasureOptions, Report } from './support/report.ts';
import { nowMillis, quantile } from './support/statistics.ts';
import { annotationsOf, type BenchAlert, type Posted, postJson, postWebhook, webhookOf } from './support/webhook.ts';

/** Accepted alert to the vendors' calls on the local run, one alert at a time, beside Alertmanager's own accept to webhook. */

/** So many that no vendor's limit holds anything back: a team has its turn every few seconds. */
const teams = 25;
/** Until the just-in-time compiler and the connections are warm; every team's direct message is open then. */
const warmUp = teams;
const pauseMillis = 60;
const answerWithinMillis = 20_000;

interface Timed {
  readonly posted: Posted;
  readonly page: number;
  readonly message: number;
  readonly trigger: number;
}

export async function measureLatency({ quick }: MeasureOptions): Promise<Report> {
  const count = quick ? 40 : 250;
  const product = await startProduct(teams);
  let timed: readonly Timed[];
  try {
    timed = (await oneByOne(warmUp + count, (index) => timeProduct(product, index))).slice(warmUp);
  } finally {
    await product.stop();
  }
  const reference = await timeAlertmanager(count);
  return {
    figures: figuresOf(timed, reference),
    notes: [
      `${count} alerts one by one after ${warmUp} to warm up, each SEV1 in a group of its own, over ${teams} teams.`,
      reference === null
        ? 'No Alertmanager on this machine (apt-get install prometheus-alertmanager): no baseline.'
        : 'Baseline: Alertmanager with group_wait 0s, from the sending of POST /api/v2/alerts to its webhook. It keeps alerts in memory and sends the webhook while it still answers, so that its own accepted-to-webhook is next to nothing; Tocsin has everything on disk before it answers, and again before it calls.',
    ],
    broken: [],
  };
}

async function oneByOne<T>(count: number, run: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) {
    results.push(await run(index));
    await sleep(pauseMillis);
  }
  return results;
}

const alertOf = (index: number): BenchAlert => ({
  labels: {
    alertname: `Latency${index}x`,
    severity: 'critical',
    service: serviceOf(index % teams),
    instance: `10.0.${index >> 8}.${index & 255}:9100`,
    job: 'node',
  },
  startsAt: new Date().toISOString(),
});

async function timeProduct({ url, slack, pagerduty }: RunningProduct, index: number): Promise<Timed> {
  const alert = alertOf(index);
  const { alertname = '' } = alert.labels;
  const posted = await postWebhook(url, webhookOf({ alertname }, [alert]));
  if (posted.status !== 202) throw new Error(`the door answered ${posted.status}`);
  const own = channelOf(index % teams);
  const isPost = (call: VendorCall) => call.method === 'chat.postMessage' && mentions(call, alertname);
  const [page, message, trigger] = await Promise.all([
    firstCall(slack.calls, (call) => isPost(call) && call.args.channel !== own, posted.answeredAt),
    firstCall(slack.calls, (call) => isPost(call) && call.args.channel === own, posted.answeredAt),
    firstCall(pagerduty.calls, (call) => call.method === 'trigger' && mentions(call, alertname), posted.answeredAt),
  ]);
  return { posted, page, message, trigger };
}

const mentions = (call: VendorCall, text: string): boolean => JSON.stringify(call.args).includes(text);

/** When the stand-in got the call. Only the newest calls can be the one. */
async function firstCall(
  calls: readonly VendorCall[],
  isIt: (call: VendorCall) => boolean,
  since: number,
): Promise<number> {
  for (;;) {
    const found = calls.slice(-30).find(isIt);
    if (found !== undefined) return found.at;
    if (nowMillis() - since > answerWithinMillis) throw new Error('a call did not come');
    await sleep(3);
  }
}

interface Reference {
  readonly accepted: readonly number[];
  readonly sent: readonly number[];
  readonly door: readonly number[];
}

async function timeAlertmanager(count: number): Promise<Reference | null> {
  const alertmanager = await startAlertmanager('alertname', '1h');
  if (alertmanager === null) return null;
  try {
    const timed = (await oneByOne(warmUp + count, (index) => timeWebhook(alertmanager, index))).slice(warmUp);
    return {
      accepted: timed.map(({ posted, at }) => at - posted.answeredAt),
      sent: timed.map(({ posted, at }) => at - posted.sentAt),
      door: timed.map(({ posted }) => posted.answeredAt - posted.sentAt),
    };
  } finally {
    await alertmanager.stop();
  }
}

async function timeWebhook({ url, received }: RunningAlertmanager, index: number) {
  const alert = alertOf(index);
  const posted = await postJson(`${url}/api/v2/alerts`, apiAlerts([alert], annotationsOf), null);
  if (posted.status !== 200) throw new Error(`Alertmanager answered ${posted.status}`);
  for (;;) {
    const found = received.findLast(({ groupLabels }) => groupLabels.alertname === alert.labels.alertname);
    if (found !== undefined) return { posted, at: found.at };
    if (nowMillis() - posted.answeredAt > answerWithinMillis) throw new Error('a webhook did not come');
    await sleep(3);
  }
}

const aimMillis = { p50: 80, p99: 300 } as const;

function figuresOf(timed: readonly Timed[], reference: Reference | null): readonly Figure[] {
  const since = (call: 'page' | 'message' | 'trigger', from: 'answeredAt' | 'sentAt') =>
    timed.map((each) => each[call] - each.posted[from]);
  const pair = (what: string, values: readonly number[], base: readonly number[] | undefined, aimed: boolean) =>
    ([0.5, 0.99] as const).map((share): Figure => {
      const name = share === 0.5 ? 'p50' : 'p99';
      return {
        what: `${what}, ${name}`,
        value: quantile(values, share),
        unit: 'ms',
        ...(base && { baseline: { what: 'Alertmanager', value: quantile(base, share) } }),
        ...(aimed && { aim: { of: 'value' as const, below: aimMillis[name] } }),
      };
    });
  const door = timed.map(({ posted }) => posted.answeredAt - posted.sentAt);
  return [
    ...pair('accepted to Slack page (direct message)', since('page', 'answeredAt'), undefined, true),
    ...pair('accepted to PagerDuty trigger', since('trigger', 'answeredAt'), undefined, true),
    ...pair('accepted to Slack incident message', since('message', 'answeredAt'), undefined, false),
    ...pair('sent to Slack page', since('page', 'sentAt'), reference?.sent, false),
    ...pair('sent to PagerDuty trigger', since('trigger', 'sentAt'), reference?.sent, false),
    ...pair('the door: sent to 202', door, reference?.door, false),
    ...(reference === null ? [] : pair('Alertmanager: accepted to its webhook', reference.accepted, undefined, false)),
  ];
}
