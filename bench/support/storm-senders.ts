import { setTimeout as sleep } from 'node:timers/promises';
import { apiAlerts } from './alertmanager.ts';
import { serviceOf } from './policy.ts';
import type { RunningProduct } from './product.ts';
import { nowMillis } from './statistics.ts';
import { pageCalls } from './storm-outcome.ts';
import { arrivalMillis, type Flush, planFlushes, type Storm, stormAlert } from './storm-plan.ts';
import { annotationsOf, type BenchAlert, postJson, postWebhook, webhookOf } from './webhook.ts';

/** What the senders of a storm saw. */
export interface Sent {
  readonly requests: number;
  /** Alerts in all requests, each as often as it was sent. */
  readonly copies: number;
  /** Instances of the alerts in at least one accepted request. */
  readonly accepted: ReadonlySet<string>;
  readonly firstAcceptedAt: ReadonlyMap<number, number>;
  readonly doorMillis: readonly number[];
  readonly repeated: number;
  readonly endedAt: number;
}

/** Alertmanager sends again after a 5xx or a broken connection, with a growing pause. */
const tries = 12;

/** Each group on its own, one request after the other, as Alertmanager's groups are. */
export async function sendStorm({ url }: RunningProduct, storm: Storm): Promise<Sent> {
  const flushes = planFlushes(storm);
  const accepted = new Set<string>();
  const firstAcceptedAt = new Map<number, number>();
  const doorMillis: number[] = [];
  let repeated = 0;
  const send = async ({ group, groupLabels, alerts }: Flush) => {
    const body = webhookOf(groupLabels, alerts);
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const posted = await postWebhook(url, body);
      doorMillis.push(posted.answeredAt - posted.sentAt);
      if (posted.status === 202) {
        for (const { labels } of alerts) accepted.add(labels.instance ?? '');
        if (!firstAcceptedAt.has(group)) firstAcceptedAt.set(group, posted.answeredAt);
        return;
      }
      repeated += 1;
      await sleep(Math.min(10_000, 250 * 2 ** attempt));
    }
  };
  const startedAt = nowMillis();
  const byGroup = Map.groupBy(flushes, ({ group }) => group);
  await Promise.all(
    [...byGroup.values()].map(async (own) => {
      for (const flush of own) {
        await sleep(Math.max(0, startedAt + flush.atMillis - nowMillis()));
        await send(flush);
      }
    }),
  );
  const copies = flushes.reduce((sum, { alerts }) => sum + alerts.length, 0);
  return { requests: flushes.length, copies, accepted, firstAcceptedAt, doorMillis, repeated, endedAt: nowMillis() };
}

const lonePageWithinMillis = 20_000;

/** SEV1 alerts one by one, the first of them to warm up. Answers accepted to the first page, in milliseconds. */
export async function sendLoneAlerts(
  product: RunningProduct,
  count: number,
  teams: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count + teams; index += 1) {
    const labels = {
      alertname: `Lone${index}`,
      severity: 'critical',
      service: serviceOf(index % teams),
      instance: `10.255.0.${index}:9100`,
      job: 'node',
    };
    const startsAt = new Date().toISOString();
    const posted = await postWebhook(product.url, webhookOf({ alertname: labels.alertname }, [{ labels, startsAt }]));
    const pages = () => pageCalls(product).filter(({ at }) => at > posted.sentAt);
    const deadline = nowMillis() + lonePageWithinMillis;
    while (pages().length < 2 && nowMillis() < deadline) await sleep(5);
    const first = Math.min(...pages().map(({ at }) => at));
    if (index >= teams) times.push(first - posted.answeredAt);
  }
  // Until the limits of Slack and PagerDuty know nothing of them any more.
  await sleep(4_000);
  return times;
}

/**
 * The same alerts as Prometheus would send them, every tenth of a second what is new. Answers when each group's first was
 * accepted.
 */
export async function sendStormToAlertmanager(url: string, storm: Storm): Promise<ReadonlyMap<number, number>> {
  const accepted = new Map<number, number>();
  const startedAt = nowMillis();
  let next = 0;
  while (next < storm.alerts) {
    const due: number[] = [];
    for (; next < storm.alerts && arrivalMillis(storm, next) <= nowMillis() - startedAt; next += 1) due.push(next);
    if (due.length > 0) {
      const acceptedAt = await postAlerts(
        url,
        due.map((index) => stormAlert(storm, index)),
      );
      const groups = due.map((index) => index % storm.groups).filter((group) => !accepted.has(group));
      for (const group of groups) accepted.set(group, acceptedAt);
    }
    await sleep(100);
  }
  return accepted;
}

async function postAlerts(url: string, alerts: readonly BenchAlert[]): Promise<number> {
  const posted = await postJson(`${url}/api/v2/alerts`, apiAlerts(alerts, annotationsOf), null);
  if (posted.status !== 200) throw new Error(`Alertmanager answered ${posted.status}`);
  return posted.answeredAt;
}
