import { isDeepStrictEqual } from 'node:util';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Labels } from '#shared/alert/labels.ts';
import { foldTimeline } from '#shared/incident/evolve.ts';
import { type Incident, isOpen } from '#shared/incident/incident.ts';
import type { PageState } from '#shared/notification/page.ts';
import type { Commit } from '#shared/timeline/events.ts';
import type { PlannedGroup } from './plan.ts';
import type { Stored } from './stored.ts';

/** What must be true of the disk after any number of kills. Each answers what is wrong, in words. */

/** Promise 1, alerts: each accepted one is in the incident of its group, and only there. */
export const checkAlerts = (groups: readonly PlannedGroup[], stored: Stored): readonly string[] =>
  groups.flatMap((group) => {
    const own = stored.incidents.filter(({ title }) => title.startsWith(`${group.name}:`));
    const alone = own.length === 1 ? [] : [`${group.name} has ${own.length} incidents`];
    return [...alone, ...group.alerts.flatMap((labels) => checkAlert(group, labels, own, stored))];
  });

function checkAlert(
  { name: groupName, resolved }: PlannedGroup,
  labels: Labels,
  own: readonly Incident[],
  { alerts, intake }: Stored,
): readonly string[] {
  const name = `${groupName} ${labels.instance}`;
  const fingerprint = fingerprintOf(labels);
  const alert = alerts.find((one) => one.fingerprint === fingerprint);
  if (alert === undefined) return [`lost: ${name}`];
  const rows = intake.filter((row) => row.fingerprint === fingerprint).map(({ outcome }) => outcome);
  const begun = rows.filter((outcome) => outcome === 'opened' || outcome === 'joined').length;
  const ended = rows.filter((outcome) => outcome === 'resolved').length;
  const ledger = begun === 1 && ended === (resolved ? 1 : 0) ? [] : [`intake of ${name}: ${rows.join(', ')}`];
  if (alert.status !== (resolved ? 'resolved' : 'firing')) return [...ledger, `${name} is ${alert.status}`];
  const held = resolved || own.some((one) => isOpen(one) && alert.incidentIds.includes(one.id));
  return held ? ledger : [...ledger, `${name} fires without an open incident`];
}

const ends: readonly PageState[] = ['handed over', 'cancelled', 'fallback'];

/** Promise 1, pages: owed = handed over + cancelled + fallback, each told once on the timeline, and nothing pending. */
export function checkPages({ incidents, commits, pages }: Stored): readonly string[] {
  return incidents.flatMap((incident) => {
    const timeline = commits.filter((commit) => commit.incidentId === incident.id);
    const rows = pages.filter((page) => page.incidentId === incident.id);
    const owed = timeline
      .flatMap(({ events }) => events)
      .reduce((sum, event) => sum + (event.type === 'IncidentEscalated' ? event.pages.length : 0), 0);
    const ended = rows.filter(({ state }) => ends.includes(state)).length;
    const told = outcomesTold(timeline);
    const name = `INC-${incident.number}`;
    return [
      ...(owed === rows.length && ended === owed ? [] : [`${name} owes ${owed}, has ${rows.length}, ended ${ended}`]),
      ...(told === ended ? [] : [`${name} tells ${told} outcomes of ${ended} pages`]),
    ];
  });
}

/** The fallback of a whole incident has no target: it is no row of the ledger. */
const outcomesTold = (timeline: readonly Commit[]): number =>
  timeline
    .flatMap(({ events }) => events)
    .filter(
      (event) =>
        event.type === 'PageHandedOver' ||
        event.type === 'PageCancelled' ||
        (event.type === 'FallbackPaged' && event.target !== null),
    ).length;

/** The timeline tells the whole story: it folds to what is stored, and all of it has gone out. */
export function checkTimeline({ incidents, commits, undispatched, queued }: Stored): readonly string[] {
  const problems = incidents.flatMap((incident) => {
    const states = commits
      .filter((commit) => commit.incidentId === incident.id && commit.part === '')
      .sort((a, b) => a.version - b.version);
    return isDeepStrictEqual(foldTimeline(states), incident) ? [] : [`INC-${incident.number} is not its timeline`];
  });
  if (undispatched > 0) problems.push(`${undispatched} commits never went out`);
  const waiting = Object.entries(queued).map(([queue, depth]) => `${depth} messages lie in ${queue}`);
  return [...problems, ...waiting];
}
