import { isDeepStrictEqual } from 'node:util';
import { foldTimeline } from '#shared/incident/evolve.ts';
import { type Incident, incidentName, isOpen } from '#shared/incident/incident.ts';
import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { PageRow } from '#shared/notification/page.ts';
import { alertsOf, commitsOf, type Fact, incidentsOf } from './ledger.ts';
import type { World } from './world.ts';

export type Report = (violation: string) => void;

export const nameOfPage = (page: Pick<PageRow, 'incidentId' | 'generation' | 'step' | 'round' | 'target'>) =>
  `${page.incidentId} generation ${page.generation} step ${page.step} round ${page.round} ${page.target}`;
export const isPending = (page: PageRow) =>
  page.state === 'pending' || page.state === 'claimed' || page.state === 'unknown';

/** Promises 2 and 3 by the order of the ledger: what was true of the incident at each claim, and what a page may become. */
export function checkLedgerOrder(facts: readonly Fact[], report: Report): void {
  const incidents = new Map<string, Incident>();
  for (const fact of facts) {
    if (fact.kind === 'incident') {
      checkIncidentChange(fact.before, fact.after, report);
      incidents.set(fact.after.id, fact.after);
    }
    if (fact.kind === 'page')
      checkPageChange(fact.before, fact.after, incidents.get(fact.after.incidentId) ?? null, report);
  }
}

function checkIncidentChange(before: Incident | null, after: Incident, report: Report): void {
  if (before === null) return;
  if (after.version !== before.version + 1) report(`${after.id}: version ${before.version} became ${after.version}`);
  if (after.generation < before.generation) report(`${after.id}: generation went back`);
  if (before.status !== 'triggered' && after.status === 'triggered' && after.generation === before.generation)
    report(`${after.id}: the latch opened without a new generation`);
  if (!isOpen(before) && after.status === 'acknowledged') report(`${after.id}: an acknowledgement re-opened it`);
}

function checkPageChange(before: PageRow | null, after: PageRow, incident: Incident | null, report: Report): void {
  const claimed = after.state === 'claimed' && (before === null || before.attempts < after.attempts);
  if (claimed && (incident?.status !== 'triggered' || incident.generation !== after.generation))
    report(
      `claimed while the incident is ${incident?.status} in generation ${incident?.generation}: ${nameOfPage(after)}`,
    );
  if (claimed && after.notBeforeAt !== undefined && (after.claimedAt ?? '') < after.notBeforeAt)
    report(`claimed before it was due: ${nameOfPage(after)}`);
  if (before && !isPending(before) && before.state !== after.state)
    report(`${before.state} became ${after.state}: ${nameOfPage(after)}`);
  if (before && after.version !== before.version + 1)
    report(`version ${before.version} became ${after.version}: ${nameOfPage(after)}`);
  const leased = before?.state === 'claimed' ? before.leaseUntil : null;
  if (claimed && leased && after.claimedAt && after.claimedAt < leased)
    report(`claimed inside somebody's lease: ${nameOfPage(after)}`);
}

/** The stored state is the fold of its timeline, and counts what its members say. */
export function checkState(world: World, report: Report): void {
  const alerts = alertsOf(world).filter((alert) => alert.status === 'firing' && alert.suppressedBy === null);
  const incidents = incidentsOf(world);
  const timelines = Map.groupBy(commitsOf(world), (commit) => commit.incidentId);
  for (const incident of incidents) {
    const name = incidentName(incident.number);
    const timeline = (timelines.get(incident.id) ?? []).sort(
      (a, b) => a.version - b.version || (a.part < b.part ? -1 : 1),
    );
    if (!isDeepStrictEqual(foldTimeline(timeline), incident))
      report(`${name}: the timeline does not fold to the stored state`);
    const firing = alerts.filter((alert) => alert.incidentIds.includes(incident.id)).length;
    if (firing !== incident.firing) report(`${name} counts ${incident.firing} firing, its members say ${firing}`);
    if (isOpen(incident) && incident.firing === 0) report(`${name} is open and nothing fires in it`);
  }
  for (const alert of alerts) {
    const homes = incidents.filter((incident) => alert.incidentIds.includes(incident.id));
    if (!homes.some((incident) => isOpen(incident) || incident.heldUntil !== null))
      report(`${alert.fingerprint} fires and no open incident or hold has it`);
  }
}

/** The sweep's minute, a lease in somebody's hands, and some failures in a row. */
const endsWithin = 4 * 60_000;

/** No row stays pending for long behind its deadline: the fallback must have been told. */
export function checkDeadlines(facts: readonly Fact[], report: Report): void {
  for (const fact of facts) {
    if (fact.kind !== 'page' || isPending(fact.after) || fact.before === null) continue;
    const late = fact.at - toEpochMillis(fact.after.deadlineAt);
    if (late > endsWithin) report(`ended ${Math.round(late / 1000)} s after its deadline: ${nameOfPage(fact.after)}`);
  }
}
