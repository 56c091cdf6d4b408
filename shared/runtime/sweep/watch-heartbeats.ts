import { decideHeartbeat, toldHeartbeat } from '../../heartbeat/decide-heartbeat.ts';
import type { HeartbeatRecord } from '../../heartbeat/heartbeat.ts';
import type { HeartbeatRule } from '../../heartbeat/heartbeat-rule.ts';
import { listFiringAlerts } from '../../store/firing-alerts.ts';
import { loadHeartbeats, saveHeartbeat } from '../../store/heartbeat-store.ts';
import { ConditionFailed } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import { sendRejudge } from '../rejudge.ts';
import { sendHeartbeatAlerts } from './heartbeat-alerts.ts';
import type { SweepRun } from './sweep-run.ts';

type WatchDeps = Pick<Deps, 'table' | 'queues' | 'clock' | 'ids' | 'policy' | 'log'>;

/**
 * Looks at every heartbeat of the policy file and at those that it no longer names: one read a minute, and a write only
 * when one of them changes. What is told about it is stored before it is told.
 */
export async function watchHeartbeats(deps: WatchDeps, run: SweepRun): Promise<void> {
  const rules = new Map(Object.entries(deps.policy.heartbeats));
  const records = new Map((await loadHeartbeats(deps.table)).map((record) => [record.name, record]));
  let judgesAlerts = false;
  for (const name of new Set([...rules.keys(), ...records.keys()])) {
    if (!run.hasTime()) return;
    await run.isolate(`heartbeat ${name}`, async () => {
      const judges = await watchOne(deps, run, rules.get(name) ?? null, records.get(name) ?? null);
      judgesAlerts ||= judges;
    });
  }
  if (judgesAlerts) await sendRejudge(deps, await listFiringAlerts(deps.table), deps.ids.next());
}

/** Answers whether alerts must be judged again. */
async function watchOne(
  deps: WatchDeps,
  run: SweepRun,
  rule: HeartbeatRule | null,
  before: HeartbeatRecord | null,
): Promise<boolean> {
  const decision = decideHeartbeat(rule, before, run.now);
  if (decision.outcome !== 'accepted') return false;
  const { after, judgesAlerts } = decision;
  try {
    await saveHeartbeat(deps.table, before, after, deps.policy);
    if (after.state !== before?.state) {
      deps.log.info('a heartbeat changed', { heartbeat: after.name, state: after.state, lastSeenAt: after.lastSeenAt });
    }
    if (after.toldAt !== null) return judgesAlerts;
    await sendHeartbeatAlerts(deps, rule, after);
    await saveHeartbeat(deps.table, after, toldHeartbeat(after, run.now), deps.policy);
  } catch (error) {
    // Another run of the sweep was there first, and tells.
    if (!(error instanceof ConditionFailed)) throw error;
  }
  return judgesAlerts;
}
