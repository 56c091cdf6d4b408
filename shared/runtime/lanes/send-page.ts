import { assert } from '../../kernel/assert.ts';
import type { PageFallbackReason, PageRow } from '../../notification/page.ts';
import { cancel, decideClaim, handOver, isOverdue, markUnknown, releaseClaim } from '../../notification/page-ledger.ts';
import { loadPageAndIncident } from '../../store/incident-store.ts';
import { changePageWrites, claimPageWrites } from '../../store/page-store.ts';
import type { Bucket } from '../../store/rate-limit-store.ts';
import { ConditionFailed, type Write } from '../../store/table.ts';
import type { LaneMessage } from '../messages.ts';
import type { VendorOutcome } from '../ports.ts';
import { type EndPageDeps, endPage, endUnsendable, type PageSeen } from './end-page.ts';
import {
  done,
  type LaneResult,
  postpone,
  postponeUntil,
  retryMillis,
  settleMillis,
  soonMillis,
} from './lane-result.ts';
import type { Finding } from './slack-calls.ts';
import { type CallOutcome, type Vendor, VendorSession } from './vendor-session.ts';

export type PageMessage = Extract<LaneMessage, { readonly kind: 'page' }>;

/** How one page would reach its target on one lane. */
export interface PageCall {
  /** The vendor's operation, for the metric. */
  readonly operation: string;
  readonly bucket: Bucket | null;
  /** Finds a page that may have been sent; null where sending again under the same key does no harm, or must be risked. */
  readonly lookUp: ((row: PageRow) => Promise<Finding>) | null;
  /** One call within vendorTimeoutMillis; answers the vendor's name for the page. */
  readonly send: (claimed: PageRow) => Promise<VendorOutcome<{ readonly vendorRef: string }>>;
}

export type PagePlan =
  | { readonly plan: 'call'; readonly call: PageCall }
  /** There is nobody to call: no address, or the vendor does not know it. */
  | { readonly plan: 'gone' }
  | { readonly plan: 'wait'; readonly millis: number };

export interface PageLane {
  readonly vendor: Vendor;
  planPage(seen: PageSeen, session: VendorSession): Promise<PagePlan>;
  /** A refusal that is about our credentials, not about this page: they may be put right before the deadline. */
  isCredentialRefusal(reason: string): boolean;
}

/** Wrong credentials: look again soon, the deadline is a minute or two away. */
const credentialsMillis = 10_000;

/**
 * Hands one page over, at most once on every known outcome. Whatever stands in the way postpones it; its deadline and the
 * sweep end what never gets through.
 */
export async function sendPage(deps: EndPageDeps, lane: PageLane, message: PageMessage): Promise<LaneResult> {
  const { table, clock } = deps;
  const { row, incident } = await loadPageAndIncident(table, message.page);
  if (row === null || incident === null) {
    deps.log.warn('a page that is gone', { ...message.page });
    return done;
  }
  const seen = { row, incident };
  const decision = decideClaim(row, incident, clock.now());
  if (decision.outcome === 'rejected') return afterRejection(deps, seen, message, decision);
  const session = new VendorSession(deps, lane.vendor, 'page');
  const plan = await lane.planPage(seen, session);
  switch (plan.plan) {
    case 'wait':
      return postpone(plan.millis);
    case 'gone':
      return giveToFallback(deps, seen, message, 'target is gone');
    case 'call':
      return lookUpAndSend({ deps, lane, message, seen, session, call: plan.call, wasUnknown: decision.wasUnknown });
  }
}

async function afterRejection(
  deps: EndPageDeps,
  seen: PageSeen,
  message: PageMessage,
  decision: Extract<ReturnType<typeof decideClaim>, { outcome: 'rejected' }>,
): Promise<LaneResult> {
  if (decision.reason === 'ended') return done;
  if (decision.reason === 'lease held') return postponeUntil(seen.row.leaseUntil ?? deps.clock.now(), deps.clock.now());
  if (decision.reason === 'not due yet') return postponeUntil(decision.notBeforeAt, deps.clock.now());
  const ended = await endPage(deps, seen, message.correlationId, (row, incident) => {
    const again = decideClaim(row, incident, deps.clock.now());
    return again.outcome === 'rejected' && 'cancel' in again ? cancel(row, again.cancel, deps.clock.now()) : null;
  });
  return ended === null ? postpone(soonMillis) : done;
}

interface Sending {
  readonly deps: EndPageDeps;
  readonly lane: PageLane;
  readonly message: PageMessage;
  readonly seen: PageSeen;
  readonly session: VendorSession;
  readonly call: PageCall;
  readonly wasUnknown: boolean;
}

/** What may have been sent is looked up before it is sent again. */
async function lookUpAndSend(sending: Sending): Promise<LaneResult> {
  const { deps, seen, call, wasUnknown } = sending;
  if (!wasUnknown || call.lookUp === null) return claimAndSend(sending);
  const finding = await call.lookUp(seen.row);
  switch (finding.outcome) {
    case 'found':
      return recordHandOver(sending, seen, finding.ref);
    case 'wait':
      return postpone(finding.millis);
    case 'cannot tell':
      deps.log.warn('nobody can tell whether a page was sent: its deadline decides', { ...sending.message.page });
      return postpone(retryMillis);
    case 'absent':
      return claimAndSend({ ...sending, wasUnknown: false });
  }
}

/**
 * The claim comes as late as it can: behind every other slow step, right before the call. What was tried before is not tried
 * again past its deadline: lease after lease would keep the sweep from ending it.
 */
async function claimAndSend(sending: Sending): Promise<LaneResult> {
  const { deps, lane, message, seen, session, call } = sending;
  if (seen.row.attempts > 0 && isOverdue(seen.row, deps.clock.now())) {
    return giveToFallback(deps, seen, message, 'deadline passed');
  }
  const ready = await session.prepare(call.bucket);
  if (!ready.ready) return postpone(ready.waitMillis);
  const claim = decideClaim(seen.row, seen.incident, deps.clock.now());
  if (claim.outcome === 'rejected') return postpone(soonMillis);
  const claimed = claim.next;
  const { leaseUntil } = claimed;
  assert(leaseUntil !== null, 'a claim has a lease');
  if (!(await writeIfFirst(deps, claimPageWrites(seen.row, claimed)))) return postpone(soonMillis);
  const answer: CallOutcome<{ readonly vendorRef: string }> = await session.call({
    operation: call.operation,
    bucket: call.bucket,
    leaseUntil,
    send: () => call.send(claimed),
  });
  const held = { row: claimed, incident: seen.incident };
  switch (answer.outcome) {
    case 'ok':
      return recordHandOver(sending, held, answer.value.vendorRef);
    case 'unknown':
      await writeIfFirst(deps, changePageWrites(claimed, markUnknown(claimed, deps.clock.now())));
      return postpone(settleMillis);
    case 'refused':
      if (!lane.isCredentialRefusal(answer.reason)) return giveToFallback(deps, held, message, 'target is gone');
      deps.log.error('the vendor refuses our credentials', { vendor: lane.vendor, reason: answer.reason });
      return giveBack(sending, claimed, credentialsMillis);
    case 'rate limited':
      return giveBack(sending, claimed, answer.retryAfterSeconds * 1000);
    case 'failed':
      return giveBack(sending, claimed, retryMillis);
    case 'too late':
      return giveBack(sending, claimed, soonMillis);
  }
}

async function recordHandOver({ deps, message }: Sending, seen: PageSeen, vendorRef: string): Promise<LaneResult> {
  await endPage(deps, seen, message.correlationId, (row) => handOver(row, vendorRef, deps.clock.now()));
  return done;
}

async function giveToFallback(
  deps: EndPageDeps,
  seen: PageSeen,
  message: PageMessage,
  reason: PageFallbackReason,
): Promise<LaneResult> {
  deps.log.error('a page goes to the fallback', { ...message.page, reason });
  const ended = await endPage(deps, seen, message.correlationId, (row, incident) =>
    row.version === seen.row.version ? endUnsendable(row, incident, reason, deps.clock.now()) : null,
  );
  return ended === null ? postpone(soonMillis) : done;
}

/** Surely not sent by this claim. An earlier one that nobody looked up keeps it unknown. */
async function giveBack({ deps, wasUnknown }: Sending, claimed: PageRow, millis: number): Promise<LaneResult> {
  const next = wasUnknown ? markUnknown(claimed, deps.clock.now()) : releaseClaim(claimed);
  await writeIfFirst(deps, changePageWrites(claimed, next));
  return postpone(millis);
}

/** False when somebody else wrote first: they know better, and the message comes back to see what they did. */
async function writeIfFirst({ table }: EndPageDeps, writes: readonly Write[]): Promise<boolean> {
  try {
    await table.write(writes);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}
