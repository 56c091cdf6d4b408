import { makeMemoryTable } from '#shared/store/memory-table.ts';
import { describeTable } from './table.contract.ts';

describeTable('memory', async () => makeMemoryTable());
