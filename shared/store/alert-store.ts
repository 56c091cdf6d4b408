import type { AlertId, AlertRecord, GroupRecord, IntakeRow } from '../alert/alert.ts';
import { flapsOf } from '../alert/flapping.ts';
import type { Policy } from '../config/policy.ts';
import { expiresAfter, fromItem, type QuarantinedItem, toItem } from './codec.ts';
import {
  alertKey,
  alertPartition,
  dueIndex,
  firingAlertIndex,
  groupKeyOf,
  intakeKey,
  intakePrefix,
  quarantineKey,
  quarantinePartition,
} from './keys.ts';
import { queryAll } from './query-all.ts';
import { type Condition, itemAbsent, type Table, versionIs, type Write } from './table.ts';

/** Alerts, groups, and the intake ledger. Reads are strongly consistent; every write is conditional. */

export interface GroupWithAlerts {
  readonly group: GroupRecord | null;
  /** In the order of the ids; null for an alert never seen. */
  readonly alerts: readonly (AlertRecord | null)[];
}

/** All that a repeated webhook reads. */
export async function loadGroupWithAlerts(
  table: Table,
  groupId: string,
  ids: readonly AlertId[],
): Promise<GroupWithAlerts> {
  const [group = null, ...alerts] = await table.get([
    groupKeyOf(groupId),
    ...ids.map(({ source, fingerprint }) => alertKey(source, fingerprint)),
  ]);
  return {
    group: group ? fromItem(group, 'group') : null,
    alerts: alerts.map((item) => (item ? fromItem(item, 'alert') : null)),
  };
}

export async function loadAlerts(table: Table, ids: readonly AlertId[]): Promise<readonly (AlertRecord | null)[]> {
  if (ids.length === 0) return [];
  const items = await table.get(ids.map(({ source, fingerprint }) => alertKey(source, fingerprint)));
  return items.map((item) => (item ? fromItem(item, 'alert') : null));
}

export async function loadGroup(table: Table, groupId: string): Promise<GroupRecord | null> {
  const { group } = await loadGroupWithAlerts(table, groupId, []);
  return group;
}

/** What became of each accepted change of one alert, oldest first. */
export async function loadIntake(table: Table, { source, fingerprint }: AlertId): Promise<readonly IntakeRow[]> {
  const items = await queryAll(table, { pk: alertPartition(source, fingerprint), skPrefix: intakePrefix });
  return items.map((item) => fromItem(item, 'intake'));
}

/** The newest first, at most `limit`. */
export async function loadQuarantined(
  table: Table,
  source: string,
  limit: number,
): Promise<readonly QuarantinedItem[]> {
  const page = await table.query({ pk: quarantinePartition(source), newestFirst: true, limit });
  return page.items.map((item) => fromItem(item, 'quarantine'));
}

const unchangedSince = (before: { readonly version: number } | null): Condition =>
  before === null ? itemAbsent : versionIs(before.version);

type Retention = Pick<Policy, 'retentionDays'>;

/**
 * Firing alerts stand in the open index and never expire. A suppressed one is judged again when its suppression ends, and a
 * posted one ends with its lease: it is due at the first of both.
 */
export function alertWrite(before: AlertRecord | null, after: AlertRecord, { retentionDays }: Retention): Write {
  const { source, fingerprint } = after;
  const attributes =
    after.status === 'firing'
      ? {
          ...firingAlertIndex(source, fingerprint),
          ...dueIndexOf(after),
        }
      : expiresAfter(after.changedAt, retentionDays);
  return {
    kind: 'put',
    item: toItem(alertKey(source, fingerprint), 'alert', after, attributes),
    condition: unchangedSince(before),
  };
}

/** Judged again when its suppression ends, and when an alert that flaps should be calm; and a posted one ends with its lease. */
function dueIndexOf(alert: AlertRecord) {
  const due = [alert.suppressedBy?.until, alert.mutedUntil, flapsOf(alert)?.calmAt, alert.leaseUntil]
    .flatMap((at) => at ?? [])
    .sort();
  return due[0] === undefined ? {} : dueIndex(alert.fingerprint, due[0]);
}

/** A group with firing members is due when its lease is over; an empty one only waits for its clean-up. */
export function groupWrite(before: GroupRecord | null, after: GroupRecord, { retentionDays }: Retention): Write {
  const attributes =
    after.members.length > 0 ? dueIndex(after.groupId, after.leaseUntil) : expiresAfter(after.seenAt, retentionDays);
  return {
    kind: 'put',
    item: toItem(groupKeyOf(after.groupId), 'group', after, attributes),
    condition: unchangedSince(before),
  };
}

/**
 * A row of the intake ledger. Its key is the same on each redelivery, so a repeated put says the same once more; the
 * alert's version, in the same transaction, keeps a change from being decided twice.
 */
export const intakeWrite = (row: IntakeRow, { retentionDays }: Retention): Write => ({
  kind: 'put',
  item: toItem(
    intakeKey(row.source, row.fingerprint, row.at, row.changeId),
    'intake',
    row,
    expiresAfter(row.at, retentionDays),
  ),
});

export const quarantineWrite = (id: string, quarantined: QuarantinedItem, { retentionDays }: Retention): Write => ({
  kind: 'put',
  item: toItem(
    quarantineKey(quarantined.source, quarantined.at, id),
    'quarantine',
    quarantined,
    expiresAfter(quarantined.at, retentionDays),
  ),
});
