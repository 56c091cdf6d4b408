import { describe, expect, it } from 'vitest';
import { addMillis, type Instant } from '#shared/kernel/instant.ts';
import type { CallClass } from '#shared/notification/rate-limit.ts';
import { makeMemoryTable } from '#shared/store/memory-table.ts';
import { type Bucket, bucketKey, holdStoredSlots, takeStoredSlot } from '#shared/store/rate-limit-store.ts';
import { ConditionFailed, type Table } from '#shared/store/table.ts';

const now: Instant = '2026-03-02T10:00:00.000Z';
const channel = { call: 'slack post', name: 'C1' } as const;

/** Reads the bucket and takes a slot of it, as a notifier does. */
async function take(table: Table, bucket: Bucket, at: Instant, callClass: CallClass) {
  const [item = null] = await table.get([bucketKey(bucket)]);
  return takeStoredSlot(table, { bucket, item }, at, callClass);
}

describe('the stored rate limit of a bucket', () => {
  it('lets one update a second into a channel, whoever sends it', async () => {
    const table = makeMemoryTable();

    const slots = [];
    for (let each = 0; each < 3; each += 1) slots.push(await take(table, channel, now, 'update'));

    expect(slots.map((slot) => slot.slot)).toEqual(['taken', 'wait', 'wait']);
    expect(await take(table, channel, addMillis(now, 1_000), 'update')).toMatchObject({ slot: 'taken' });
  });

  it('lets pages ahead of two hundred waiting updates', async () => {
    const table = makeMemoryTable();
    for (let each = 0; each < 200; each += 1) await take(table, channel, now, 'update');

    const pages = [];
    for (let each = 0; each < 4; each += 1) pages.push(await take(table, channel, now, 'page'));

    expect(pages.map((slot) => slot.slot)).toEqual(['taken', 'taken', 'taken', 'wait']);
  });

  it('keeps channels apart', async () => {
    const table = makeMemoryTable();
    await take(table, channel, now, 'update');

    expect(await take(table, { ...channel, name: 'C2' }, now, 'update')).toMatchObject({ slot: 'taken' });
  });

  it('grants no slot twice when two notifiers take one at the same time', async () => {
    const table = makeMemoryTable();

    const slots = await Promise.all([take(table, channel, now, 'update'), take(table, channel, now, 'update')]);

    expect(slots.map((slot) => slot.slot).sort()).toEqual(['taken', 'wait']);
  });

  it('waits instead of fighting for a bucket that others keep changing', async () => {
    const table = makeMemoryTable({
      inject: ({ name, moment }) =>
        name === 'write' && moment === 'before' ? new ConditionFailed([{ index: 0, item: null }]) : null,
    });

    expect(await take(table, channel, now, 'page')).toEqual({ slot: 'wait', millis: 1_000 });
  });

  it('holds the whole bucket, pages included, for as long as the vendor asked', async () => {
    const table = makeMemoryTable();
    await holdStoredSlots(table, channel, now, 20);

    expect(await take(table, channel, addMillis(now, 5_000), 'page')).toEqual({
      slot: 'wait',
      millis: 15_000,
    });
  });
});
