import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Policy } from '../../config/policy.ts';
import { heartbeatStateAt, lateAt, missingAt } from '../../heartbeat/heartbeat.ts';
import type { Instant } from '../../kernel/instant.ts';
import { loadHeartbeats } from '../../store/heartbeat-store.ts';
import type { Table } from '../../store/table.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer } from '../problem.ts';

/** Every heartbeat of the policy file, as it stands now: the sweep may not have told of it yet. */
export async function viewHeartbeats(table: Table, { heartbeats }: Pick<Policy, 'heartbeats'>, now: Instant) {
  const rules = Object.values(heartbeats);
  if (rules.length === 0) return [];
  const stored = new Map((await loadHeartbeats(table)).map((record) => [record.name, record]));
  return rules.map((rule) => {
    const record = stored.get(rule.name);
    // One that the sweep has not met yet is counted from its next minute on.
    const seen = record === undefined || record.removedAt !== null ? { namedAt: now } : record;
    return {
      name: rule.name,
      source: rule.source,
      matchers: rule.matchers,
      state: heartbeatStateAt(rule, seen, now),
      lastSeenAt: seen === record ? (record.lastSeenAt ?? null) : null,
      lateAt: lateAt(rule, seen),
      missingAt: missingAt(rule, seen),
      recoveredAt: seen === record ? record.recoveredAt : null,
      lateSeverity: rule.lateSeverity,
      missingSeverity: rule.missingSeverity,
      owner: rule.owner,
    };
  });
}

/** GET /v1/heartbeats: there are as many as the policy file names, so the list has no pages. */
export async function listHeartbeats({
  table,
  clock,
  policy,
}: Pick<Deps, 'table' | 'clock' | 'policy'>): Promise<APIGatewayProxyResult> {
  return jsonAnswer(200, { heartbeats: await viewHeartbeats(table, policy, clock.now()) });
}
