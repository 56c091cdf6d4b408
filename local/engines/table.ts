import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { assert } from '#shared/kernel/assert.ts';
import { indexes, tableKeys } from '#shared/store/keys.ts';

/**
 * The table of keys.ts with its stream, made when it is not there. No TTL: it only cleans up, and DynamoDB Local's stops
 * at the first expired item outside a sparse index. Answers the stream's ARN.
 */
export async function prepareTable(client: DynamoDBClient, tableName: string): Promise<string> {
  const existing = await client
    .send(new DescribeTableCommand({ TableName: tableName }))
    .then((answer) => answer.Table)
    .catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
  const table = existing ?? (await client.send(createTable(tableName))).TableDescription;
  assert(table?.LatestStreamArn !== undefined, `table ${tableName} has no stream`);
  return table.LatestStreamArn;
}

function createTable(tableName: string): CreateTableCommand {
  const names = new Set<string>([tableKeys.partition, tableKeys.sort]);
  for (const index of Object.values(indexes)) names.add(index.partition).add(index.sort);
  const definitions: AttributeDefinition[] = [...names].map((name) => ({ AttributeName: name, AttributeType: 'S' }));
  return new CreateTableCommand({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: definitions,
    KeySchema: keySchema(tableKeys.partition, tableKeys.sort),
    GlobalSecondaryIndexes: Object.values(indexes).map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partition, index.sort),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.projected] },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
}

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];
