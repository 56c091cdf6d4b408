import type { PublicIncident, StatusPageState } from '../status-page/status-page.ts';
import type { Commit } from '../timeline/events.ts';
import { fromItem } from './codec.ts';
import { commitKey, commitPrefix, laneStateKey, statusPageKey } from './keys.ts';
import { queryAll } from './query-all.ts';
import { type AttributeValue, type Item, itemAbsent, type Table, versionIs, type Write } from './table.ts';

/**
 * The public page is one item with what belongs to the whole page, and one lane item for each incident on it: all in one
 * item could grow beyond DynamoDB's 400 KB.
 */
export interface StoredStatusPage {
  /** 0: nothing was published yet. */
  readonly version: number;
  readonly state: StatusPageState | null;
}

/** What is stored of one incident on the page. */
export interface StoredPublicIncident {
  readonly version: number;
  /** Commits up to this version are on the page. */
  readonly publishedThrough: number;
}

export async function loadStatusPage(table: Table): Promise<StoredStatusPage> {
  const [item = null] = await table.get([statusPageKey]);
  if (item === null) return { version: 0, state: null };
  const { page, incidentIds } = item as unknown as {
    readonly page: Omit<StatusPageState, 'incidents'>;
    readonly incidentIds: readonly string[];
  };
  const keys = incidentIds.map((id) => laneStateKey(id, 'status'));
  const items = keys.length === 0 ? [] : await table.get(keys);
  // One whose time to live is over has left the page.
  const incidents = items.flatMap((each) => (each === null ? [] : [each.incident as unknown as PublicIncident]));
  return { version: Number(item.version), state: { ...page, incidents } };
}

export async function loadStatusPageVersion(table: Table): Promise<number> {
  const [item = null] = await table.get([statusPageKey]);
  return item === null ? 0 : Number(item.version);
}

export async function loadPublicIncident(table: Table, incidentId: string): Promise<StoredPublicIncident> {
  const [item = null] = await table.get([laneStateKey(incidentId, 'status')]);
  return item === null
    ? { version: 0, publishedThrough: 0 }
    : { version: Number(item.version), publishedThrough: Number(item.publishedThrough) };
}

/** State commits behind a version, in order. */
export async function loadCommitsAfter(table: Table, incidentId: string, version: number): Promise<readonly Commit[]> {
  const from = commitKey(incidentId, version + 1, '');
  const items = await queryAll(table, { pk: from.pk, skFrom: from.sk, skBefore: `${commitPrefix}~` });
  return items.map((item) => fromItem(item, 'commit')).filter((commit) => commit.part === '');
}

/** Page and incident in one transaction. @throws ConditionFailed when somebody published meanwhile */
export async function saveStatusPage(
  table: Table,
  seen: { readonly page: StoredStatusPage; readonly incident: StoredPublicIncident },
  state: StatusPageState,
  changed: { readonly incident: PublicIncident; readonly publishedThrough: number },
): Promise<void> {
  const { incidents, ...page } = state;
  await table.write([
    versioned(seen.page.version, {
      ...statusPageKey,
      kind: 'status page',
      schema: 1,
      page: page as unknown as AttributeValue,
      incidentIds: incidents.map((incident) => incident.id),
    }),
    versioned(seen.incident.version, {
      ...laneStateKey(changed.incident.id, 'status'),
      kind: 'lane state',
      schema: 1,
      publishedThrough: changed.publishedThrough,
      incident: changed.incident as unknown as AttributeValue,
    }),
  ]);
}

const versioned = (seenVersion: number, item: Item): Write => ({
  kind: 'put',
  item: { ...item, version: seenVersion + 1 },
  condition: seenVersion === 0 ? itemAbsent : versionIs(seenVersion),
});
