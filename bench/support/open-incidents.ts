import { setTimeout as sleep } from 'node:timers/promises';
import type { VendorCall } from '#local/sandbox/faults.ts';
import { type PolicyAdditions, serviceOf } from './policy.ts';
import { type RunningProduct, readApi } from './product.ts';
import { nowMillis } from './statistics.ts';
import { postWebhook, webhookOf } from './webhook.ts';

/**
 * Open incidents that each wait for a step. The second step has the delay that the label `wait` names, so that the sender
 * decides when it is due: what was opened one after the other becomes due as densely as the measurement wants it.
 */

const longestWaitSeconds = 240;
const sendersAtOnce = 8;
const pollMillis = 500;

const policyName = (seconds: number): string => `wait-${seconds}`;

export function waitingPolicies(): PolicyAdditions {
  const waits = Array.from({ length: longestWaitSeconds }, (_, index) => index + 1);
  return {
    routes: waits.map((seconds) => ({ matchers: [`wait="${seconds}"`], escalationPolicy: policyName(seconds) })),
    escalationPolicies: Object.fromEntries(
      waits.map((seconds) => [
        policyName(seconds),
        {
          steps: [
            { after: '0s', targets: [{ owner: 'channel' }] },
            { after: `${seconds}s`, targets: [{ owner: 'onCall' }, { owner: 'pagerduty' }] },
          ],
        },
      ]),
    ),
  };
}

/** Pages of the second step: on-call by Slack, and PagerDuty. */
export const pagesPerStep = 2;

export interface Opening {
  readonly name: string;
  readonly count: number;
  readonly teams: number;
  /** From the first sending until the first step is due. */
  readonly leadSeconds: number;
  /** The steps are spread over so long. */
  readonly spreadSeconds: number;
}

export interface Opened {
  /** Due instant of the second step, epoch milliseconds, by incident id. */
  readonly dueAt: ReadonlyMap<string, number>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly openedWithinMillis: number;
  readonly lastDueAt: number;
}

/** Opens them through the door, each an alert group of its own, and waits until all wait for their second step. */
export async function openIncidents(product: RunningProduct, opening: Opening): Promise<Opened> {
  const startedAt = nowMillis();
  const indexes = Array.from({ length: opening.count }, (_, index) => index);
  const send = async () => {
    for (let index = indexes.shift(); index !== undefined; index = indexes.shift()) {
      await openOne(product, opening, index, startedAt);
    }
  };
  await Promise.all(Array.from({ length: sendersAtOnce }, send));
  const lastDueAt = startedAt + (opening.leadSeconds + opening.spreadSeconds) * 1000;
  for (;;) {
    const waiting = (await listIncidents(product, opening.name)).filter(({ dueAt }) => dueAt !== null);
    if (waiting.length >= opening.count) {
      return {
        dueAt: new Map(waiting.map(({ id, dueAt }) => [id, Date.parse(dueAt ?? '')])),
        numbers: new Map(waiting.map(({ id, number }) => [id, number])),
        openedWithinMillis: nowMillis() - startedAt,
        lastDueAt,
      };
    }
    if (nowMillis() > lastDueAt) throw new Error(`only ${waiting.length} of ${opening.count} incidents opened in time`);
    await sleep(pollMillis);
  }
}

async function openOne(product: RunningProduct, opening: Opening, index: number, startedAt: number): Promise<void> {
  const { name, count, teams, leadSeconds, spreadSeconds } = opening;
  const dueAt = startedAt + (leadSeconds + (index * spreadSeconds) / count) * 1000;
  const waitSeconds = Math.round((dueAt - nowMillis()) / 1000);
  if (waitSeconds < 1 || waitSeconds > longestWaitSeconds)
    throw new Error(`a wait of ${waitSeconds} s was not foreseen`);
  const labels = {
    alertname: `${name}${index}`,
    severity: 'error',
    service: serviceOf(index % teams),
    wait: String(waitSeconds),
    instance: `10.1.${index >> 8}.${index & 255}:9100`,
    job: 'node',
  };
  const startsAt = new Date().toISOString();
  const posted = await postWebhook(product.url, webhookOf({ alertname: labels.alertname }, [{ labels, startsAt }]));
  if (posted.status !== 202) throw new Error(`the door answered ${posted.status}`);
}

interface ListedIncident {
  readonly id: string;
  readonly number: number;
  readonly incidentKey: string;
  readonly dueAt: string | null;
}

async function listIncidents(product: RunningProduct, name: string): Promise<readonly ListedIncident[]> {
  const found: ListedIncident[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { incidents: readonly ListedIncident[]; next: string | null } = await readApi(
      product,
      `/v1/incidents?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    found.push(...page.incidents.filter(({ incidentKey }) => incidentKey.includes(`"${name}`)));
    cursor = page.next;
  }
  return found;
}

/** One page of the second step, as the ledger has it, beside the call that its vendor got. */
export interface SteppedPage {
  readonly incidentId: string;
  /** The instant of the commit with IncidentEscalated. */
  readonly owedAt: number;
  readonly calledAt: number | null;
  readonly state: string;
}

interface StoredPage {
  readonly step: number;
  readonly target: string;
  readonly state: string;
  readonly owedAt: string;
  readonly endedAt: string | null;
}

/** Waits until every page of the second step has ended in the ledger, at most so long. */
export async function readSteps(
  product: RunningProduct,
  { numbers }: Opened,
  withinMillis: number,
): Promise<readonly SteppedPage[]> {
  const deadline = nowMillis() + withinMillis;
  const hasBoth = (calls: ReturnType<typeof secondStepCalls>) =>
    [...numbers.keys()].every((id) => calls.get(id)?.length === pagesPerStep);
  while (nowMillis() < deadline && !hasBoth(secondStepCalls(product))) await sleep(pollMillis);
  const calls = secondStepCalls(product);
  const pages: SteppedPage[] = [];
  for (const [incidentId, number] of numbers) {
    for (const { target, state, owedAt } of await endedPages(product, number, deadline)) {
      const isPagerDuty = target.startsWith('pagerduty:');
      const call = calls.get(incidentId)?.find(({ vendor }) => (vendor === 'pagerduty') === isPagerDuty);
      pages.push({ incidentId, owedAt: Date.parse(owedAt), calledAt: call?.at ?? null, state });
    }
  }
  return pages;
}

async function endedPages(product: RunningProduct, number: number, deadline: number): Promise<readonly StoredPage[]> {
  for (;;) {
    const why = await readApi<{ pages: readonly StoredPage[] }>(product, `/v1/incidents/${number}/why`);
    const pages = why.pages.filter(({ step }) => step === 2);
    if (pages.every(({ endedAt }) => endedAt !== null) || nowMillis() > deadline) return pages;
    await sleep(pollMillis);
  }
}

interface PageCall {
  readonly vendor: 'slack' | 'pagerduty';
  readonly at: number;
}

function secondStepCalls({ slack, pagerduty }: RunningProduct): ReadonlyMap<string, readonly PageCall[]> {
  const calls = new Map<string, PageCall[]>();
  const add = (id: string, call: PageCall) => calls.set(id, [...(calls.get(id) ?? []), call]);
  for (const call of slack.calls) {
    const id = slackPageOf(call);
    if (id !== null) add(id, { vendor: 'slack', at: call.at });
  }
  for (const { method, args, at, outcome } of pagerduty.calls) {
    if (method !== 'trigger' || outcome !== 'ok') continue;
    add(String(args.dedup_key).split(':')[0] ?? '', { vendor: 'pagerduty', at });
  }
  return calls;
}

function slackPageOf({ method, args, outcome }: VendorCall): string | null {
  const { metadata } = args as { metadata?: { event_payload?: { incident_id?: string; key?: string } } };
  const { incident_id: id = null, key = '' } = metadata?.event_payload ?? {};
  return method === 'chat.postMessage' && outcome === 'ok' && key.startsWith('page:1:2:1:') ? id : null;
}
