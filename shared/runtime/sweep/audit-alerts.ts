import type { AlertId, AlertRecord } from '../../alert/alert.ts';
import { keepsMembers } from '../../incident/incident.ts';
import { addSeconds } from '../../kernel/instant.ts';
import { loadAlerts } from '../../store/alert-store.ts';
import { listFiringAlerts } from '../../store/firing-alerts.ts';
import { loadIncidents } from '../../store/incident-store.ts';
import type { Deps } from '../deps.ts';
import { sendRejudge } from '../rejudge.ts';
import { alertName, findMisjudged } from './audit-inhibition.ts';
import type { SweepRun } from './sweep-run.ts';

/** Alerts read together: one request of the table. */
const alertsPerRead = 100;
/** What has just changed may be in the hands of ingest. */
const settledAfterSeconds = 60;

/**
 * The invariants that no alert is forgotten: each firing, unsuppressed alert belongs to an open incident or to one that
 * holds it, and none is inhibited by what does not fire. One that is not as it should be is judged again.
 */
export async function auditAlerts(
  deps: Pick<Deps, 'table' | 'queues' | 'ids' | 'policy'>,
  run: SweepRun,
): Promise<void> {
  const ids = await listFiringAlerts(deps.table);
  const inhibition = { firing: new Set(ids.map(alertName)), known: new Map() };
  const forgotten: AlertId[] = [];
  const misjudged: AlertId[] = [];
  for (let start = 0; start < ids.length && run.hasTime(); start += alertsPerRead) {
    const loaded = await loadAlerts(deps.table, ids.slice(start, start + alertsPerRead));
    const alerts = loaded.filter((alert) => alert !== null);
    forgotten.push(...(await findForgotten(deps, run, alerts)));
    misjudged.push(...(await findMisjudged(deps, alerts, inhibition)));
  }
  const known = new Set(forgotten.map(alertName));
  const asked = [...forgotten, ...misjudged.filter((alert) => !known.has(alertName(alert)))];
  if (asked.length > 0) await sendRejudge(deps, asked, deps.ids.next());
  run.repaired('alert', forgotten.length);
  run.repaired('inhibition', misjudged.length);
}

async function findForgotten(
  deps: Pick<Deps, 'table'>,
  run: SweepRun,
  alerts: readonly AlertRecord[],
): Promise<readonly AlertId[]> {
  const settled = addSeconds(run.now, -settledAfterSeconds);
  const suspects = alerts.filter(
    (alert) => alert.status === 'firing' && alert.suppressedBy === null && alert.changedAt < settled,
  );
  const incidentIds = [...new Set(suspects.flatMap((alert) => alert.incidentIds))];
  const incidents = await loadIncidents(deps.table, incidentIds);
  const keeping = new Set(incidents.flatMap((incident) => (incident && keepsMembers(incident) ? [incident.id] : [])));
  return suspects
    .filter((alert) => !alert.incidentIds.some((id) => keeping.has(id)))
    .map(({ source, fingerprint }) => ({ source, fingerprint }));
}
