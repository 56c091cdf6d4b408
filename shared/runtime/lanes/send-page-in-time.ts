import { toEpochMillis } from '../../kernel/instant.ts';
import { isOverdue } from '../../notification/page-ledger.ts';
import { loadPageAndIncident } from '../../store/incident-store.ts';
import { type EndPageDeps, endPage, endUnsendable } from './end-page.ts';
import type { LaneResult } from './lane-result.ts';
import { type PageLane, type PageMessage, sendPage } from './send-page.ts';

/**
 * Sends a page, and watches its deadline: whatever postpones it, it comes again by then, and what still cannot go out goes
 * to the fallback at once. The sweep would notice too, but up to a minute later.
 */
export async function sendPageInTime(deps: EndPageDeps, lane: PageLane, message: PageMessage): Promise<LaneResult> {
  const result = await sendPage(deps, lane, message);
  if (result.result === 'done') return result;
  const { row, incident } = await loadPageAndIncident(deps.table, message.page);
  if (row === null || incident === null) return result;
  const withinMillis = toEpochMillis(row.deadlineAt) - toEpochMillis(deps.clock.now());
  if (withinMillis > 0) return { ...result, withinMillis };
  const ended = await endPage(deps, { row, incident }, message.correlationId, (lastRow, lastIncident) => {
    const now = deps.clock.now();
    return isOverdue(lastRow, now) ? endUnsendable(lastRow, lastIncident, 'deadline passed', now) : null;
  });
  return ended === null ? result : { result: 'done' };
}
