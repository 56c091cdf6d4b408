import { setTimeout as sleep } from 'node:timers/promises';
import { startAlertmanager } from './support/alertmanager.ts';
import { startProduct } from './support/product.ts';
import type { Figure, MeasureOptions, Report } from './support/report.ts';
import { quantile } from './support/statistics.ts';
import { busiestSecond, pageCalls, readOutcome, type StormOutcome } from './support/storm-outcome.ts';
import { groupName, isSev1, type Storm } from './support/storm-plan.ts';
import { type Sent, sendLoneAlerts, sendStorm, sendStormToAlertmanager } from './support/storm-senders.ts';

/** Many alerts at once on the local run: nothing lost, one page for each target of each incident, the first SEV1 pages in time. */

const teamsOf = (quick: boolean): number => (quick ? 10 : 20);
/** The default policy's first step: on-call by Slack, and PagerDuty. */
const targetsOfStepOne = 2;
const settleWithinMillis = { quick: 60_000, full: 240_000 };

export async function measureStorm({ quick }: MeasureOptions): Promise<Report> {
  const teams = teamsOf(quick);
  const storm: Storm = quick
    ? { alerts: 1_000, groups: 20, teams, seconds: 10 }
    : { alerts: 10_000, groups: 200, teams, seconds: 60 };
  const product = await startProduct(teams);
  try {
    const idle = await sendLoneAlerts(product, quick ? 6 : 15, teams);
    const sent = await sendStorm(product, storm);
    const outcome = await readOutcome(
      product,
      storm.alerts,
      quick ? settleWithinMillis.quick : settleWithinMillis.full,
    );
    const calls = pageCalls(product).filter(({ page }) => outcome.pages.has(page.split(' ')[0] ?? ''));
    const refused = product.slack.calls.filter((call) => call.outcome === 'ratelimited').length;
    const seen = { storm, sent, outcome, calls, idle, refused, busiest: busiestSecond(product.slack.calls) };
    const reference = quick ? null : await timeAlertmanager(storm);
    const complaints = product.complaints().trim();
    return {
      figures: figuresOf(seen, reference),
      notes: notesOf(seen, complaints, quick),
      broken: brokenBy(seen),
    };
  } finally {
    await product.stop();
  }
}

interface Seen {
  readonly storm: Storm;
  readonly sent: Sent;
  readonly outcome: StormOutcome;
  readonly calls: readonly { readonly page: string; readonly at: number }[];
  /** Accepted to first page, before the storm. */
  readonly idle: readonly number[];
  readonly refused: number;
  readonly busiest: number;
}

const lostOf = ({ sent, outcome }: Seen): number =>
  [...sent.accepted].filter((instance) => !outcome.attached.has(instance)).length;

/** Accepted to the first page, for each SEV1 incident. */
function firstPages({ storm, sent, outcome, calls }: Seen): readonly number[] {
  const earliest = new Map<string, number>();
  for (const { page, at } of calls) {
    const id = page.split(' ')[0] ?? '';
    earliest.set(id, Math.min(at, earliest.get(id) ?? Number.POSITIVE_INFINITY));
  }
  return Array.from({ length: storm.groups }, (_, group) => group)
    .filter(isSev1)
    .flatMap((group) => {
      const incident = outcome.incidents.find(({ incidentKey }) => incidentKey.includes(`"${groupName(group)}"`));
      const at = incident === undefined ? undefined : earliest.get(incident.id);
      const acceptedAt = sent.firstAcceptedAt.get(group);
      return at === undefined || acceptedAt === undefined ? [] : [at - acceptedAt];
    });
}

const duplicatesOf = ({ calls }: Seen): number => calls.length - new Set(calls.map(({ page }) => page)).size;

interface Reference {
  readonly firstWebhooks: readonly number[];
}

async function timeAlertmanager(storm: Storm): Promise<Reference | null> {
  const alertmanager = await startAlertmanager('storm', '5s');
  if (alertmanager === null) return null;
  try {
    const accepted = await sendStormToAlertmanager(alertmanager.url, storm);
    await sleep(1_000);
    const firstWebhooks = [...accepted]
      .filter(([group]) => isSev1(group))
      .flatMap(([group, acceptedAt]) => {
        const first = alertmanager.received.find(({ groupLabels }) => groupLabels.storm === groupName(group));
        return first === undefined ? [] : [first.at - acceptedAt];
      });
    return { firstWebhooks };
  } finally {
    await alertmanager.stop();
  }
}

function figuresOf(seen: Seen, reference: Reference | null): readonly Figure[] {
  const { sent, outcome, calls, idle, refused, busiest } = seen;
  const stored = [...outcome.pages.values()].flat();
  const first = firstPages(seen);
  const beside = (share: number) => ({ baseline: { what: 'when idle', value: quantile(idle, share) } });
  return [
    { what: 'alerts accepted', value: sent.accepted.size, unit: '' },
    { what: 'alerts lost', value: lostOf(seen), unit: '', aim: { of: 'value', below: 1 } },
    {
      what: 'pages owed by the first step',
      value: stored.length,
      unit: '',
      baseline: { what: 'incidents x 2 targets', value: outcome.incidents.length * targetsOfStepOne },
    },
    { what: 'pages that reached Slack or PagerDuty', value: calls.length, unit: '' },
    { what: 'pages sent twice', value: duplicatesOf(seen), unit: '', aim: { of: 'value', below: 1 } },
    { what: 'first page of a SEV1 incident, p50', value: quantile(first, 0.5), unit: 'ms', ...beside(0.5) },
    { what: 'first page of a SEV1 incident, p99', value: quantile(first, 0.99), unit: 'ms', ...beside(0.99) },
    { what: 'the door: sent to 202, p50', value: quantile(sent.doorMillis, 0.5), unit: 'ms' },
    { what: 'the door: sent to 202, p99', value: quantile(sent.doorMillis, 0.99), unit: 'ms' },
    { what: 'requests that had to be sent again', value: sent.repeated, unit: '' },
    {
      what: 'last request accepted until every alert is in its incident',
      value: outcome.settledAt === null ? Number.NaN : Math.max(0, outcome.settledAt - sent.endedAt) / 1000,
      unit: 's',
    },
    { what: 'Slack posts in one channel and second, at most', value: busiest, unit: '' },
    { what: 'Slack posts refused as too many', value: refused, unit: '' },
    ...(reference === null
      ? []
      : ([0.5, 0.99] as const).map(
          (share): Figure => ({
            what: `Alertmanager: first webhook of a SEV1 group, p${share * 100}`,
            value: quantile(reference.firstWebhooks, share),
            unit: 'ms',
          }),
        )),
  ];
}

function notesOf({ storm, sent, outcome, idle }: Seen, complaints: string, quick: boolean): readonly string[] {
  const states = new Map<string, number>();
  for (const { state } of [...outcome.pages.values()].flat()) states.set(state, (states.get(state) ?? 0) + 1);
  return [
    `${storm.alerts.toLocaleString('en-US')} alerts in ${storm.seconds} s over ${storm.groups} groups, SEV1 and SEV2 by turns, ${storm.teams} teams; each group is sent as Alertmanager does, whole, at once and then every 5 s: ${sent.requests.toLocaleString('en-US')} requests with ${sent.copies.toLocaleString('en-US')} copies of alerts.`,
    `Pages of the first step by state: ${[...states].map(([state, count]) => `${state} ${count}`).join(', ')}. A person has ${(storm.groups / storm.teams).toFixed(0)} incidents, Slack one message a second: so the last direct messages wait for Slack, and PagerDuty comes first.`,
    `Idle: ${idle.length} alerts one by one before the storm. Sender, product and stand-ins share this machine.`,
    ...(quick
      ? []
      : ['The same alerts to Alertmanager alone, with group_wait 0s and a receiver that only notes the time.']),
    ...(complaints === '' ? [] : [`The product complained: ${complaints.slice(0, 500)}`]),
  ];
}

function brokenBy(seen: Seen): readonly string[] {
  const { storm, sent, outcome } = seen;
  const owed = [...outcome.pages.values()].flat();
  const lost = lostOf(seen);
  const checks: readonly (readonly [boolean, string])[] = [
    [sent.accepted.size === storm.alerts, `${storm.alerts - sent.accepted.size} alerts were never accepted`],
    [lost === 0, `${lost} accepted alerts are in no incident`],
    [outcome.incidents.length === storm.groups, `${outcome.incidents.length} incidents for ${storm.groups} groups`],
    [owed.length === storm.groups * targetsOfStepOne, `${owed.length} pages owed for ${storm.groups} incidents`],
    [duplicatesOf(seen) === 0, `${duplicatesOf(seen)} pages were sent twice`],
  ];
  return checks.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}
