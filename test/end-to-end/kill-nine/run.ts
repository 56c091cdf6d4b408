import { freePort } from '../support/free-port.ts';
import { listIncidents, readPages } from '../support/operator.ts';
import { writeQuickPolicy } from '../support/policy.ts';
import { readQueueDepths } from '../support/queues.ts';
import type { Scope } from '../support/scope.ts';
import { startTocsin, type Tocsin, type TocsinOptions } from '../support/tocsin.ts';
import { until } from '../support/until.ts';
import { type OutsideVendors, startOutsideVendors } from '../support/vendors.ts';
import { checkAlerts, checkPages, checkTimeline } from './check-stored.ts';
import { checkHandOvers, checkSlack, type SlackFigures } from './check-vendors.ts';
import { killAgainAndAgain } from './kill.ts';
import { type PlannedGroup, planRun } from './plan.ts';
import { type SendersState, sendAll } from './senders.ts';
import { readStored, type Stored } from './stored.ts';

export interface KillNineOptions {
  readonly kills: number;
  readonly alerts: number;
  readonly seed: number;
  readonly print: (line: string) => void;
}

export interface KillNineReport {
  /** Empty: nothing was lost, and nothing told twice. */
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * Alerts are posted, as Alertmanager would, to a product that is killed with `kill -9` at random instants, some of them while
 * it starts, some between a vendor's deed and its answer, and started again on the same data. Slack and PagerDuty stand outside, so that what they have is known. At the
 * end it is left alone until nothing moves, and then the disk and the vendors are compared.
 */
export async function runKillNine(scope: Scope, options: KillNineOptions): Promise<KillNineReport> {
  const groups = planRun(options.alerts, options.seed);
  const vendors = await startOutsideVendors(scope);
  const dataDir = scope.tempDir('data');
  const product: TocsinOptions = {
    dataDir,
    vendors,
    port: await freePort(),
    env: { CONFIG: writeQuickPolicy(scope) },
  };
  const state: SendersState = { progress: 0, stopped: false, accepted: 0, retried: 0, acknowledgements: 0 };
  scope.add(() => {
    state.stopped = true;
  });
  const sending = sendAll(`http://127.0.0.1:${product.port}`, groups, state);
  // Awaited at the end: a refusal before that must not go unheard as an unhandled one.
  sending.catch(() => {});
  const kills = await killAgainAndAgain(scope, { ...options, product, vendors }, (progress) => {
    state.progress = progress;
  });
  const tocsin = await startTocsin(scope, product);
  state.progress = 1;
  await sending;
  options.print(`all ${state.accepted} webhooks accepted; waiting until nothing moves any more`);
  await waitForRest(tocsin, vendors, groups);
  await tocsin.interrupt();
  const stored = await readStored(dataDir);
  const slack = checkSlack(vendors);
  return {
    problems: [
      ...checkAlerts(groups, stored),
      ...checkPages(stored),
      ...checkTimeline(stored),
      ...slack.problems,
      ...checkHandOvers(vendors, stored),
    ],
    figures: {
      ...kills,
      'webhooks accepted': state.accepted,
      'webhooks sent again': state.retried,
      acknowledgements: state.acknowledgements,
      ...figuresOf(stored, slack.figures, vendors),
    },
  };
}

const quietMillis = 3_000;

/** Every incident is where its group left it, every page has ended, no queue holds anything, and the vendors hear nothing new. */
async function waitForRest(tocsin: Tocsin, vendors: OutsideVendors, groups: readonly PlannedGroup[]): Promise<void> {
  const resolved = groups.filter((group) => group.resolved).length;
  const moving = async (): Promise<string | null> => {
    const incidents = await listIncidents(tocsin);
    const over = incidents.filter(({ status }) => status === 'resolved').length;
    if (incidents.length < groups.length || over < resolved) return `${incidents.length} incidents, ${over} resolved`;
    for (const { name, number } of incidents) {
      const pages = await readPages(tocsin, number);
      const pending = pages.find(({ state }) => state === 'pending' || state === 'claimed' || state === 'unknown');
      if (pending !== undefined) return `${name}: ${pending.target} is ${pending.state}`;
    }
    const queued = await readQueueDepths(tocsin.dataDir);
    if (Object.keys(queued).length > 0) return `in queues: ${JSON.stringify(queued)}`;
    const last = Math.max(vendors.slack.calls.at(-1)?.at ?? 0, vendors.pagerduty.calls.at(-1)?.at ?? 0);
    return Date.now() - last < quietMillis ? 'vendors are being told' : null;
  };
  let seen: string | null = '';
  const look = async () => {
    if (tocsin.program.ended) return true;
    seen = await moving();
    return seen === null;
  };
  const told = () => `${seen}\n${tocsin.program.output()}`;
  await until('nothing moves any more', look, { seconds: 300, everyMillis: 1_000, seen: told });
  if (tocsin.program.ended) throw new Error(`the product ended by itself: ${told()}`);
}

function figuresOf({ incidents, pages, alerts }: Stored, slack: SlackFigures, { pagerduty }: OutsideVendors) {
  const count = (state: string) => pages.filter((page) => page.state === state).length;
  return {
    'alerts stored': alerts.length,
    incidents: incidents.length,
    'pages owed': pages.length,
    'pages handed over': count('handed over'),
    'pages cancelled': count('cancelled'),
    'pages to the fallback': count('fallback'),
    'Slack messages': slack.messages,
    'Slack posts': slack.posts,
    'Slack posts repeated': slack.repeats,
    'of them explained by a lookup': slack.explained,
    'Slack lookups': slack.lookUps,
    'PagerDuty events': pagerduty.calls.length,
    'PagerDuty notifications': pagerduty.model.notifications.length,
  };
}
