import type { Commit } from '../timeline/events.ts';
import { fromItem } from './codec.ts';
import { commitKey } from './keys.ts';
import type { Table } from './table.ts';

/** Where a page of a timeline ended: the last commit on it. */
export type TimelinePlace = Pick<Commit, 'version' | 'part'>;

export interface TimelinePage {
  readonly commits: readonly Commit[];
  /** Null at the end. */
  readonly next: TimelinePlace | null;
}

/** Behind every version that the sort key can hold. */
const lastVersion = 9_999_999_999;

/** One page of the timeline in its order, behind `after`; DynamoDB may end it before `limit` (1 MB). One call. */
export async function loadTimelinePage(
  table: Table,
  incidentId: string,
  after: TimelinePlace | null,
  limit: number,
): Promise<TimelinePage> {
  const start = after === null ? commitKey(incidentId, 0, '') : commitKey(incidentId, after.version, after.part);
  const page = await table.query({
    pk: start.pk,
    // The smallest key behind the last one.
    skFrom: after === null ? start.sk : `${start.sk}\u0000`,
    skBefore: commitKey(incidentId, lastVersion, '').sk,
    limit,
  });
  const commits = page.items.map((item) => fromItem(item, 'commit'));
  const last = commits.at(-1);
  const next = page.next === null || last === undefined ? null : { version: last.version, part: last.part };
  return { commits, next };
}
