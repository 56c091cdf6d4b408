import type { AlertId, AlertRecord } from '../../alert/alert.ts';
import { keepsMembers } from '../../incident/incident.ts';
import { addSeconds } from '../../kernel/instant.ts';
import { loadAlerts } from '../../store/alert-store.ts';
import { listFiringAlerts } from '../../store/firing-alerts.ts';
import { loadIncidents } from '../../store/incident-store.ts';
import type { Deps } from '../deps.ts';
import { sendRejudge } from '../rejudge.ts';
import type { SweepRun } from './sweep-run.ts';

/** Alerts read together: one request of the table. */
const alertsPerRead = 100;
/** What has just changed may be in the hands of ingest. */
const settledAfterSeconds = 60;

/**
 * The invariant that no alert is forgotten: each firing, unsuppressed alert belongs to an open incident or to one that
 * holds it. One that does not is judged again, which attaches it.
 */
export async function auditAlerts(deps: Pick<Deps, 'table' | 'queues' | 'ids'>, run: SweepRun): Promise<void> {
  const ids = await listFiringAlerts(deps.table);
  const forgotten: AlertId[] = [];
  for (let start = 0; start < ids.length && run.hasTime(); start += alertsPerRead) {
    const alerts = await loadAlerts(deps.table, ids.slice(start, start + alertsPerRead));
    forgotten.push(
      ...(await findForgotten(
        deps,
        run,
        alerts.filter((alert) => alert !== null),
      )),
    );
  }
  if (forgotten.length === 0) return;
  await sendRejudge(deps, forgotten, deps.ids.next());
  run.repaired('alert', forgotten.length);
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
