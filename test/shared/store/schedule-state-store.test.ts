import { describe, expect, it } from 'vitest';
import type { ShiftRecord } from '#shared/on-call/hand-off.ts';
import { makeMemoryTable } from '#shared/store/memory-table.ts';
import {
  loadScheduleStates,
  loadShift,
  saveShift,
  saveShiftAsked,
  saveTelling,
} from '#shared/store/schedule-state-store.ts';
import { ConditionFailed } from '#shared/store/table.ts';
import { at } from '#test/support/decision-builders.ts';

const retention = { retentionDays: 400 };
const bob: ShiftRecord = {
  schema: 1,
  version: 1,
  schedule: 'primary',
  onCall: { person: 'bob', by: { kind: 'layer', layer: 'days' } },
  since: at(0),
  from: { person: 'alice', since: at(-86_400) },
  untold: true,
  removedAt: null,
};

async function stored() {
  const table = makeMemoryTable();
  await saveShift(table, null, bob, retention);
  return table;
}

describe('what is stored of a shift', () => {
  it('is changed by one of two sweeps that see the same', async () => {
    const table = await stored();
    const next = { ...bob, version: 2, since: at(60) };
    await saveShift(table, bob, next, retention);
    await expect(saveShift(table, bob, next, retention)).rejects.toThrow(ConditionFailed);
    expect((await loadScheduleStates(table)).shifts.get('primary')).toEqual(next);
  });

  it('is tried by one of two lanes that have read the same', async () => {
    const table = await stored();
    await saveTelling(table, bob, { triedUntil: at(30) });
    await expect(saveTelling(table, bob, { triedUntil: at(31) })).rejects.toThrow(ConditionFailed);
    const tried = { ...bob, triedUntil: at(30) };
    await saveTelling(table, tried, { triedUntil: at(60) });
    await expect(saveTelling(table, tried, { toldAt: at(61) })).rejects.toThrow(ConditionFailed);
  });

  it('takes in what the lane and the sweep say side by side, and forgets both with the next change', async () => {
    const table = await stored();
    await saveTelling(table, bob, { triedUntil: at(30) });
    await saveShiftAsked(table, bob);
    await saveTelling(table, { ...bob, triedUntil: at(30) }, { toldAt: at(2) });
    const { untold: _, ...asked } = bob;
    expect(await loadShift(table, 'primary')).toEqual({ ...asked, triedUntil: at(30), toldAt: at(2) });

    const next = { ...bob, version: 2, since: at(60) };
    await saveShift(table, bob, next, retention);
    expect(await loadShift(table, 'primary')).toEqual(next);
    await expect(saveShiftAsked(table, bob)).rejects.toThrow(ConditionFailed);
    await expect(saveTelling(table, bob, { toldAt: at(61) })).rejects.toThrow(ConditionFailed);
  });

  it('is given back by a lane that surely posted nothing', async () => {
    const table = await stored();
    await saveTelling(table, bob, { triedUntil: at(30) });
    await saveTelling(table, { ...bob, triedUntil: at(30) }, 'not tried');
    expect(await loadShift(table, 'primary')).toEqual(bob);
  });
});
