import type { GroupWait } from '../alert/group-wait.ts';
import { addSeconds, toEpochSeconds } from '../kernel/instant.ts';
import { fromItem, toItem } from './codec.ts';
import { groupWaitKey, tableKeys } from './keys.ts';
import { itemAbsent, type Table, versionIs, type Write } from './table.ts';

/** Nobody asks for a wait that was over an hour ago. */
const keptSeconds = 3_600;

/** In the order of the keys; null where nothing ever waited. */
export async function loadGroupWaits(
  table: Table,
  incidentKeys: readonly string[],
): Promise<readonly (GroupWait | null)[]> {
  if (incidentKeys.length === 0) return [];
  const items = await table.get(incidentKeys.map(groupWaitKey));
  return items.map((item) => (item ? fromItem(item, 'group wait') : null));
}

export const groupWaitWrite = (before: GroupWait | null, after: GroupWait): Write => ({
  kind: 'put',
  item: toItem(groupWaitKey(after.incidentKey), 'group wait', after, {
    [tableKeys.timeToLive]: toEpochSeconds(addSeconds(after.until, keptSeconds)),
  }),
  condition: before === null ? itemAbsent : versionIs(before.version),
});
