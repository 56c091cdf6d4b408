import { timerAt } from '../incident/dues.ts';
import { type Incident, isOpen } from '../incident/incident.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import type { PageRow } from '../notification/page.ts';
import type { Commit } from '../timeline/events.ts';
import { toItem } from './codec.ts';
import { commitKey, dueIndex, incidentKeyOf, openIncidentIndex, pageKey } from './keys.ts';
import { type Item, itemPresent, type Write } from './table.ts';

/** How the items of an incident's partition stand in the indexes. None has a time to live before the incident is closed. */

/**
 * The sweep is the second path: it acts this long after the first path (stream, state machine) should have. An entry of
 * the due index always holds the instant at which the sweep acts, so that the sweep itself adds nothing.
 */
export const sweepGraceSeconds = 60;

/** What was under way when an incident was closed has ended by then: a page's last word, a lane's last edit. */
const expiryDelaySeconds = 3600;

/** Due when its timer asks next; a closed one once more, for the sweep to set the time to live of its whole partition. */
export function incidentItem(incident: Incident): Item {
  const sweepAt = sweepInstant(incident);
  return toItem(incidentKeyOf(incident.id), 'incident', incident, {
    ...(isOpen(incident) ? openIncidentIndex(incident.id) : {}),
    ...(sweepAt === null ? {} : dueIndex(incident.id, sweepAt)),
  });
}

function sweepInstant(incident: Incident): Instant | null {
  if (incident.closedAt !== null) return addSeconds(incident.closedAt, expiryDelaySeconds);
  const wakesAt = timerAt(incident);
  return wakesAt === null ? null : addSeconds(wakesAt, sweepGraceSeconds);
}

/** Marked as not dispatched until its effects are sent: sweep finds it by that mark when the stream record is lost. */
export const commitItem = (commit: Commit): Item =>
  toItem(commitKey(commit.incidentId, commit.version, commit.part), 'commit', commit, {
    undispatched: true,
    ...dueIndex(commit.incidentId, addSeconds(commit.at, sweepGraceSeconds)),
  });

/** Removes the mark after the effects were sent; harmless to repeat. */
export const dispatchedWrite = (commit: Commit): Write => ({
  kind: 'update',
  key: commitKey(commit.incidentId, commit.version, commit.part),
  remove: ['undispatched', 'dueShard', 'dueAt'],
  condition: itemPresent,
});

/** While a page has not ended the sweep looks at it from its deadline on, but not inside somebody's lease. */
export function pageItem(page: PageRow): Item {
  const dueAt = page.leaseUntil === null ? page.deadlineAt : latest(page.deadlineAt, page.leaseUntil);
  return toItem(pageKey(page), 'page', page, page.endedAt === null ? dueIndex(page.incidentId, dueAt) : {});
}
