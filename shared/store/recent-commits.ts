import type { Commit } from '../timeline/events.ts';
import { fromItem } from './codec.ts';
import { commitKey } from './keys.ts';
import type { Table } from './table.ts';

/** A notifier tells this many commits at a time; the rest comes with its next message. */
const commitsAtOnce = 100;
/** Behind every version that the sort key can hold. */
const lastVersion = 9_999_999_999;

/**
 * Commits from a version on, outcomes of pages included, in the order of the timeline: all up to the version that is told
 * already, and the first behind it. A step that pages a whole team leaves a hundred outcomes at one version, and what comes
 * behind them must not stay out of sight.
 */
export async function loadCommitsFrom(
  table: Table,
  incidentId: string,
  version: number,
  toldThrough: number,
): Promise<readonly Commit[]> {
  const first = commitKey(incidentId, version, '');
  const commits: Commit[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Table['query']>> = await table.query({
      pk: first.pk,
      skFrom: first.sk,
      skBefore: commitKey(incidentId, lastVersion, '').sk,
      limit: commitsAtOnce,
      after,
    });
    commits.push(...page.items.map((item) => fromItem(item, 'commit')));
    after = page.next;
  } while (after !== null && (commits.at(-1)?.version ?? 0) <= toldThrough);
  return commits;
}
