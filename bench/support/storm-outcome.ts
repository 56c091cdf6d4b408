import { setTimeout as sleep } from 'node:timers/promises';
import type { VendorCall } from '#local/sandbox/faults.ts';
import { type RunningProduct, readApi } from './product.ts';
import { nowMillis } from './statistics.ts';

/** What became of a storm, read through the operator API and from the stand-ins' calls. */

export interface StormIncident {
  readonly id: string;
  readonly number: number;
  readonly incidentKey: string;
  readonly firing: number;
}

export interface StoredPage {
  readonly step: number;
  readonly target: string;
  readonly state: string;
  readonly owedAt: string;
  readonly endedAt: string | null;
}

export interface StormOutcome {
  readonly incidents: readonly StormIncident[];
  /** Instances of the alerts that are stored as firing in an incident. */
  readonly attached: ReadonlySet<string>;
  /** Pages of the first step, by incident id. */
  readonly pages: ReadonlyMap<string, readonly StoredPage[]>;
  /** When every alert was counted by its incident; null: not in time. */
  readonly settledAt: number | null;
}

/** The incidents of one run's storm, told from others by their group's name. */
async function listIncidents(product: RunningProduct): Promise<readonly StormIncident[]> {
  const found: StormIncident[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { incidents: readonly StormIncident[]; next: string | null } = await readApi(
      product,
      `/v1/incidents?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    found.push(...page.incidents.filter(({ incidentKey }) => incidentKey.includes('storm=')));
    cursor = page.next;
  }
  return found;
}

async function listAttached(product: RunningProduct): Promise<ReadonlySet<string>> {
  const attached = new Set<string>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: {
      alerts: readonly { labels: Readonly<Record<string, string>>; incidentIds: readonly string[] }[];
      next: string | null;
    } = await readApi(
      product,
      `/v1/alerts?limit=500&matcher=${encodeURIComponent('alertname="InstanceDown"')}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const { labels, incidentIds } of page.alerts) {
      if (incidentIds.length > 0 && labels.instance !== undefined) attached.add(labels.instance);
    }
    cursor = page.next;
  }
  return attached;
}

async function listPages(
  product: RunningProduct,
  incidents: readonly StormIncident[],
): Promise<ReadonlyMap<string, readonly StoredPage[]>> {
  const pages = new Map<string, readonly StoredPage[]>();
  for (const { id, number } of incidents) {
    const why = await readApi<{ pages: readonly StoredPage[] }>(product, `/v1/incidents/${number}/why`);
    pages.set(
      id,
      why.pages.filter(({ step }) => step === 1),
    );
  }
  return pages;
}

/** Waits until all alerts are counted and all first pages have ended, as long as it is given. */
export async function readOutcome(
  product: RunningProduct,
  alerts: number,
  withinMillis: number,
): Promise<StormOutcome> {
  const deadline = nowMillis() + withinMillis;
  let settledAt: number | null = null;
  let incidents = await listIncidents(product);
  while (nowMillis() < deadline && settledAt === null) {
    if (incidents.reduce((sum, { firing }) => sum + firing, 0) >= alerts) settledAt = nowMillis();
    else {
      await sleep(500);
      incidents = await listIncidents(product);
    }
  }
  let pages = await listPages(product, incidents);
  while (nowMillis() < deadline && [...pages.values()].flat().some(({ endedAt }) => endedAt === null)) {
    await sleep(1_000);
    pages = await listPages(product, incidents);
  }
  return { incidents, attached: await listAttached(product), pages, settledAt };
}

/** A page of the first step as a vendor got it: `incident target`. */
export function pageCalls({
  slack,
  pagerduty,
}: RunningProduct): readonly { readonly page: string; readonly at: number }[] {
  return [...slack.calls.flatMap(slackPage), ...pagerduty.calls.flatMap(pagerDutyPage)];
}

function slackPage({ method, args, at, outcome }: VendorCall) {
  const { metadata } = args as { metadata?: { event_payload?: { incident_id?: string; key?: string } } };
  const { incident_id: id = '', key = '' } = metadata?.event_payload ?? {};
  const isPage = method === 'chat.postMessage' && outcome === 'ok' && key.startsWith('page:1:1:1:');
  return isPage ? [{ page: `${id} ${key.slice('page:1:1:1:'.length)}`, at }] : [];
}

function pagerDutyPage({ method, args, at, outcome }: VendorCall) {
  const [id = '', generation] = String(args.dedup_key).split(':');
  return method === 'trigger' && outcome === 'ok' && generation === '1' ? [{ page: `${id} pagerduty`, at }] : [];
}

/** The busiest channel in any one second. */
export function busiestSecond(calls: readonly VendorCall[]): number {
  const counts = new Map<string, number>();
  for (const { method, args, at, outcome } of calls) {
    if (method !== 'chat.postMessage' || outcome !== 'ok') continue;
    const key = `${String(args.channel)} ${Math.floor(at / 1000)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
