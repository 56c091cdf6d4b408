import type { CreateTableCommandInput, UpdateTimeToLiveCommandInput } from '@aws-sdk/client-dynamodb';
import { indexes, tableKeys } from './keys.ts';

/** The stream's reader acts on inserted commits alone, so the new image is enough. */
export const streamViewType = 'NEW_IMAGE';

/** The table as CreateTable takes it, for DynamoDB Local; infra/ builds the same from the same names, and a test compares. */
export function tableDefinition(tableName: string): CreateTableCommandInput {
  const keyAttributes = [
    tableKeys.partition,
    tableKeys.sort,
    ...Object.values(indexes).flatMap((index) => [index.partition, index.sort]),
  ];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keyAttributes.map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
    KeySchema: keySchema(tableKeys.partition, tableKeys.sort),
    GlobalSecondaryIndexes: Object.values(indexes).map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partition, index.sort),
      Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.projected] },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: streamViewType },
  };
}

/** Time to live only cleans up; nothing reads it to decide. */
export const timeToLiveDefinition = (tableName: string): UpdateTimeToLiveCommandInput => ({
  TableName: tableName,
  TimeToLiveSpecification: { AttributeName: tableKeys.timeToLive, Enabled: true },
});

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];
