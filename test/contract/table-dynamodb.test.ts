import { freshTable } from '#test/support/dynamodb-local.ts';
import { describeTable } from './table.contract.ts';

describeTable('DynamoDB Local', async () => (await freshTable()).table);
