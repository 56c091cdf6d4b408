import type { AlertRecord, GroupRecord, IntakeRow } from '../alert/alert.ts';
import type { GroupWait } from '../alert/group-wait.ts';
import type { HeartbeatRecord } from '../heartbeat/heartbeat.ts';
import type { Incident } from '../incident/incident.ts';
import { assert } from '../kernel/assert.ts';
import { addSeconds, type Instant, toEpochSeconds } from '../kernel/instant.ts';
import type { PageRow } from '../notification/page.ts';
import type { CoverageRecord } from '../on-call/coverage-look.ts';
import type { ShiftRecord } from '../on-call/hand-off.ts';
import type { Override } from '../on-call/override.ts';
import type { PersonPage } from '../on-call/person-page.ts';
import type { Inhibitor } from '../route/inhibition.ts';
import type { Silence } from '../silence/silence.ts';
import type { Commit } from '../timeline/events.ts';
import { type ItemKind, indexes, tableKeys } from './keys.ts';
import type { AttributeValue, Item, Key } from './table.ts';

/** What the pointer of an incident key says: who owns the key, and until when a refire re-opens it. */
export interface IncidentPointer {
  readonly schema: 1;
  readonly incidentId: string;
  readonly incidentNumber: number;
  readonly state: 'open' | 'resolved';
  /** Null while open: an open incident takes every alert of its key. */
  readonly reopenUntil: Instant | null;
}

/** A malformed alert inside a good request, kept with its reason for operators. */
export interface QuarantinedItem {
  readonly schema: 1;
  /** Its row of the intake ledger is this item itself: it may have no fingerprint to stand under. */
  readonly outcome: 'quarantined';
  readonly source: string;
  readonly at: Instant;
  readonly messageId: string;
  readonly groupKey: string;
  readonly reason: string;
  /** What arrived, shortened. */
  readonly text: string;
}

export interface SweepHeartbeat {
  readonly schema: 1;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  /** False when time ran out or an item failed: the next minute goes on. */
  readonly complete: boolean;
  /** Hash of the policy file that the status page was last written for. Absent before it ever was. */
  readonly statusPageFor?: string;
}

/** The stored shape of each kind: an item is its key, its index attributes and exactly this. */
interface StoredKinds {
  readonly incident: Incident;
  readonly 'incident pointer': IncidentPointer;
  readonly 'incident number': { readonly schema: 1; readonly incidentId: string; readonly number: number };
  readonly commit: Commit;
  readonly page: PageRow;
  readonly alert: AlertRecord;
  readonly intake: IntakeRow;
  readonly group: GroupRecord;
  readonly inhibitor: Inhibitor & { readonly schema: 1 };
  readonly 'group wait': GroupWait;
  readonly silence: Silence;
  readonly 'person page': PersonPage;
  readonly shift: ShiftRecord;
  readonly coverage: CoverageRecord;
  readonly override: Override;
  readonly quarantine: QuarantinedItem;
  readonly heartbeat: SweepHeartbeat;
  readonly 'watched heartbeat': HeartbeatRecord;
}
export type StoredKind = keyof StoredKinds & ItemKind;

/** Attributes of the item that are not of the thing: keys, indexes, clean-up, and the mark of a commit not yet dispatched. */
const strippedAttributes: ReadonlySet<string> = new Set([
  tableKeys.partition,
  tableKeys.sort,
  tableKeys.timeToLive,
  indexes.open.partition,
  indexes.open.sort,
  indexes.due.partition,
  indexes.due.sort,
  'kind',
  'undispatched',
]);

/** The sort key of the due index is named as this field of an incident, and is another instant: so the field moves aside. */
const movedField = { field: 'dueAt', attribute: 'timerDueAt' } as const;

type ItemAttributes = { readonly [name: string]: AttributeValue | undefined };

export function toItem<K extends StoredKind>(
  key: Key,
  kind: K,
  stored: StoredKinds[K],
  indexAttributes: ItemAttributes = {},
): Item {
  const fields = { ...stored } as unknown as Record<string, AttributeValue>;
  const moved = fields[movedField.field];
  if (moved !== undefined) {
    delete fields[movedField.field];
    fields[movedField.attribute] = moved;
  }
  return { ...fields, ...indexAttributes, ...key, kind };
}

/** @throws InvariantError when the item is of another kind or of a later schema than this code knows */
export function fromItem<K extends StoredKind>(item: Item, kind: K): StoredKinds[K] {
  assert(item.kind === kind, `item ${item.pk} ${item.sk} is a ${item.kind}, not a ${kind}`);
  assert(item.schema === 1, `item ${item.pk} ${item.sk} has schema ${item.schema}, this code reads 1`);
  const fields: Record<string, AttributeValue | undefined> = {};
  for (const [name, value] of Object.entries(item)) {
    if (!strippedAttributes.has(name)) fields[name === movedField.attribute ? movedField.field : name] = value;
  }
  return fields as unknown as StoredKinds[K];
}

/** Time to live, which only cleans up: whatever asks whether a thing has ended compares instants. */
export const expiresAfter = (at: Instant, days: number): { readonly expiresAtEpochSeconds: number } => ({
  [tableKeys.timeToLive]: toEpochSeconds(addSeconds(at, days * 86_400)),
});
