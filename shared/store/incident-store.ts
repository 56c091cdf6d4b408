import { type Incident, isOpen } from '../incident/incident.ts';
import type { PageId, PageRow } from '../notification/page.ts';
import type { Commit } from '../timeline/events.ts';
import { fromItem, type IncidentPointer } from './codec.ts';
import { listOpenIncidentIds } from './find-incident.ts';
import { commitPrefix, incidentKeyOf, incidentPartition, incidentPointerKey, pageKey, pagePrefix } from './keys.ts';
import { queryAll } from './query-all.ts';
import type { Table } from './table.ts';

/** Reads of incidents; all strongly consistent but the list of open ones. Writes: commit-writes.ts. */

/** DynamoDB reads so many keys in one request. */
const keysPerRead = 100;

export async function loadIncidents(table: Table, ids: readonly string[]): Promise<readonly (Incident | null)[]> {
  if (ids.length === 0) return [];
  const items = await table.get(ids.map(incidentKeyOf));
  return items.map((item) => (item ? fromItem(item, 'incident') : null));
}

export async function loadIncident(table: Table, incidentId: string): Promise<Incident | null> {
  const [incident = null] = await loadIncidents(table, [incidentId]);
  return incident;
}

/** Answers in the order of the keys; null where nobody has owned the key yet. */
export async function loadPointers(
  table: Table,
  incidentKeys: readonly string[],
): Promise<readonly (IncidentPointer | null)[]> {
  if (incidentKeys.length === 0) return [];
  const items = await table.get(incidentKeys.map(incidentPointerKey));
  return items.map((item) => (item ? fromItem(item, 'incident pointer') : null));
}

/**
 * Every open incident, oldest first. The index may lag by a moment, so one that has just opened can be missing; one that
 * has just been resolved is not shown, because the items themselves are read. Two calls in sequence, however many are open.
 */
export async function listOpenIncidents(table: Table): Promise<readonly Incident[]> {
  const ids = await listOpenIncidentIds(table);
  const chunks = Array.from({ length: Math.ceil(ids.length / keysPerRead) }, (_, index) =>
    loadIncidents(table, ids.slice(index * keysPerRead, (index + 1) * keysPerRead)),
  );
  const incidents = (await Promise.all(chunks)).flat();
  return incidents
    .filter((incident) => incident !== null)
    .filter(isOpen)
    .sort((a, b) => a.number - b.number);
}

/** The whole timeline in order: by version, and at one version the state commit before the outcomes of its pages. */
export async function loadTimeline(table: Table, incidentId: string): Promise<readonly Commit[]> {
  const items = await queryAll(table, { pk: incidentPartition(incidentId), skPrefix: commitPrefix });
  return items.map((item) => fromItem(item, 'commit'));
}

export async function loadPages(table: Table, incidentId: string): Promise<readonly PageRow[]> {
  const items = await queryAll(table, { pk: incidentPartition(incidentId), skPrefix: pagePrefix });
  return items.map((item) => fromItem(item, 'page'));
}

/** A page with its incident, in one request. */
export async function loadPageAndIncident(
  table: Table,
  page: PageId,
): Promise<{ readonly row: PageRow | null; readonly incident: Incident | null }> {
  const [row = null, incident = null] = await table.get([pageKey(page), incidentKeyOf(page.incidentId)]);
  return { row: row && fromItem(row, 'page'), incident: incident && fromItem(incident, 'incident') };
}

export async function loadPage(table: Table, page: PageId): Promise<PageRow | null> {
  const [item = null] = await table.get([pageKey(page)]);
  return item ? fromItem(item, 'page') : null;
}
