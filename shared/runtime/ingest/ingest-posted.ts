import type { AlertId } from '../../alert/alert.ts';
import type { PostedMessage } from '../../alert/posted-alert.ts';
import { defaultResolveTimeoutSeconds } from '../../config/defaults.ts';
import type { Policy } from '../../config/policy.ts';
import { loadAlerts } from '../../store/alert-store.ts';
import type { AlertTask } from './propose.ts';
import { leaseTask, postedTask } from './propose-posted.ts';
import { saveTasks } from './save-tasks.ts';
import type { IngestDeps, MessageContext } from './save-unit.ts';
import { tellWaiting } from './tell-waiting.ts';

const resolveTimeoutSeconds = ({ sources }: Policy, source: string): number =>
  (Object.hasOwn(sources, source) ? sources[source]?.resolveTimeoutSeconds : undefined) ?? defaultResolveTimeoutSeconds;

/** Posted alerts of one shard. A repeat inside its lease reads its alert and writes nothing. */
export async function ingestPosted(deps: IngestDeps, message: PostedMessage, context: MessageContext): Promise<void> {
  const timeout = resolveTimeoutSeconds(deps.policy, message.source);
  const tasks = message.alerts.map((posted) => postedTask(message, posted, timeout));
  const unchanged = await saveAll(deps, tasks, context);
  if (unchanged > 0) deps.metrics.count('AlertsUnchanged', unchanged, { source: message.source });
}

/** The sweep found these leases over; in the meantime a copy may have extended them. */
export async function ingestLeasesOver(
  deps: IngestDeps,
  alerts: readonly AlertId[],
  messageId: string,
  context: MessageContext,
): Promise<void> {
  await saveAll(
    deps,
    alerts.map((id) => leaseTask(id, messageId)),
    context,
  );
}

async function saveAll(deps: IngestDeps, tasks: readonly AlertTask[], context: MessageContext): Promise<number> {
  const alerts = await loadAlerts(deps.table, tasks);
  const loaded = tasks.map((task, index) => ({ task, stored: alerts[index] ?? null }));
  await tellWaiting(deps, loaded, context);
  const { unchanged } = await saveTasks(deps, loaded, context);
  return unchanged;
}
