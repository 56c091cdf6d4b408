import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { makeDynamoTable } from '#shared/store/dynamodb-table.ts';
import type { Table } from '#shared/store/table.ts';
import { tableDefinition } from '#shared/store/table-definition.ts';

const startLimitMillis = 20_000;
const tableName = 'tocsin';

export interface FreshTable {
  readonly table: Table;
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** An empty table on the DynamoDB Local of this run. Each has an access key of its own, which is a database of its own. */
export async function freshTable(): Promise<FreshTable> {
  const port = inject('dynamodbPort');
  if (port === null) throw new Error('DynamoDB Local did not start: the tests of the table need Java 17 on the PATH');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: `test${randomBytes(8).toString('hex')}`, secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  await createTable(client);
  return { table: makeDynamoTable({ tableName, client }), client, tableName };
}

/** The first table of a run waits for Java, which needs about a second. */
async function createTable(client: DynamoDBClient): Promise<void> {
  for (let waited = 0; ; waited += 100) {
    try {
      await client.send(new CreateTableCommand(tableDefinition(tableName)));
      return;
    } catch (error) {
      const starting = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      if (!starting || waited >= startLimitMillis) throw error;
      await wait(100);
    }
  }
}
