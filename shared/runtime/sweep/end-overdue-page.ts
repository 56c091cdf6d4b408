import { assert } from '../../kernel/assert.ts';
import type { PageRow } from '../../notification/page.ts';
import { isOverdue } from '../../notification/page-ledger.ts';
import { loadPageAndIncident } from '../../store/incident-store.ts';
import { type EndPageDeps, endPage, endUnsendable } from '../lanes/end-page.ts';

/**
 * A page past its deadline and in nobody's hands ends: cancelled when nobody may send it any more, else by the fallback,
 * which the commit's effects page. An acknowledgement at the same moment wins, because the fallback is a page too.
 * Answers whether it did something.
 */
export async function endOverduePage(deps: EndPageDeps, found: PageRow, correlationId: string): Promise<boolean> {
  const { row, incident } = await loadPageAndIncident(deps.table, found);
  assert(row && incident, `page ${found.target} has no row or no incident ${found.incidentId}`);
  const ended = await endPage(deps, { row, incident }, correlationId, (lastRow, lastIncident) => {
    const now = deps.clock.now();
    return isOverdue(lastRow, now) ? endUnsendable(lastRow, lastIncident, 'deadline passed', now) : null;
  });
  return ended !== null;
}
