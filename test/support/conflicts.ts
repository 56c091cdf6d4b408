import { AdapterError } from '#shared/kernel/adapter-error.ts';
import type { Table } from '#shared/store/table.ts';

/**
 * A table whose writes are refused as conflicts in the given share of cases, and sometimes carried out with their answer lost.
 * DynamoDB Local rarely reports a conflict, real tables do; callers must survive both.
 */
export function withConflicts(table: Table, random: () => number, share: number, lostShare = 0): Table {
  return {
    get: (keys) => table.get(keys),
    query: (query) => table.query(query),
    queryIndex: (query) => table.queryIndex(query),
    async write(writes) {
      if (random() < share) throw new AdapterError('dynamodb', 'conflict', 'injected: another transaction');
      const answer = await table.write(writes);
      if (random() < lostShare) throw new AdapterError('dynamodb', 'timeout', 'injected: the answer was lost');
      return answer;
    },
  };
}
