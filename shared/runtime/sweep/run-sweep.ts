import type { Instant } from '../../kernel/instant.ts';
import { fromItem, type SweepHeartbeat, toItem } from '../../store/codec.ts';
import { dueShards, incidentKeyOf, sweepHeartbeatKey } from '../../store/keys.ts';
import type { Table } from '../../store/table.ts';
import type { LaneMessage } from '../messages.ts';
import { sendRejudge } from '../rejudge.ts';
import { auditAlerts } from './audit-alerts.ts';
import { actOnDue, type SweepDeps } from './due-actions.ts';
import { expireIncident } from './expire-incident.ts';
import { keepWindows } from './keep-windows.ts';
import { sendLeasesOver } from './send-leases-over.ts';
import { SweepRun } from './sweep-run.ts';
import { sweepShard } from './sweep-shard.ts';
import { watchHeartbeats } from './watch-heartbeats.ts';
import { watchSchedules } from './watch-schedules.ts';

/**
 * One minute's look at everything that is due and not done. Idempotent; it stops at `deadline` and goes on next minute.
 * @throws AggregateError of what failed, after everything else was tried: the invocation then counts as failed
 */
export async function runSweep(deps: SweepDeps, deadline: Instant): Promise<void> {
  const run = new SweepRun(deps, deadline);
  await run.isolate('maintenance windows', () => keepWindows(deps, run));
  await Promise.all(
    dueShards.map((shard) =>
      run.isolate(shard, () => sweepShard(deps, run, shard, (_run, item) => actOnDue(deps, run, item))),
    ),
  );
  await run.isolate('leases of posted alerts', () => sendLeasesOver(deps, run.leasesOver));
  await run.isolate('suppressed alerts', () => sendRejudge(deps, run.alertsToJudge, deps.ids.next()));
  await run.isolate('audit of firing alerts', () => auditAlerts(deps, run));
  await run.isolate('watched heartbeats', () => watchHeartbeats(deps, run));
  await run.isolate('schedules', () => watchSchedules(deps, run));
  await run.isolate('heartbeat', () => writeHeartbeat(deps, run));
  await cleanUp(deps, run);
  if (run.errors.length > 0) throw new AggregateError(run.errors, `${run.errors.length} items could not be swept`);
}

/** Behind everything that somebody waits for: a long timeline takes what time is left, minute after minute. */
async function cleanUp(deps: SweepDeps, run: SweepRun): Promise<void> {
  for (const { incident, closedAt } of run.toExpire) {
    if (!run.hasTime()) return;
    await run.isolate('clean-up', () => expireIncident(deps, run, incident, closedAt), incidentKeyOf(incident.id));
  }
}

/** Readiness and the alarm on the sweep read it. */
async function writeHeartbeat(deps: SweepDeps, run: SweepRun): Promise<void> {
  const { table, clock } = deps;
  const before = await loadHeartbeat(table);
  let statusPageFor = before?.statusPageFor;
  await run.isolate('status page', async () => {
    await refreshStatusPage(deps, before);
    statusPageFor = deps.policy.hash;
  });
  const heartbeat: SweepHeartbeat = {
    schema: 1,
    startedAt: run.now,
    finishedAt: clock.now(),
    complete: run.complete,
    ...(statusPageFor === undefined ? {} : { statusPageFor }),
  };
  await table.write([{ kind: 'put', item: toItem(sweepHeartbeatKey, 'heartbeat', heartbeat) }]);
}

/** The public page exists from the first minute on, and names the components of the present policy file. */
async function refreshStatusPage({ queues, ids, policy }: SweepDeps, before: SweepHeartbeat | null): Promise<void> {
  if (before?.statusPageFor === policy.hash) return;
  const message: LaneMessage = { kind: 'status page', correlationId: ids.next() };
  await queues.send('status-updates', message);
}

async function loadHeartbeat(table: Table): Promise<SweepHeartbeat | null> {
  const [item = null] = await table.get([sweepHeartbeatKey]);
  return item === null ? null : fromItem(item, 'heartbeat');
}
