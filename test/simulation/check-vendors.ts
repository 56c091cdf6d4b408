import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { PageRow } from '#shared/notification/page.ts';
import { nameOfPage, type Report } from './check-ledger.ts';
import { phoneTimesOf, type Window } from './expected-pages.ts';
import { type Fact, pagesOf } from './ledger.ts';
import type { Roster } from './roster.ts';
import type { World } from './world.ts';

/** Promise 3 at the vendors: one notification for a page, whatever was repeated on the way. */
export function checkVendors(world: World, facts: readonly Fact[], report: Report): void {
  checkSlackCopies(world, report);
  const notified = Map.groupBy(world.pagerduty.notifications, ({ dedupKey }) => dedupKey);
  for (const [key, { length }] of notified) if (length > 1) report(`PagerDuty notified ${length} times for ${key}`);
  const sent = sentPages(world);
  const histories = Map.groupBy(
    facts.filter((fact) => fact.kind === 'page'),
    ({ after }) => nameAtVendor(after),
  );
  for (const [name, instants] of sent) {
    const history = histories.get(name) ?? [];
    for (const at of instants)
      if (!isClaimedAt(history, at)) report(`sent without a claim that holds, at ${at}: ${name}`);
  }
  for (const page of pagesOf(world))
    if (page.state === 'handed over' && page.lane !== 'sns' && !sent.has(nameAtVendor(page)))
      report(`handed over, but the vendor has nothing: ${nameOfPage(page)}`);
}

/** Vendors take so long at most, and a page that was claimed before somebody answered may still arrive. */
const arrivesWithin = 10_000;

/** Bob's phone rings for each of its pages that was handed over, and never before its time or after somebody answered. */
export function checkPhone(world: World, windows: readonly Window[], roster: Roster, report: Report): void {
  const calls = world.topics.published.filter(({ topic }) => topic === 'sms:+15550100124');
  const handedOver = pagesOf(world).filter(({ lane, state }) => lane === 'sns' && state === 'handed over').length;
  if (calls.length < handedOver) report(`bob's phone rang ${calls.length} times for ${handedOver} pages`);
  for (const { at, message } of calls) {
    const number = Number(/INC-(\d+)/.exec(message)?.[1]);
    const times = windows
      .filter(({ incident }) => incident === number)
      .flatMap((window) => phoneTimesOf(window, world.time.millis, roster));
    if (!times.some(({ from, by }) => at >= from && at <= by + arrivesWithin))
      report(`bob's phone rang at ${at} for INC-${number}, not 2 min behind one of his steps`);
  }
}

/** The fallback is for what goes wrong: even in a run with an outage a lane hands over most of what nobody cancelled. */
export function checkHandOvers(world: World, report: Report): void {
  const kept = pagesOf(world).filter(({ state }) => state !== 'cancelled');
  for (const [lane, pages] of Map.groupBy(kept, (page) => page.lane)) {
    const handedOver = pages.filter(({ state }) => state === 'handed over').length;
    if (handedOver < pages.length / 2) report(`${lane}: ${handedOver} of ${pages.length} pages were handed over`);
  }
}

function checkSlackCopies(world: World, report: Report): void {
  const copies = Map.groupBy(world.slack.messages, ({ channel, metadata }) =>
    metadata ? `${metadata.event_payload.incident_id} ${metadata.event_payload.key} ${channel}` : '',
  );
  for (const [key, { length }] of copies) {
    if (key === '') report(`${length} Slack messages without our metadata`);
    else if (length > 1) report(`Slack got ${length} messages for ${key}`);
  }
}

type PageHistory = readonly Extract<Fact, { kind: 'page' }>[];

const nameAtVendor = ({ lane, incidentId, generation, step, round, target }: PageRow): string =>
  lane === 'pagerduty' ? `${incidentId}:${generation}` : `${incidentId} page:${generation}:${step}:${round}:${target}`;

/** The instants at which each page reached its vendor. */
function sentPages(world: World): ReadonlyMap<string, readonly number[]> {
  const sent = new Map<string, number[]>();
  const note = (name: string, at: number) => sent.set(name, [...(sent.get(name) ?? []), at]);
  for (const { at, metadata } of world.slack.messages) {
    const { incident_id: incidentId, key } = metadata?.event_payload ?? {};
    if (key?.startsWith('page:')) note(`${incidentId} ${key}`, at);
  }
  for (const { at, dedupKey } of world.pagerduty.triggers) note(dedupKey, at);
  return sent;
}

/** Whoever sends holds the lease until the vendor has the page, so that nobody else can send it at the same time. */
function isClaimedAt(history: PageHistory, at: number): boolean {
  const before = history.findLast((fact) => fact.at < at);
  const meanwhile = history.filter((fact) => fact.at === at);
  return [...(before ? [before] : []), ...meanwhile].some(
    ({ after }) => after.state === 'claimed' && after.leaseUntil !== null && at <= toEpochMillis(after.leaseUntil),
  );
}
