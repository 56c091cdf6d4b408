import { describe, expect, it } from 'vitest';
import { tableDefinition, timeToLiveDefinition } from '#shared/store/table-definition.ts';

describe('the definition of the table', () => {
  it('has both indexes with keys and kind, pays by request, and streams new images', () => {
    const keys = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ];
    const Projection = { ProjectionType: 'INCLUDE', NonKeyAttributes: ['kind'] };
    expect(tableDefinition('t')).toEqual({
      TableName: 't',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'openShard', 'openSort', 'dueShard', 'dueAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'open', KeySchema: keys('openShard', 'openSort'), Projection },
        { IndexName: 'due', KeySchema: keys('dueShard', 'dueAt'), Projection },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });
  });

  it('cleans up by one attribute', () => {
    expect(timeToLiveDefinition('t')).toEqual({
      TableName: 't',
      TimeToLiveSpecification: { AttributeName: 'expiresAtEpochSeconds', Enabled: true },
    });
  });
});
