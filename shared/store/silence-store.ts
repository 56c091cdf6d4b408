import type { Policy } from '../config/policy.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { expiryNoticeAt } from '../silence/expiry-notice.ts';
import type { Silence } from '../silence/silence.ts';
import { expiresAfter, fromItem, toItem } from './codec.ts';
import { sweepGraceSeconds } from './incident-items.ts';
import { dueIndex, silenceKey, silencePartition, silencePrefix, silenceVersionKey } from './keys.ts';
import { queryAll } from './query-all.ts';
import { itemAbsent, type Table, versionIs, type Write } from './table.ts';

/** Silences lie in one partition (10,000 at most), read whole when the version item says that one has changed. */

/** Changes with every write of any silence; 0 before the first. One read a batch tells whether a copy is still good. */
export async function loadSilenceVersion(table: Table): Promise<number> {
  const [item = null] = await table.get([silenceVersionKey]);
  const version = item?.version;
  return typeof version === 'number' ? version : 0;
}

/** Expired ones included until their time to live: an answer to why needs them. */
export async function loadSilences(table: Table): Promise<readonly Silence[]> {
  const items = await queryAll(table, { pk: silencePartition, skPrefix: silencePrefix });
  return items.map((item) => fromItem(item, 'silence'));
}

/** In the order of the ids; null where there is none. */
export async function loadSilencesById(table: Table, ids: readonly string[]): Promise<readonly (Silence | null)[]> {
  if (ids.length === 0) return [];
  const items = await table.get(ids.map(silenceKey));
  return items.map((item) => (item ? fromItem(item, 'silence') : null));
}

export async function loadSilence(table: Table, silenceId: string): Promise<Silence | null> {
  const [item = null] = await table.get([silenceKey(silenceId)]);
  return item ? fromItem(item, 'silence') : null;
}

/**
 * The instants at which alerts must be judged again because of a silence: its start and its end, and one look 60 s after
 * it was written and after it began. At those moments an alert may be decided without it: by a clock that is seconds
 * behind, or when it has just begun to fire and the index does not show it yet.
 */
const rejudgeInstants = ({ startsAt, updatedAt, endsAt }: Silence): readonly Instant[] => [
  startsAt,
  addSeconds(startsAt, sweepGraceSeconds),
  addSeconds(updatedAt, sweepGraceSeconds),
  endsAt,
];

/** Was there such an instant between two looks? `since` belongs to it. */
export const isRejudgeDue = (silence: Silence, since: Instant, now: Instant): boolean =>
  rejudgeInstants(silence).some((instant) => instant >= since && instant <= now);

/** A silence that ends with its alert holds nothing back once that has resolved; it is ended in the store so much later at most. */
const resolvedLookSeconds = 600;

/** The next instant at which the sweep must look, after it has looked; undefined: never again. */
function nextLook(silence: Silence, lookedAt: Instant): Instant | undefined {
  const notice = expiryNoticeAt(silence);
  const resolved = silence.untilResolved === undefined ? null : addSeconds(lookedAt, resolvedLookSeconds);
  const beforeItsEnd = [notice, resolved].filter((instant) => instant !== null && instant < silence.endsAt);
  const instants = [...rejudgeInstants(silence), ...beforeItsEnd].filter((instant) => instant !== null);
  return instants.filter((instant) => instant > lookedAt).sort()[0];
}

/** A silence as it was read (null: it is new) and as it shall be. */
export interface SilenceChange {
  readonly before: Silence | null;
  readonly after: Silence;
}

/**
 * Writes silences and the version item in one transaction: a change of matchers is one silence that ends and another that
 * begins. The writer asks for the judging again at once (`requestRejudge`); the sweep's first look is the next instant.
 * @throws ConditionFailed when somebody changed one since
 */
export async function saveSilences(
  table: Table,
  changes: readonly SilenceChange[],
  policy: Pick<Policy, 'retentionDays'>,
): Promise<void> {
  await table.write([
    ...changes.map(({ before, after }) => silenceWrite(before, after, after.updatedAt, policy)),
    { kind: 'update', key: silenceVersionKey, add: { version: 1 } },
  ]);
}

export const saveSilence = (
  table: Table,
  before: Silence | null,
  after: Silence,
  policy: Pick<Policy, 'retentionDays'>,
): Promise<void> => saveSilences(table, [{ before, after }], policy);

/** The sweep has asked for all that was due up to `lookedAt`: on to the next instant, without a new version for readers. */
export async function saveSilenceLookedAt(
  table: Table,
  silence: Silence,
  lookedAt: Instant,
  policy: Pick<Policy, 'retentionDays'>,
): Promise<void> {
  await table.write([silenceWrite(silence, silence, lookedAt, policy)]);
}

/** Who was told of its end. Without a new version of the silences: nothing is judged otherwise for it. */
export async function saveSilenceTold(
  table: Table,
  silence: Silence,
  expiryTold: NonNullable<Silence['expiryTold']>,
  policy: Pick<Policy, 'retentionDays'>,
): Promise<void> {
  const after = { ...silence, version: silence.version + 1, expiryTold };
  await table.write([silenceWrite(silence, after, expiryTold.at, policy)]);
}

function silenceWrite(
  before: Silence | null,
  after: Silence,
  lookedAt: Instant,
  { retentionDays }: Pick<Policy, 'retentionDays'>,
): Write {
  const next = nextLook(after, lookedAt);
  return {
    kind: 'put',
    item: toItem(silenceKey(after.id), 'silence', after, {
      ...(next === undefined ? {} : dueIndex(after.id, next)),
      ...expiresAfter(after.endsAt, retentionDays),
    }),
    condition: before === null ? itemAbsent : versionIs(before.version),
  };
}
