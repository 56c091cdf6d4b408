import type { Policy } from '#shared/config/policy.ts';
import type { InhibitRule } from '#shared/route/inhibit-rule.ts';
import type { MemoryTableOptions } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';
import { anAlert, aResolved, aWebhook, IngestWorld, ingestPolicy, type WireAlert } from './ingest-world.ts';

/** A cluster that is down inhibits what warns of one of its instances. */
export const clusterRule: InhibitRule = {
  name: 'cluster down',
  sourceMatchers: [{ name: 'alertname', operator: '=', value: 'ClusterDown' }],
  targetMatchers: [{ name: 'severity', operator: '=', value: 'warning' }],
  equal: ['cluster'],
};

export function worldWith(
  policy: Partial<Policy>,
  options: MemoryTableOptions = {},
  wrap: (table: Table) => Table = (table) => table,
): IngestWorld {
  const world = new IngestWorld(options, wrap);
  Object.assign(world.deps, { policy: { ...ingestPolicy, ...policy } });
  return world;
}

export const down = (cluster: string, zone = 'a'): WireAlert =>
  anAlert(cluster, { labels: { alertname: 'ClusterDown', severity: 'critical', cluster, zone } });
export const slow = (instance: string, cluster = 'north'): WireAlert =>
  anAlert(instance, { labels: { alertname: 'Slow', severity: 'warning', instance, cluster } });

const groupOf = ({ labels }: WireAlert) => ({ groupKey: `{}:{alertname="${labels.alertname}"}` });

/** Each alert in its own group, as a tree that groups by alert name would send it. */
export const fires = (world: IngestWorld, alert: WireAlert): Promise<void> =>
  world.receive(aWebhook([{ ...alert, startsAt: world.clock.now() }], groupOf(alert)));
export const ends = (world: IngestWorld, alert: WireAlert): Promise<void> =>
  world.receive(aWebhook([aResolved(alert, world.clock.now())], { ...groupOf(alert), truncatedAlerts: 1 }));

/** The sweep finds what is due and ingest carries it out. */
export async function sweep(world: IngestWorld, seconds: number): Promise<void> {
  world.clock.advance(seconds);
  await world.sweep();
  await world.drain();
}
