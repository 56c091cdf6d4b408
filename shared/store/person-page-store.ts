import type { Instant } from '../kernel/instant.ts';
import { type PageRow, personPaged } from '../notification/page.ts';
import type { PersonPage } from '../on-call/person-page.ts';
import { expiresAfter, fromItem, toItem } from './codec.ts';
import { personPageKey, personPagesFrom, personPartition } from './keys.ts';
import type { Table, Write } from './table.ts';

/** Longer than any shift: what nobody counts any more goes. */
const keptDays = 90;
/** One request; who is paged more often in one shift hears of so many. */
export const personPagesLimit = 1_000;

/** What is written with the end of a page: a record when it was handed over to somebody by name. No counter that is contended. */
export function personPageWrites(ended: PageRow): readonly Write[] {
  const person = personPaged({
    target: ended.pageTarget,
    ...(ended.person === undefined ? {} : { person: ended.person }),
  });
  if (ended.state !== 'handed over' || ended.endedAt === null || person === null) return [];
  const { endedAt: at, incidentNumber, severity, target } = ended;
  const record: PersonPage = { schema: 1, person, at, incidentNumber, severity, target };
  const key = personPageKey(person, at, ended);
  return [{ kind: 'put', item: toItem(key, 'person page', record, expiresAfter(at, keptDays)) }];
}

/** The pages that a person was handed over from an instant on, oldest first; of more than the limit the latest. */
export async function loadPersonPages(table: Table, person: string, from: Instant): Promise<readonly PersonPage[]> {
  const { items } = await table.query({
    pk: personPartition(person),
    skFrom: personPagesFrom(from),
    newestFirst: true,
    limit: personPagesLimit,
  });
  return items.map((item) => fromItem(item, 'person page')).reverse();
}
