import type { Table } from '#shared/store/table.ts';

export interface CountingTable extends Table {
  /** The longest chain of calls so far, each begun after the one before it was answered. */
  readonly depth: number;
}

/**
 * Counts calls in sequence: every call takes one round of the event loop, so that calls begun together count once. Each
 * call takes `onCall` to its heart first, such as a test's slow answer.
 */
export function makeCountingTable(table: Table, onCall: () => Promise<void> = async () => undefined): CountingTable {
  let rounds = 0;
  let round: Promise<void> | null = null;
  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    if (round === null) {
      rounds += 1;
      round = new Promise((resolve) => setImmediate(resolve)).then(() => {
        round = null;
      });
    }
    await round;
    await onCall();
    return call();
  };
  return {
    get depth() {
      return rounds;
    },
    get: (keys) => counted(() => table.get(keys)),
    query: (query) => counted(() => table.query(query)),
    queryIndex: (query) => counted(() => table.queryIndex(query)),
    write: (writes) => counted(() => table.write(writes)),
  };
}
