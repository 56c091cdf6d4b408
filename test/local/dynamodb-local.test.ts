import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startDynamoDbLocal } from '#local/engines/dynamodb-local.ts';
import { isAlive } from '#local/engines/processes.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();
const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

describe('DynamoDB Local', () => {
  it('comes back on its data and at its address when it is killed, and its end is not forgotten', async () => {
    const dataDir = tempDir();
    const reports: string[] = [];
    const engine = await startDynamoDbLocal(dataDir, process.env, (problem) => reports.push(problem));
    ending.push(engine.stop);
    const client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: engine.accessKeyId, secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    ending.push(async () => client.destroy());
    await client.send(
      new CreateTableCommand({
        TableName: 'kept',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    const pid = () => Number(readFileSync(join(dataDir, 'dynamodb', 'engine.pid'), 'utf8').trim());
    const killed = pid();

    process.kill(killed, 'SIGKILL');

    const tables = await vi.waitFor(
      async () => {
        expect(pid()).not.toBe(killed);
        return (await client.send(new ListTablesCommand())).TableNames;
      },
      { timeout: 25_000, interval: 100 },
    );
    expect(tables).toEqual(['kept']);
    expect(reports).toEqual(['DynamoDB Local ended by itself: it is started again on its data.']);
    const revived = pid();
    await engine.stop();
    expect(isAlive(revived)).toBe(false);
  });
});
