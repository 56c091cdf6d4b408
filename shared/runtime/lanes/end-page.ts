import type { Incident } from '../../incident/incident.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { PageFallbackReason, PageId, PageRow } from '../../notification/page.ts';
import { cancel, decideClaim, toFallback } from '../../notification/page-ledger.ts';
import { outcomeCommit } from '../../notification/page-outcome.ts';
import { loadPageAndIncident } from '../../store/incident-store.ts';
import { endPageWrites, stillTriggered } from '../../store/page-store.ts';
import { decideAgain } from '../decide-again.ts';
import type { Deps } from '../deps.ts';

export type EndPageDeps = Pick<Deps, 'table' | 'clock' | 'random' | 'metrics' | 'log'>;

/** What is known about a page when it is about to end. */
export interface PageSeen {
  readonly row: PageRow;
  readonly incident: Incident;
}

/** An end is told within the claim's lease, so that nobody sends again what the vendor has. */
const limits = { tries: 4, budgetMillis: 4_000 } as const;

/**
 * Ends a page with the commit that tells it. `decideEnd` is asked again with the row as it is when somebody else wrote
 * first; null from it, or an end that is stored already, leaves things as they are.
 * @returns the ended row, or null when this caller did not end it
 * @throws AdapterError when the table does not take it
 */
export async function endPage(
  deps: EndPageDeps,
  seen: PageSeen,
  correlationId: string,
  decideEnd: (row: PageRow, incident: Incident) => PageRow | null,
): Promise<PageRow | null> {
  const ended = await decideAgain(deps, limits, async (attempt) => {
    const { row, incident } = attempt === 0 ? seen : await loadPageAndIncident(deps.table, seen.row);
    if (row === null || incident === null || row.endedAt !== null) return null;
    const end = decideEnd(row, incident);
    if (end === null) return null;
    const writes = endPageWrites(row, end, outcomeCommit(end, incident.version, correlationId));
    // The fallback is a page too: an acknowledgement at the same moment wins.
    await deps.table.write(end.state === 'fallback' ? [...writes, stillTriggered(row)] : writes);
    return end;
  });
  if (ended === null) deps.log.info('somebody else ended the page', { incidentId: seen.row.incidentId });
  else countEnd(deps, ended);
  return ended;
}

function countEnd({ metrics }: EndPageDeps, ended: PageRow): void {
  const dimensions = { lane: ended.lane, severity: ended.severity };
  if (ended.state === 'cancelled') metrics.count('PagesCancelled', 1, dimensions);
  else if (ended.state === 'fallback') metrics.count('FallbackPaged', 1, dimensions);
  else if (ended.endedAt !== null && ended.endedAt <= ended.deadlineAt) {
    metrics.count('PagesHandedOverInTime', 1, dimensions);
  } else metrics.count('PagesHandedOverLate', 1, dimensions);
}

/** Fallback, unless nobody may be paged any more. A lease does not matter: its holder asks, or can never send. */
export function endUnsendable(row: PageRow, incident: Incident, reason: PageFallbackReason, now: Instant): PageRow {
  const claim = decideClaim({ ...row, leaseUntil: null }, incident, now);
  return claim.outcome === 'rejected' && 'cancel' in claim
    ? cancel(row, claim.cancel, now)
    : toFallback(row, reason, now);
}

/**
 * Nobody can be told on this lane: the fallback is paged by the commit's dispatch.
 * @returns false when there is no such page
 */
export async function endInFallback(
  deps: EndPageDeps,
  page: PageId,
  reason: PageFallbackReason,
  correlationId: string,
): Promise<boolean> {
  const { row, incident } = await loadPageAndIncident(deps.table, page);
  if (row === null || incident === null) return false;
  await endPage(deps, { row, incident }, correlationId, (lastRow, lastIncident) => {
    const now = deps.clock.now();
    // Somebody may still acknowledge before it is due; else the sweep ends it at its deadline.
    if (lastRow.notBeforeAt !== undefined && now < lastRow.notBeforeAt) return null;
    return endUnsendable(lastRow, lastIncident, reason, now);
  });
  return true;
}
