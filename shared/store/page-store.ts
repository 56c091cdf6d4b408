import type { PageRow } from '../notification/page.ts';
import type { Commit } from '../timeline/events.ts';
import { commitItem, pageItem } from './incident-items.ts';
import { incidentKeyOf } from './keys.ts';
import { personPageWrites } from './person-page-store.ts';
import { itemAbsent, versionIs, type Write, when } from './table.ts';

/** Writes of the page ledger. Each is conditioned on the row's version, so that of two senders one wins. */

/**
 * A claim, the last moment at which an acknowledgement can still prevent the page: in one transaction the row as it was
 * read and the incident still triggered in the page's generation (promise 2).
 */
export const claimPageWrites = (before: PageRow, claimed: PageRow): readonly Write[] => [
  ...changePageWrites(before, claimed),
  stillTriggered(before),
];

/** The latch: no page of a generation is sent, by a lane or by the fallback, once that generation is acknowledged or over. */
export const stillTriggered = (page: PageRow): Write => ({
  kind: 'check',
  key: incidentKeyOf(page.incidentId),
  condition: when(
    { attribute: 'generation', is: '=', value: page.generation },
    { attribute: 'status', is: '=', value: 'triggered' },
  ),
});

/** A change that is neither claim nor end: an unknown outcome, a lease given back. */
export const changePageWrites = (before: PageRow, after: PageRow): readonly Write[] => [
  { kind: 'put', item: pageItem(after), condition: versionIs(before.version) },
];

/**
 * The end of a page (handed over, cancelled, fallback) with the commit that tells it, and what its person's pages are counted
 * from; the incident is not touched.
 */
export function endPageWrites(before: PageRow, ended: PageRow, commit: Commit): readonly Write[] {
  return [
    ...changePageWrites(before, ended),
    { kind: 'put', item: commitItem(commit), condition: itemAbsent },
    ...personPageWrites(ended),
  ];
}
