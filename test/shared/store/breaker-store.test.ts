import { describe, expect, it } from 'vitest';
import { addMillis, type Instant } from '#shared/kernel/instant.ts';
import { admitCall } from '#shared/notification/breaker.ts';
import { breakerView, claimProbe, recordFailure, recordSuccess } from '#shared/store/breaker-store.ts';
import { breakerKey } from '#shared/store/keys.ts';
import { makeMemoryTable } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';

const now: Instant = '2026-03-02T10:00:00.000Z';

async function readBreaker(table: Table, vendor: string) {
  const [item = null] = await table.get([breakerKey(vendor)]);
  return breakerView(vendor, item);
}

async function openedTable() {
  const table = makeMemoryTable();
  let opened = 0;
  for (let failure = 0; failure < 5; failure += 1) {
    const recorded = await recordFailure(table, await readBreaker(table, 'slack'), now);
    if (recorded.opened) opened += 1;
  }
  return { table, opened };
}

describe('the stored breaker of a vendor', () => {
  it('opens once after five failures that different notifiers saw', async () => {
    const { table, opened } = await openedTable();

    expect(opened).toBe(1);
    expect(await readBreaker(table, 'slack')).toEqual({
      vendor: 'slack',
      version: 5,
      breaker: { state: 'open', openings: 1, until: '2026-03-02T10:00:30.000Z' },
    });
  });

  it('counts the failures of notifiers that read the same state', async () => {
    const table = makeMemoryTable();
    const view = await readBreaker(table, 'slack');

    await recordFailure(table, view, now);
    await recordFailure(table, view, now);

    expect((await readBreaker(table, 'slack')).breaker).toEqual({ state: 'closed', failures: 2 });
  });

  it('has one probe even when two notifiers come at the same time', async () => {
    const { table } = await openedTable();
    const later = addMillis(now, 30_000);
    const view = await readBreaker(table, 'slack');
    const admission = admitCall(view.breaker, later);
    if (admission.admission !== 'probe') throw new Error('no probe was due');

    const claims = await Promise.all([
      claimProbe(table, view, admission.next),
      claimProbe(table, view, admission.next),
    ]);

    expect(claims.map((claim) => claim !== null)).toEqual([true, false]);
    expect(admitCall((await readBreaker(table, 'slack')).breaker, later)).toEqual({
      admission: 'wait',
      millis: 35_000,
    });
  });

  it('writes nothing for an answer while all is well', async () => {
    const table = makeMemoryTable();

    await recordSuccess(table, await readBreaker(table, 'slack'));

    expect(table.allItems()).toEqual([]);
  });

  it('closes at the first answer after failures', async () => {
    const { table } = await openedTable();

    await recordSuccess(table, await readBreaker(table, 'slack'));

    expect((await readBreaker(table, 'slack')).breaker).toEqual({ state: 'closed', failures: 0 });
  });
});
