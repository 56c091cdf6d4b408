import type { IncomingAlert } from '../../alert/alert.ts';
import { movesLastSeen } from '../../heartbeat/heartbeat.ts';
import type { HeartbeatRule } from '../../heartbeat/heartbeat-rule.ts';
import { heartbeatsIn } from '../../heartbeat/match-heartbeat.ts';
import type { Instant } from '../../kernel/instant.ts';
import { loadHeartbeatsByName, saveHeartbeatSeen } from '../../store/heartbeat-store.ts';
import { ConditionFailed, type Table } from '../../store/table.ts';
import type { IngestDeps } from './save-unit.ts';

export interface Arrival {
  readonly source: string;
  readonly alerts: readonly IncomingAlert[];
  /** When it came to the door: the queue may have kept it. */
  readonly receivedAt: Instant;
}

/** When this process last knew each heartbeat to be seen, so that most requests cost not even a read. */
const known = new WeakMap<Table, Map<string, Instant>>();

/** Notes what an accepted request proves alive: at most one read and one small write per half of the time between two. */
export async function noteHeartbeats({ table, policy }: IngestDeps, arrival: Arrival): Promise<void> {
  const { source, alerts, receivedAt } = arrival;
  const firing = alerts.filter(({ status }) => status === 'firing');
  const seen = known.get(table) ?? new Map<string, Instant>();
  known.set(table, seen);
  const rules = heartbeatsIn(policy.heartbeats, source, firing).filter((rule) =>
    movesLastSeen(rule, seen.get(rule.name), receivedAt),
  );
  const records = await loadHeartbeatsByName(
    table,
    rules.map(({ name }) => name),
  );
  for (const [index, rule] of rules.entries()) {
    const record = records[index] ?? null;
    // The sweep counts from when it first met the rule; until then there is nothing to move.
    if (record === null || record.removedAt !== null) continue;
    const moves = movesLastSeen(rule, record.lastSeenAt, receivedAt);
    if (moves) await move(table, rule, receivedAt);
    seen.set(rule.name, moves ? receivedAt : (record.lastSeenAt ?? receivedAt));
  }
}

async function move(table: Table, { name }: HeartbeatRule, receivedAt: Instant): Promise<void> {
  try {
    await saveHeartbeatSeen(table, name, receivedAt);
  } catch (error) {
    // Cleaned up since it was read: its rule is gone.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
