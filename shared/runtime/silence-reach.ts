import type { AlertId, AlertRecord } from '../alert/alert.ts';
import { addSeconds } from '../kernel/instant.ts';
import type { Silence } from '../silence/silence.ts';
import { alertsUnder, reachOf, type SilenceReach } from '../silence/silence-reach.ts';
import { loadAlerts } from '../store/alert-store.ts';
import { listFiringAlerts } from '../store/firing-alerts.ts';
import { loadIncidents } from '../store/incident-store.ts';
import type { Deps } from './deps.ts';

/** DynamoDB reads so many keys in one request; so many requests are under way at once. */
const alertsPerRead = 100;
const parallelReads = 10;
/** One look: 10,000 alerts, the most that are to be open at once, are ten rounds of reads. */
const alertsPerLook = 10_000;
const secondsPerLook = 4;
/** Incidents that are named in one answer. */
const incidentsPerLook = 100;

type ReachDeps = Pick<Deps, 'table' | 'clock' | 'policy'>;

/**
 * What a silence hides now: three rounds of reads while few alerts fire. It reads every firing alert, because only their
 * labels can tell.
 * @param mostAlerts null when more than these fire: the caller has no time for them
 */
export async function lookAtReach(
  deps: ReachDeps,
  silence: Pick<Silence, 'matchers' | 'matcherSets' | 'untilResolved'>,
  mostAlerts: number = Number.POSITIVE_INFINITY,
): Promise<SilenceReach | null> {
  const ids = await listFiringAlerts(deps.table);
  if (ids.length > mostAlerts) return null;
  const { alerts, looked } = await loadMany(deps, ids);
  const under = alertsUnder(silence, alerts);
  const incidentIds = [...new Set(under.flatMap((alert) => alert.incidentIds))].slice(0, incidentsPerLook);
  const incidents = (await loadIncidents(deps.table, incidentIds)).filter((incident) => incident !== null);
  return reachOf(under, incidents, deps.policy, { looked: alerts.length, complete: looked >= ids.length });
}

/** Firing alerts only; the index may lag by a moment. */
export async function loadMany(
  { table, clock }: ReachDeps,
  ids: readonly AlertId[],
): Promise<{ readonly alerts: readonly AlertRecord[]; readonly looked: number }> {
  const alerts: AlertRecord[] = [];
  const deadline = addSeconds(clock.now(), secondsPerLook);
  const round = alertsPerRead * parallelReads;
  let looked = 0;
  while (looked < Math.min(ids.length, alertsPerLook) && (looked === 0 || clock.now() < deadline)) {
    const chunks: Promise<readonly (AlertRecord | null)[]>[] = [];
    for (let start = looked; start < Math.min(ids.length, looked + round); start += alertsPerRead) {
      chunks.push(loadAlerts(table, ids.slice(start, start + alertsPerRead)));
    }
    for (const alert of (await Promise.all(chunks)).flat()) if (alert?.status === 'firing') alerts.push(alert);
    looked += round;
  }
  return { alerts, looked };
}
