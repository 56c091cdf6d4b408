import { expect, it } from 'vitest';
import { isTransient } from '#shared/kernel/adapter-error.ts';
import { ConditionFailed, itemAbsent, type Table, versionIs, type Write } from '#shared/store/table.ts';
import { withConflicts } from '#test/support/conflicts.ts';

const counter = { pk: 'P', sk: 'COUNTER' };
const markOf = (writer: number) => ({ pk: 'P', sk: `MARK#${writer}` });
const writers = 8;

/** Writers that load, decide and save against each other, while writes are refused as conflicts or lose their answer. */
export function describeConflicts(makeTable: () => Promise<Table>): void {
  it('counts each of several writers once, through conflicts and lost answers', async () => {
    const table = await makeTable();
    const troubled = withConflicts(table, makeRandom(42), 0.3, 0.2);
    await Promise.all(Array.from({ length: writers }, (_, writer) => countOnce(troubled, writer)));
    const marks = await table.query({ pk: 'P', skPrefix: 'MARK#' });
    expect(marks.items).toHaveLength(writers);
    expect(await table.get([counter])).toEqual([{ ...counter, version: writers }]);
  });
}

async function countOnce(table: Table, writer: number): Promise<void> {
  for (;;) {
    const [state, mark] = await table.get([counter, markOf(writer)]);
    if (mark) return;
    const version = Number(state?.version ?? 0);
    const raise: Write = {
      kind: 'put',
      item: { ...counter, version: version + 1 },
      condition: state ? versionIs(version) : itemAbsent,
    };
    try {
      await table.write([raise, { kind: 'put', item: markOf(writer), condition: itemAbsent }]);
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed) && !isTransient(error)) throw error;
    }
  }
}

/** Numerical Recipes' linear congruential generator: enough to spread faults, the same in each run. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
