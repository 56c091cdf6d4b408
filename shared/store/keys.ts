import { hashOf, shardOf } from '../kernel/hash.ts';
import type { PageId } from '../notification/page.ts';
import type { Key } from './table.ts';

/** The only place with key strings; KEYS.md documents each, and the table of infra/ is made from these names. */
export const tableKeys = { partition: 'pk', sort: 'sk', timeToLive: 'expiresAtEpochSeconds' } as const;

/** Sparse indexes. Sharded, so that no partition is hot; they carry no attribute that changes per alert. */
export const indexes = {
  /** What is open: incidents and firing alerts. */
  open: { name: 'open', partition: 'openShard', sort: 'openSort', projected: ['kind'] },
  /** What must be looked at from an instant on: the sweep's work list. */
  due: { name: 'due', partition: 'dueShard', sort: 'dueAt', projected: ['kind'] },
} as const;

export const shardCount = 16;
const shard = (id: string) => String(shardOf(id, shardCount)).padStart(2, '0');
export const allShards: readonly string[] = Array.from({ length: shardCount }, (_, i) => String(i).padStart(2, '0'));

/** What an item is; stored as `kind`, so that an index entry says what to do with it. */
export type ItemKind =
  | 'incident'
  | 'incident pointer'
  | 'incident number'
  | 'commit'
  | 'page'
  | 'lane state'
  | 'alert'
  | 'intake'
  | 'group'
  | 'inhibitor'
  | 'group wait'
  | 'silence'
  | 'silence version'
  | 'person page'
  | 'shift'
  | 'coverage'
  | 'override'
  | 'override version'
  | 'quarantine'
  | 'rate limit'
  | 'breaker'
  | 'counter'
  | 'heartbeat'
  | 'watched heartbeat'
  | 'status page';

export const openIncidents = (shardName: string) => `OPEN-INCIDENT#${shardName}`;
export const firingAlerts = (shardName: string) => `FIRING-ALERT#${shardName}`;
export const dueShardOf = (id: string) => `DUE#${shard(id)}`;
export const dueShards: readonly string[] = allShards.map((name) => `DUE#${name}`);

export const openIncidentIndex = (incidentId: string) => ({
  openShard: openIncidents(shard(incidentId)),
  openSort: incidentId,
});
export const firingAlertIndex = (source: string, fingerprint: string) => ({
  openShard: firingAlerts(shard(fingerprint)),
  openSort: `${source}#${fingerprint}`,
});
export const dueIndex = (id: string, dueAt: string) => ({ dueShard: dueShardOf(id), dueAt });

const version10 = (version: number) => String(version).padStart(10, '0');

export const incidentPartition = (incidentId: string) => `INCIDENT#${incidentId}`;
export const incidentKeyOf = (incidentId: string): Key => ({ pk: incidentPartition(incidentId), sk: 'STATE' });
/** State commits sort by version; page outcomes (with a part) sort behind the version that they saw. */
export const commitKey = (incidentId: string, version: number, part: string): Key => ({
  pk: incidentPartition(incidentId),
  sk: `COMMIT#${version10(version)}#${part}`,
});
export const commitPrefix = 'COMMIT#';
export const pageKey = (page: PageId): Key => ({
  pk: incidentPartition(page.incidentId),
  sk: `PAGE#${version10(page.generation)}#${version10(page.step)}#${version10(page.round)}#${page.target}`,
});
export const pagePrefix = 'PAGE#';
/** What a lane has shown of an incident: message ids, versions, dedup keys. */
export const laneStateKey = (incidentId: string, lane: 'slack' | 'pagerduty' | 'status'): Key => ({
  pk: incidentPartition(incidentId),
  sk: `LANE#${lane}`,
});
/** Decides who opens: at most one open incident per incident key. */
export const incidentPointerKey = (incidentKey: string): Key => ({ pk: `OPEN#${hashOf(incidentKey)}`, sk: 'POINTER' });
export const incidentNumberKey = (number: number): Key => ({ pk: `NUMBER#${number}`, sk: 'INCIDENT' });

export const alertPartition = (source: string, fingerprint: string) => `ALERT#${source}#${fingerprint}`;
export const alertKey = (source: string, fingerprint: string): Key => ({
  pk: alertPartition(source, fingerprint),
  sk: 'STATE',
});
export const intakeKey = (source: string, fingerprint: string, at: string, changeId: string): Key => ({
  pk: alertPartition(source, fingerprint),
  sk: `INTAKE#${at}#${changeId}`,
});
export const intakePrefix = 'INTAKE#';
export const groupIdOf = (source: string, receiver: string, groupKey: string) => hashOf(source, receiver, groupKey);
export const groupKeyOf = (groupId: string): Key => ({ pk: `GROUP#${groupId}`, sk: 'STATE' });
/** Posted alerts that wait to be told together; by the incident key, since that is where they meet. */
export const groupWaitKey = (incidentKey: string): Key => ({ pk: `GROUP-WAIT#${hashOf(incidentKey)}`, sk: 'STATE' });

/** Alerts that fire and inhibit what looks into the place; those that match one side of the rule sort first. */
export const inhibitorPartition = (place: string) => `INHIBITORS#${place}`;
export const inhibitorKey = (place: string, sides: 'one' | 'two', source: string, fingerprint: string): Key => ({
  pk: inhibitorPartition(place),
  sk: `${sides === 'one' ? 'ONE-SIDE' : 'TWO-SIDES'}#${source}#${fingerprint}`,
});

export const silencePartition = 'SILENCES';
export const silenceKey = (silenceId: string): Key => ({ pk: silencePartition, sk: `SILENCE#${silenceId}` });
export const silencePrefix = 'SILENCE#';
export const silenceVersionKey: Key = { pk: 'SILENCE-VERSION', sk: 'VERSION' };

/** Pages that were handed over to a person, in the order in which that was. */
export const personPartition = (person: string) => `PERSON#${person}`;
export const personPageKey = (person: string, at: string, page: PageId): Key => ({
  pk: personPartition(person),
  sk: `${personPagesFrom(at)}#${page.incidentId}#${page.generation}#${page.step}#${page.round}#${page.target}`,
});
/** Sort keys of a person's pages from an instant on are not before it. */
export const personPagesFrom = (at: string) => `PAGE#${at}`;

/** What the sweep last found of the schedules: one partition, read whole. */
export const schedulePartition = 'SCHEDULES';
export const shiftKey = (schedule: string): Key => ({ pk: schedulePartition, sk: `SHIFT#${schedule}` });
export const coverageKey = (schedule: string): Key => ({ pk: schedulePartition, sk: `COVERAGE#${schedule}` });

/** Overrides sort by their end, so that one query finds what has not ended. */
export const overridePartition = 'OVERRIDES';
export const overrideKey = (endsAt: string, overrideId: string): Key => ({
  pk: overridePartition,
  sk: `${endsAt}#${overrideId}`,
});
/** Sorts behind every instant. */
export const overrideVersionKey: Key = { pk: overridePartition, sk: 'VERSION' };

export const quarantinePartition = (source: string) => `QUARANTINE#${source}`;
export const quarantineKey = (source: string, at: string, id: string): Key => ({
  pk: quarantinePartition(source),
  sk: `${at}#${id}`,
});

export const rateLimitKey = (vendor: string, bucket: string): Key => ({ pk: `RATE#${vendor}#${bucket}`, sk: 'LIMIT' });
export const breakerKey = (vendor: string): Key => ({ pk: `BREAKER#${vendor}`, sk: 'STATE' });
export const incidentCounterKey: Key = { pk: 'COUNTER#incident-number', sk: 'COUNTER' };
export const metricCountersKey: Key = { pk: 'COUNTER#metrics', sk: 'COUNTER' };
export const sweepHeartbeatKey: Key = { pk: 'HEARTBEAT#sweep', sk: 'STATE' };
/** What must keep arriving, by its name in the policy file: one partition, read whole. */
export const watchedHeartbeatPartition = 'WATCHED-HEARTBEATS';
export const watchedHeartbeatKey = (name: string): Key => ({
  pk: watchedHeartbeatPartition,
  sk: `HEARTBEAT#${name}`,
});
export const watchedHeartbeatPrefix = 'HEARTBEAT#';
/** The public page: its name, its components, and which incidents stand on it. */
export const statusPageKey: Key = { pk: 'STATUS-PAGE', sk: 'STATE' };
