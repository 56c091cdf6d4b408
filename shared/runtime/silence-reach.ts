import type { AlertRecord } from '../alert/alert.ts';
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

/** Every firing alert, or as many as one look takes. */
export interface FiringAlerts {
  readonly alerts: readonly AlertRecord[];
  readonly complete: boolean;
}

/** What a silence hides now. It reads every firing alert, because only their labels can tell. */
export async function lookAtReach(deps: ReachDeps, silence: Silence): Promise<SilenceReach> {
  return reachAmong(
    deps,
    silence,
    (await loadFiring(deps, Number.POSITIVE_INFINITY)) ?? { alerts: [], complete: false },
  );
}

/** One call. */
export async function reachAmong(
  { table, policy }: ReachDeps,
  silence: Silence,
  { alerts, complete }: FiringAlerts,
): Promise<SilenceReach> {
  const under = alertsUnder(silence, alerts);
  const incidentIds = [...new Set(under.flatMap((alert) => alert.incidentIds))].slice(0, incidentsPerLook);
  const incidents = (await loadIncidents(table, incidentIds)).filter((incident) => incident !== null);
  return reachOf(under, incidents, policy, { looked: alerts.length, complete });
}

/**
 * Two calls in sequence while few alerts fire. The index may lag by a moment, so what has just resolved is left out here.
 * @returns null when more than `most` fire: the caller has no time for them
 */
export async function loadFiring({ table, clock }: ReachDeps, most: number): Promise<FiringAlerts | null> {
  const ids = await listFiringAlerts(table);
  if (ids.length > most) return null;
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
  return { alerts, complete: looked >= ids.length };
}
