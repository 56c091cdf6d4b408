import type { AlertGroupMessage, AlertId, GroupRecord } from '../../alert/alert.ts';
import { type GroupObservation, observeGroup, quietGroup } from '../../alert/group.ts';
import { defaultQuietAfterSeconds } from '../../config/defaults.ts';
import type { Policy } from '../../config/policy.ts';
import { groupWrite, loadAlerts, loadGroup, loadGroupWithAlerts } from '../../store/alert-store.ts';
import { groupIdOf } from '../../store/keys.ts';
import { decideAgain } from '../decide-again.ts';
import { copyTask, leaveTask, proposeFor } from './propose.ts';
import { saveTasks } from './save-tasks.ts';
import type { IngestDeps, MessageContext } from './save-unit.ts';

/** What one message says of its group is written by one handler at a time (FIFO), so races are copies in flight. */
const groupLimits = { tries: 5, budgetMillis: 5_000 };

const quietAfterSeconds = (policy: Policy, source: string): number =>
  (Object.hasOwn(policy.sources, source) ? policy.sources[source]?.quietAfterSeconds : undefined) ??
  defaultQuietAfterSeconds;

/**
 * One webhook of an alert group. A repeat inside its lease is one read and no write. The group is written last: after a
 * crash anywhere before, the redelivery finds its alerts done and goes on.
 */
export async function ingestGroup(
  deps: IngestDeps,
  message: AlertGroupMessage,
  context: MessageContext,
): Promise<void> {
  if (message.repeats === false) return ingestSaidOnce(deps, message, context);
  const groupId = groupIdOf(message.source, message.receiver, message.groupKey);
  const tasks = message.alerts.map((incoming) => copyTask(message, groupId, incoming));
  const { group, alerts } = await loadGroupWithAlerts(deps.table, groupId, tasks);
  const now = deps.clock.now();
  const loaded = tasks.map((task, index) => ({ task, stored: alerts[index] ?? null }));
  const lateCopies = new Set(
    loaded
      .filter(({ task, stored }) => proposeFor(task, stored, now).kind === 'late copy')
      .map(({ task }) => task.fingerprint),
  );
  const { unchanged } = await saveTasks(deps, loaded, context);
  if (unchanged > 0) deps.metrics.count('AlertsUnchanged', unchanged, { source: message.source });

  await saveGroup(deps, groupId, group, context, (stored) => {
    const observed: GroupObservation = observeGroup(stored, message, {
      groupId,
      now,
      quietAfterSeconds: quietAfterSeconds(deps.policy, message.source),
      lateCopies,
    });
    const reason = 'its group sent two messages without it, so its source went quiet';
    return observed.write ? { next: observed.next, ended: observed.endedMembers, messageId: message.id, reason } : null;
  });
}

/**
 * A source that never repeats itself: no group holds its alerts, because whoever keeps a group ends what it no longer hears
 * of. They fire until they are resolved.
 */
async function ingestSaidOnce(deps: IngestDeps, message: AlertGroupMessage, context: MessageContext): Promise<void> {
  const tasks = message.alerts.map((incoming) => copyTask(message, null, incoming));
  const alerts = await loadAlerts(deps.table, tasks);
  const { unchanged } = await saveTasks(
    deps,
    tasks.map((task, index) => ({ task, stored: alerts[index] ?? null })),
    context,
  );
  if (unchanged > 0) deps.metrics.count('AlertsUnchanged', unchanged, { source: message.source });
}

/** The sweep found a group whose lease is over; in the meantime a message may have extended it. */
export async function ingestQuietGroup(
  deps: IngestDeps,
  groupId: string,
  messageId: string,
  context: MessageContext,
): Promise<void> {
  const loaded = await loadGroup(deps.table, groupId);
  await saveGroup(deps, groupId, loaded, context, (stored) => {
    const quiet = stored === null ? null : quietGroup(stored, deps.clock.now());
    if (stored === null || quiet === null || !quiet.quiet) return null;
    const reason = `its group said nothing until ${stored.leaseUntil}, so its source went quiet`;
    return { next: quiet.next, ended: quiet.endedMembers, messageId, reason };
  });
}

/** Null: nothing to write. */
type GroupChange = {
  readonly next: GroupRecord;
  /** Members that the group lets go: stored before the group, so that a redelivery lets them go again. */
  readonly ended: readonly string[];
  readonly messageId: string;
  readonly reason: string;
} | null;

async function saveGroup(
  deps: IngestDeps,
  groupId: string,
  loaded: GroupRecord | null,
  context: MessageContext,
  observe: (stored: GroupRecord | null) => GroupChange,
): Promise<void> {
  await decideAgain(deps, groupLimits, async (attempt) => {
    const stored = attempt === 0 ? loaded : await loadGroup(deps.table, groupId);
    const change = observe(stored);
    if (change === null) return;
    const { source } = change.next;
    const ids = change.ended.map((fingerprint): AlertId => ({ source, fingerprint }));
    const alerts = await loadAlerts(deps.table, ids);
    await saveTasks(
      deps,
      ids.map((id, index) => ({
        task: leaveTask(id, groupId, change.messageId, change.reason),
        stored: alerts[index] ?? null,
      })),
      context,
    );
    await deps.table.write([groupWrite(stored, change.next, deps.policy)]);
  });
}
