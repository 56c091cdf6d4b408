import type { Policy } from '../config/policy.ts';
import type { Instant } from '../kernel/instant.ts';
import type { CoverageRecord } from '../on-call/coverage-look.ts';
import type { ShiftRecord } from '../on-call/hand-off.ts';
import { expiresAfter, fromItem, toItem } from './codec.ts';
import { coverageKey, schedulePartition, shiftKey } from './keys.ts';
import { queryAll } from './query-all.ts';
import { type Condition, itemAbsent, type Table, versionIs, when } from './table.ts';

/** What the sweep last found of every schedule, by name. */
export interface ScheduleStates {
  readonly shifts: ReadonlyMap<string, ShiftRecord>;
  readonly coverage: ReadonlyMap<string, CoverageRecord>;
}

type Retention = Pick<Policy, 'retentionDays'>;

/** One query for all schedules. */
export async function loadScheduleStates(table: Table): Promise<ScheduleStates> {
  const items = await queryAll(table, { pk: schedulePartition });
  const shifts = items.filter(({ kind }) => kind === 'shift').map((item) => fromItem(item, 'shift'));
  const coverage = items.filter(({ kind }) => kind === 'coverage').map((item) => fromItem(item, 'coverage'));
  return {
    shifts: new Map(shifts.map((record) => [record.schedule, record])),
    coverage: new Map(coverage.map((record) => [record.schedule, record])),
  };
}

export async function loadShift(table: Table, schedule: string): Promise<ShiftRecord | null> {
  const [item = null] = await table.get([shiftKey(schedule)]);
  return item === null ? null : fromItem(item, 'shift');
}

/** The sweep's part. @throws ConditionFailed when another run of the sweep was there first */
export async function saveShift(
  table: Table,
  before: ShiftRecord | null,
  after: ShiftRecord,
  { retentionDays }: Retention,
): Promise<void> {
  const expiry = after.removedAt === null ? {} : expiresAfter(after.removedAt, retentionDays);
  const item = toItem(shiftKey(after.schedule), 'shift', after, expiry);
  await table.write([{ kind: 'put', item, condition: isAsRead(before) }]);
}

/** The lane was asked to tell the change. @throws ConditionFailed when the shift has changed again */
export async function saveShiftAsked(table: Table, { schedule, since }: ShiftRecord): Promise<void> {
  const condition = when({ attribute: 'since', is: '=', value: since });
  await table.write([{ kind: 'update', key: shiftKey(schedule), remove: ['untold'], condition }]);
}

/** The lane's part: what became of its telling. */
export type Telling = { readonly triedUntil: Instant } | { readonly toldAt: Instant } | 'not tried';

/** @throws ConditionFailed when the shift has changed again, or somebody else tries meanwhile */
export async function saveTelling(table: Table, seen: ShiftRecord, telling: Telling): Promise<void> {
  const { schedule, since, triedUntil } = seen;
  const condition = when(
    { attribute: 'since', is: '=', value: since },
    triedUntil === undefined
      ? { attribute: 'triedUntil', is: 'absent' }
      : { attribute: 'triedUntil', is: '=', value: triedUntil },
  );
  const change = telling === 'not tried' ? { remove: ['triedUntil'] } : { set: telling };
  await table.write([{ kind: 'update', key: shiftKey(schedule), ...change, condition }]);
}

/** @throws ConditionFailed when another run of the sweep was there first */
export async function saveCoverage(
  table: Table,
  before: CoverageRecord | null,
  after: CoverageRecord,
  { retentionDays }: Retention,
): Promise<void> {
  const item = toItem(coverageKey(after.schedule), 'coverage', after, expiresAfter(after.lookedAt, retentionDays));
  await table.write([{ kind: 'put', item, condition: isAsRead(before) }]);
}

const isAsRead = (before: { readonly version: number } | null): Condition =>
  before === null ? itemAbsent : versionIs(before.version);
