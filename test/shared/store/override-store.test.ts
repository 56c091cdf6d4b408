import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { makeMemoryTable } from '#shared/store/memory-table.ts';
import { loadOverrideBook, loadOverrides, saveOverrides } from '#shared/store/override-store.ts';
import { ConditionFailed, type PartitionQuery } from '#shared/store/table.ts';
import { anOverride, aSchedule, carol } from '#test/support/on-call-kit.ts';

const policy = { retentionDays: 30, schedules: { primary: aSchedule() } };
const evening = anOverride();
const night = anOverride({ id: 'override-2', startsAt: evening.endsAt, endsAt: addSeconds(evening.endsAt, 3_600) });
const noon = '2026-03-02T12:00:00.000Z';

async function withBoth() {
  const table = makeMemoryTable();
  await saveOverrides(table, { version: 0 }, [night, evening], policy);
  return table;
}

describe('stored overrides', () => {
  it('are read until they end, and not at their end', async () => {
    const table = await withBoth();

    expect(await loadOverrideBook(table, noon)).toEqual({ overrides: [evening, night], version: 1 });
    expect(await loadOverrides(table, policy, addSeconds(evening.endsAt, -0.001))).toEqual([evening, night]);
    expect(await loadOverrides(table, policy, evening.endsAt)).toEqual([night]);
    expect(await loadOverrideBook(table, night.endsAt)).toEqual({ overrides: [], version: 1 });
  });

  it('cost a policy without schedules no request', async () => {
    const table = await withBoth();
    const queries: PartitionQuery[] = [];
    const counting = {
      ...table,
      query: (query: PartitionQuery) => {
        queries.push(query);
        return table.query(query);
      },
    };

    expect(await loadOverrides(counting, { schedules: {} }, noon)).toEqual([]);
    expect(queries).toEqual([]);
    expect(await loadOverrides(counting, policy, noon)).toEqual([evening, night]);
    expect(queries).toHaveLength(1);
  });

  it('stay when they are cancelled: who was on call before that is still known', async () => {
    const table = await withBoth();
    const cancelled = { ...evening, version: 2, cancelledAt: noon, cancelledBy: carol };

    await saveOverrides(table, { version: 1 }, [cancelled], policy);

    expect(await loadOverrideBook(table, noon)).toEqual({ overrides: [cancelled, night], version: 2 });
  });

  it('are not saved by who has not seen them all', async () => {
    const table = await withBoth();
    const third = anOverride({ id: 'override-3' });

    await expect(saveOverrides(table, { version: 0 }, [third], policy)).rejects.toThrow(ConditionFailed);
    await expect(saveOverrides(table, { version: 1 }, [evening], policy)).rejects.toThrow(ConditionFailed);

    expect(await loadOverrideBook(table, noon)).toEqual({ overrides: [evening, night], version: 1 });
  });

  it('are cleaned up when nobody asks any more who was on call', async () => {
    const table = await withBoth();

    expect(table.allItems().map(({ sk, expiresAtEpochSeconds: at }) => [sk, at])).toEqual([
      ['2026-03-02T22:00:00.000Z#override-1', Date.parse('2026-04-01T22:00:00Z') / 1000],
      ['2026-03-02T23:00:00.000Z#override-2', Date.parse('2026-04-01T23:00:00Z') / 1000],
      ['VERSION', undefined],
    ]);
  });
});
