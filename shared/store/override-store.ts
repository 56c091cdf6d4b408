import type { Policy } from '../config/policy.ts';
import { addMillis, type Instant } from '../kernel/instant.ts';
import type { Override } from '../on-call/override.ts';
import { expiresAfter, fromItem, toItem } from './codec.ts';
import { overrideKey, overridePartition, overrideVersionKey } from './keys.ts';
import { queryAll } from './query-all.ts';
import { type Item, itemAbsent, type Table, versionIs, type Write } from './table.ts';

/**
 * Overrides of schedules lie in one partition and sort by their end, so that one query finds those that have not ended. The
 * version item in the same partition changes with each of them: a change is decided from all that are there, or not at all.
 */

/** Overrides with the version that they were read at; 0 before the first. */
export interface OverrideBook {
  readonly overrides: readonly Override[];
  readonly version: number;
}

/** What a decision that may run steps needs: those that have not ended; none without a query when there is no schedule. */
export async function loadOverrides(
  table: Table,
  { schedules }: Pick<Policy, 'schedules'>,
  now: Instant,
): Promise<readonly Override[]> {
  if (Object.keys(schedules).length === 0) return [];
  const { overrides } = await loadOverrideBook(table, now);
  return overrides;
}

/** Those that end after an instant, cancelled ones included, in the order of their ends, with what a change must name. */
export async function loadOverrideBook(table: Table, after: Instant): Promise<OverrideBook> {
  const items = await queryAll(table, { pk: overridePartition, skFrom: addMillis(after, 1) });
  return {
    overrides: items.filter((item) => !isVersion(item)).map((item) => fromItem(item, 'override')),
    version: versionOf(items.find(isVersion)),
  };
}

const isVersion = ({ sk }: Item): boolean => sk === overrideVersionKey.sk;

const versionOf = (item: Item | undefined): number => (typeof item?.version === 'number' ? item.version : 0);

/**
 * Saves overrides as they shall be: version 1 is new, a later one replaces the one before it. Neither end nor id changes.
 * @throws ConditionFailed when somebody made or cancelled any override since the book was read
 */
export async function saveOverrides(
  table: Table,
  book: Pick<OverrideBook, 'version'>,
  changed: readonly Override[],
  policy: Pick<Policy, 'retentionDays'>,
): Promise<void> {
  await table.write([...changed.map((override) => overrideWrite(override, policy)), versionWrite(book.version)]);
}

function overrideWrite(override: Override, { retentionDays }: Pick<Policy, 'retentionDays'>): Write {
  const { endsAt, id, version } = override;
  return {
    kind: 'put',
    item: toItem(overrideKey(endsAt, id), 'override', override, expiresAfter(endsAt, retentionDays)),
    condition: version === 1 ? itemAbsent : versionIs(version - 1),
  };
}

const versionWrite = (before: number): Write => ({
  kind: 'put',
  item: { ...overrideVersionKey, kind: 'override version', schema: 1, version: before + 1 },
  condition: before === 0 ? itemAbsent : versionIs(before),
});
