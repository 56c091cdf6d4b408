import type { PageRow } from '../notification/page.ts';
import type { Commit } from '../timeline/events.ts';
import { loadPages, loadTimeline } from './incident-store.ts';
import type { Table } from './table.ts';

/** What an explanation and a postmortem are made of: the whole timeline and the page ledger, oldest first. */
export interface IncidentHistory {
  readonly commits: readonly Commit[];
  readonly pages: readonly PageRow[];
}

/** Both at once; each in pages of 1 MB. */
export async function loadHistory(table: Table, incidentId: string): Promise<IncidentHistory> {
  const [commits, pages] = await Promise.all([loadTimeline(table, incidentId), loadPages(table, incidentId)]);
  return { commits, pages };
}
