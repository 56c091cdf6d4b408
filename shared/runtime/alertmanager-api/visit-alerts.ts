import type { AlertId, AlertRecord } from '../../alert/alert.ts';
import { type AlertFilter, takesLabels, takesStatus } from '../../alertmanager/alert-filter.ts';
import { type AlertStatusView, alertStatusAt } from '../../alertmanager/alert-status.ts';
import type { RouteNode } from '../../config/policy.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import { addSeconds, type Instant } from '../../kernel/instant.ts';
import { compileRoutes, matchRoutes } from '../../route/match-routes.ts';
import { loadAlerts } from '../../store/alert-store.ts';
import { listFiringAlerts } from '../../store/firing-alerts.ts';
import type { Deps } from '../deps.ts';
import { currentSilences } from '../silence-cache.ts';

export type VisitDeps = Pick<Deps, 'table' | 'clock' | 'policy'>;

/** DynamoDB takes 100 keys a request; so many requests are under way at once, and so many alerts in memory. */
const keysPerRead = 100;
const parallelReads = 16;
/** Below the 28 s of the function and the 29 s of API Gateway. */
const secondsInAll = 20;

export interface OpenAlert {
  readonly alert: AlertRecord;
  readonly status: AlertStatusView;
  /** The route nodes that take it, in the order of the tree. */
  readonly nodes: readonly RouteNode[];
}

/**
 * Shows every open alert that the filter takes, but for its receivers, by fingerprint and source. Alerts of two sources may
 * have one fingerprint; each is shown. @throws AdapterError `timeout` when there are too many to be read in time
 */
export async function visitOpenAlerts(
  deps: VisitDeps,
  filter: AlertFilter,
  visit: (open: OpenAlert, now: Instant) => void,
): Promise<void> {
  const now = deps.clock.now();
  const deadline = addSeconds(now, secondsInAll);
  const [silences, found] = await Promise.all([currentSilences(deps.table, now), listFiringAlerts(deps.table)]);
  const ids = [...found].sort(byFingerprint);
  const routes = compileRoutes(deps.policy.route);
  for (let start = 0; start < ids.length; start += keysPerRead * parallelReads) {
    if (deps.clock.now() >= deadline) {
      throw new AdapterError(
        'table',
        'timeout',
        `${ids.length} alerts fire, more than can be read in ${secondsInAll} s`,
      );
    }
    for (const alert of await loadWave(deps, ids.slice(start, start + keysPerRead * parallelReads))) {
      // The index may lag by a moment.
      if (alert?.status !== 'firing' || !takesLabels(filter, alert.labels)) continue;
      const status = alertStatusAt(alert, silences, now);
      if (!takesStatus(filter, status)) continue;
      visit({ alert, status, nodes: matchRoutes(routes, alert.labels).map(({ node }) => node) }, now);
    }
  }
}

const byFingerprint = (a: AlertId, b: AlertId): number => {
  if (a.fingerprint !== b.fingerprint) return a.fingerprint < b.fingerprint ? -1 : 1;
  return a.source < b.source ? -1 : 1;
};

async function loadWave({ table }: VisitDeps, ids: readonly AlertId[]): Promise<readonly (AlertRecord | null)[]> {
  const reads: ReturnType<typeof loadAlerts>[] = [];
  for (let start = 0; start < ids.length; start += keysPerRead) {
    reads.push(loadAlerts(table, ids.slice(start, start + keysPerRead)));
  }
  return (await Promise.all(reads)).flat();
}
