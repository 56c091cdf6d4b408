import type { AlertId, AlertRecord } from '../../alert/alert.ts';
import type { Policy } from '../../config/policy.ts';
import { addSeconds } from '../../kernel/instant.ts';
import { inhibitTargets } from '../../route/inhibition.ts';
import { loadAlerts } from '../../store/alert-store.ts';
import { listFiringAlerts } from '../../store/firing-alerts.ts';
import type { Deps } from '../deps.ts';
import type { IngestMessage } from '../messages.ts';
import { sendRejudge } from '../rejudge.ts';

/** Older than this, a message is of no use: the sweep has looked at all firing alerts since. */
const usefulSeconds = 90;
/** Alerts read together: one request of the table. */
const alertsPerRead = 100;

/** Something began to inhibit in these places, or nothing does any more: has the firing alerts that look there judged again. */
export async function judgeTargets(
  deps: Pick<Deps, 'table' | 'queues' | 'ids' | 'clock' | 'policy'>,
  { at, places, correlationId }: Extract<IngestMessage, { kind: 'inhibition' }>,
): Promise<void> {
  if (deps.clock.now() > addSeconds(at, usefulSeconds)) return;
  const asked = new Set(places);
  const ids = await listFiringAlerts(deps.table);
  const targets: AlertId[] = [];
  for (let start = 0; start < ids.length; start += alertsPerRead) {
    const alerts = await loadAlerts(deps.table, ids.slice(start, start + alertsPerRead));
    for (const alert of alerts) if (alert !== null && looksInto(alert, asked, deps.policy)) targets.push(alert);
  }
  await sendRejudge(deps, targets, correlationId);
}

/** What another reason holds back is judged anew when that ends. */
function looksInto(alert: AlertRecord, places: ReadonlySet<string>, { inhibitRules }: Policy): boolean {
  const { status, suppressedBy, labels } = alert;
  if (status !== 'firing') return false;
  if (suppressedBy !== null && suppressedBy.kind !== 'inhibition' && suppressedBy.kind !== 'settling') return false;
  return inhibitTargets(inhibitRules, labels).some(({ place }) => places.has(place));
}
