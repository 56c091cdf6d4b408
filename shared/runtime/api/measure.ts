import type { IncidentStatus } from '../../incident/incident.ts';
import { type Severity, severities } from '../../incident/severity.ts';
import { addSeconds, type Instant, secondsBetween } from '../../kernel/instant.ts';
import type { Breaker } from '../../notification/breaker.ts';
import { silenceStateAt } from '../../silence/silence-state.ts';
import { fromItem } from '../../store/codec.ts';
import { loadIncidents } from '../../store/incident-store.ts';
import {
  allShards,
  breakerKey,
  dueShards,
  firingAlerts,
  indexes,
  metricCountersKey,
  openIncidents,
  sweepHeartbeatKey,
} from '../../store/keys.ts';
import type { IndexQuery, Item, Table } from '../../store/table.ts';
import type { CounterName } from '../../timeline/counters.ts';
import type { Deps } from '../deps.ts';
import { currentSilences } from '../silence-cache.ts';
import { viewHeartbeats } from './heartbeats.ts';
import type { MetricFamily } from './metrics-text.ts';

export type MeasureDeps = Pick<Deps, 'table' | 'clock' | 'policy'>;

/** Pages of one shard that a measurement reads, 1 MB or some 5,000 entries each: what is beyond is told as incomplete. */
const pagesPerShard = 2;
/** Open incidents that are read to learn their severity; DESIGN section 11 is laid out for 1,000. */
const incidentsRead = 2_000;
const keysPerRead = 100;
const vendors = ['slack', 'pagerduty', 'sns'] as const;
const openStatuses = ['triggered', 'acknowledged'] as const satisfies readonly IncidentStatus[];
const breakerStates = ['closed', 'open', 'half-open'] as const satisfies readonly Breaker['state'][];

/** Everything that `/metrics` tells, from the table, because no process lives long enough to count. */
export async function measure({ table, clock, policy }: MeasureDeps): Promise<readonly MetricFamily[]> {
  const now = clock.now();
  const [open, firing, due, silences, [counters = null, heartbeat = null, ...breakers], heartbeats] = await Promise.all(
    [
      readShards(
        table,
        allShards.map((shard) => ({ index: 'open', partition: openIncidents(shard) })),
      ),
      readShards(
        table,
        allShards.map((shard) => ({ index: 'open', partition: firingAlerts(shard) })),
      ),
      readShards(
        table,
        dueShards.map((partition) => ({ index: 'due', partition, before: latestPageDue(policy, now) })),
      ),
      currentSilences(table, now),
      table.get([metricCountersKey, sweepHeartbeatKey, ...vendors.map(breakerKey)]),
      viewHeartbeats(table, policy, now),
    ],
  );
  const ids = open.entries.map((entry) => String(entry[indexes.open.sort]));
  const complete = open.complete && firing.complete && due.complete && ids.length <= incidentsRead;
  const active = silences.silences.filter((silence) => silenceStateAt(silence, now) === 'active').length;
  return [
    gauge('tocsin_open_incidents', 'Incidents that are not resolved.', await countIncidents(table, ids)),
    gauge('tocsin_firing_alerts', 'Firing alerts, suppressed ones included.', [{ value: firing.entries.length }]),
    ...measureDue(due.entries, now),
    gauge('tocsin_silences_active', 'Silences that hold alerts back now.', [{ value: active }]),
    gauge(
      'tocsin_breaker_state',
      '1 for the state that the circuit breaker of a vendor is in.',
      measureBreakers(breakers),
    ),
    gauge(
      'tocsin_sweep_heartbeat_age_seconds',
      'Seconds since the sweep last finished.',
      measureHeartbeat(heartbeat, now),
    ),
    gauge(
      'tocsin_heartbeat_up',
      '0 while what must keep arriving is late or missing.',
      heartbeats.map(({ name, state }) => ({
        labels: { name },
        value: state === 'late' || state === 'missing' ? 0 : 1,
      })),
    ),
    gauge('tocsin_metrics_complete', '0 when there was more than one look at the table counts.', [
      { value: complete ? 1 : 0 },
    ]),
    ...measureCounters(counters),
  ];
}

const gauge = (name: string, help: string, samples: MetricFamily['samples']): MetricFamily => ({
  name,
  type: 'gauge',
  help,
  samples,
});

interface Shards {
  readonly entries: readonly Item[];
  readonly complete: boolean;
}

async function readShards(table: Table, queries: readonly IndexQuery[]): Promise<Shards> {
  const shards = await Promise.all(queries.map((query) => readShard(table, query)));
  return { entries: shards.flatMap(({ entries }) => entries), complete: shards.every(({ complete }) => complete) };
}

async function readShard(table: Table, query: IndexQuery): Promise<Shards> {
  const entries: Item[] = [];
  let after: string | null = null;
  for (let read = 0; read < pagesPerShard; read += 1) {
    const page: Awaited<ReturnType<Table['queryIndex']>> = await table.queryIndex({ ...query, after });
    entries.push(...page.items);
    after = page.next;
    if (after === null) break;
  }
  return { entries, complete: after === null };
}

/** A page that has not ended stands in the due index at its deadline or at its lease's end: none is due later than this. */
function latestPageDue({ severities: rows }: MeasureDeps['policy'], now: Instant): Instant {
  const longest = Math.max(...Object.values(rows).map((row) => row.pageDeadlineSeconds));
  return addSeconds(now, longest + 60);
}

/** The index entries do not carry severity and status, so the incidents are read; those just resolved are left out. */
async function countIncidents(table: Table, ids: readonly string[]): Promise<MetricFamily['samples']> {
  const chunks: Promise<Awaited<ReturnType<typeof loadIncidents>>>[] = [];
  for (let start = 0; start < Math.min(ids.length, incidentsRead); start += keysPerRead) {
    chunks.push(loadIncidents(table, ids.slice(start, start + keysPerRead)));
  }
  const incidents = (await Promise.all(chunks)).flat();
  const count = (severity: Severity, status: IncidentStatus) =>
    incidents.filter((each) => each?.severity === severity && each.status === status).length;
  return severities.flatMap((severity) =>
    openStatuses.map((status) => ({ labels: { severity, status }, value: count(severity, status) })),
  );
}

function measureDue(entries: readonly Item[], now: Instant): readonly MetricFamily[] {
  const count = (kind: string) => [{ value: entries.filter((entry) => entry.kind === kind).length }];
  const instants = entries.map((entry) => String(entry[indexes.due.sort])).sort();
  const [oldest = now] = instants;
  const late = Math.max(0, secondsBetween(oldest, now));
  return [
    gauge('tocsin_pages_pending', 'Pages owed that have not ended.', count('page')),
    gauge('tocsin_commits_undispatched', 'Commits whose effects are not all sent.', count('commit')),
    gauge('tocsin_oldest_due_seconds', 'How long the oldest due item waits for the sweep; 0 when none does.', [
      { value: late },
    ]),
  ];
}

const measureBreakers = (items: readonly (Item | null)[]): MetricFamily['samples'] =>
  vendors.flatMap((vendor, index) => {
    const breaker = items[index]?.breaker as unknown as Breaker | undefined;
    const present = breaker?.state ?? 'closed';
    return breakerStates.map((state) => ({ labels: { vendor, state }, value: state === present ? 1 : 0 }));
  });

const measureHeartbeat = (item: Item | null, now: Instant): MetricFamily['samples'] =>
  item === null ? [] : [{ value: Math.max(0, secondsBetween(fromItem(item, 'heartbeat').finishedAt, now)) }];

const counterHelp: Readonly<Record<CounterName, readonly [string, string]>> = {
  incidentsOpened: ['tocsin_incidents_opened_total', 'Incidents opened.'],
  incidentsReopened: ['tocsin_incidents_reopened_total', 'Times that an incident was re-opened.'],
  incidentsAcknowledged: ['tocsin_incidents_acknowledged_total', 'Acknowledgements.'],
  incidentsResolved: ['tocsin_incidents_resolved_total', 'Resolves.'],
  pagesOwed: ['tocsin_pages_owed_total', 'Pages that escalation decided.'],
  pagesHandedOver: ['tocsin_pages_handed_over_total', 'Pages that a vendor took.'],
  pagesCancelled: ['tocsin_pages_cancelled_total', 'Pages not sent, because the incident was taken care of.'],
  fallbackPaged: ['tocsin_fallback_paged_total', 'Pages to the fallback.'],
};

/** A counter that nothing has moved yet is 0, so that a rate can be taken from its first event on. */
const measureCounters = (item: Item | null): readonly MetricFamily[] =>
  Object.entries(counterHelp).map(([attribute, [name, help]]) => ({
    name,
    type: 'counter',
    help,
    samples: [{ value: Number(item?.[attribute] ?? 0) }],
  }));
