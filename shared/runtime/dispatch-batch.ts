import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { assert } from '../kernel/assert.ts';
import { fromItem } from '../store/codec.ts';
import { commitPrefix, metricCountersKey } from '../store/keys.ts';
import type { Item, Key } from '../store/table.ts';
import { countersOf } from '../timeline/counters.ts';
import type { Commit } from '../timeline/events.ts';
import { type DispatchDeps, dispatchCommit } from './dispatch-commit.ts';
import { describeError } from './logger.ts';

/** Incidents that are worked on at the same time; each has a handful of small requests under way. */
const incidentsAtOnce = 8;

interface Entry {
  readonly sequenceNumber: string;
  readonly key: Key;
}

/**
 * Works off one batch of the stream: commits of one incident in order, different incidents side by side. An incident stops
 * at its first failure. The lowest failed sequence number is answered: Lambda brings everything from there again, and what
 * was done is then known by its missing mark. The table is read, not the record's image, so a replay costs one read.
 */
export async function dispatchBatch(
  deps: DispatchDeps,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const entries = records.flatMap(readEntry);
  if (entries.length === 0) return { batchItemFailures: [] };
  const items = await deps.table.get(entries.map((entry) => entry.key));
  const incidents = groupByIncident(entries, items);
  const dispatched: Commit[] = [];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = incidents.shift(); next !== undefined; next = incidents.shift()) {
      const stoppedAt = await dispatchIncident(deps, next, dispatched);
      if (stoppedAt !== null) failed.push(stoppedAt);
    }
  };
  await Promise.all(Array.from({ length: incidentsAtOnce }, work));
  await count(deps, dispatched);
  const lowest = failed.sort(compareSequence)[0];
  return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
}

/** Inserts of commits; the event source filters for them already, and a function's filter may be edited by hand. */
function readEntry(record: DynamoDBRecord): readonly Entry[] {
  const { Keys: keys, SequenceNumber: sequenceNumber } = record.dynamodb ?? {};
  const pk = keys?.pk?.S;
  const sk = keys?.sk?.S;
  if (record.eventName !== 'INSERT' || pk === undefined || !sk?.startsWith(commitPrefix)) return [];
  assert(sequenceNumber, `a stream record of ${pk} ${sk} has no sequence number`);
  return [{ sequenceNumber, key: { pk, sk } }];
}

interface Marked {
  readonly sequenceNumber: string;
  readonly item: Item;
}

/** Only commits that still carry their mark, by incident, in the order of the stream. */
function groupByIncident(entries: readonly Entry[], items: readonly (Item | null)[]): Marked[][] {
  const groups = new Map<string, Marked[]>();
  for (const [index, { sequenceNumber, key }] of entries.entries()) {
    const item = items[index] ?? null;
    if (item === null || item.undispatched !== true) continue;
    const group = groups.get(key.pk);
    if (group === undefined) groups.set(key.pk, [{ sequenceNumber, item }]);
    else group.push({ sequenceNumber, item });
  }
  return [...groups.values()];
}

/** Answers the sequence number of the first failure, or null. */
async function dispatchIncident(
  deps: DispatchDeps,
  marked: readonly Marked[],
  dispatched: Commit[],
): Promise<string | null> {
  for (const { sequenceNumber, item } of marked) {
    try {
      const commit = fromItem(item, 'commit');
      if (await dispatchCommit(deps, commit)) dispatched.push(commit);
    } catch (error) {
      const facts = { pk: item.pk, sk: item.sk, sequenceNumber, error: describeError(error) };
      deps.log.error('a commit could not be dispatched', facts);
      return sequenceNumber;
    }
  }
  return null;
}

/** A crash between dispatch and this loses some counts and nothing else: `/metrics` counts, it does not decide. */
async function count({ table, log }: DispatchDeps, dispatched: readonly Commit[]): Promise<void> {
  const counters = countersOf(dispatched);
  if (Object.keys(counters).length === 0) return;
  try {
    await table.write([{ kind: 'update', key: metricCountersKey, set: { kind: 'counter' }, add: counters }]);
  } catch (error) {
    log.warn('the counters of /metrics miss a batch', { error: describeError(error) });
  }
}

/** Sequence numbers are decimal numbers of up to 40 digits. */
const compareSequence = (a: string, b: string): number =>
  a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : a.length - b.length;
