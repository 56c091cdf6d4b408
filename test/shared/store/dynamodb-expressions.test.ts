import { describe, expect, it } from 'vitest';
import {
  batchGetInput,
  indexQuery,
  keyToWire,
  partitionQuery,
  writeRequest,
} from '#shared/store/dynamodb-expressions.ts';
import { itemAbsent, versionIs } from '#shared/store/table.ts';

const key = { pk: 'P', sk: 'a' };
const wireKey = { pk: { S: 'P' }, sk: { S: 'a' } };

describe('requests to DynamoDB', () => {
  it('puts an item under a condition, and asks for the item that stood in its way', () => {
    expect(
      writeRequest('t', {
        kind: 'put',
        item: { ...key, n: 1.5, on: true, off: null, list: ['x', 2], map: { deep: [] }, gone: undefined },
        condition: itemAbsent,
      }),
    ).toEqual({
      Put: {
        TableName: 't',
        Item: {
          ...wireKey,
          n: { N: '1.5' },
          on: { BOOL: true },
          off: { NULL: true },
          list: { L: [{ S: 'x' }, { N: '2' }] },
          map: { M: { deep: { L: [] } } },
        },
        ConditionExpression: 'attribute_not_exists(#0)',
        ExpressionAttributeNames: { '#0': 'pk' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    });
  });

  it('sends no empty maps of names and values', () => {
    expect(writeRequest('t', { kind: 'delete', key })).toEqual({
      Delete: { TableName: 't', Key: wireKey, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    });
  });

  it('sets, removes and adds in one update, with one placeholder for each name', () => {
    expect(
      writeRequest('t', {
        kind: 'update',
        key,
        set: { status: 'open', version: 4 },
        remove: ['dueAt', 'dueShard'],
        add: { count: -2 },
        condition: versionIs(3),
      }),
    ).toEqual({
      Update: {
        TableName: 't',
        Key: wireKey,
        UpdateExpression: 'SET #0 = :0, #1 = :1 REMOVE #2, #3 ADD #4 :2',
        ConditionExpression: '#1 = :3',
        ExpressionAttributeNames: { '#0': 'status', '#1': 'version', '#2': 'dueAt', '#3': 'dueShard', '#4': 'count' },
        ExpressionAttributeValues: { ':0': { S: 'open' }, ':1': { N: '4' }, ':2': { N: '-2' }, ':3': { N: '3' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    });
  });

  it('joins tests with AND and lists with OR, and lets an absent attribute fail "!="', () => {
    expect(
      writeRequest('t', {
        kind: 'check',
        key,
        condition: {
          anyOf: [
            [
              { attribute: 'state', is: '!=', value: 'open' },
              { attribute: 'until', is: '<', value: 'z' },
            ],
            [{ attribute: 'until', is: 'present' }],
          ],
        },
      }),
    ).toEqual({
      ConditionCheck: {
        TableName: 't',
        Key: wireKey,
        ConditionExpression: '(attribute_exists(#0) AND #0 <> :0 AND #1 < :1) OR (attribute_exists(#1))',
        ExpressionAttributeNames: { '#0': 'state', '#1': 'until' },
        ExpressionAttributeValues: { ':0': { S: 'open' }, ':1': { S: 'z' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    });
  });

  it.for([
    [{}, null],
    [{ skPrefix: 'A#' }, 'begins_with(#1, :1)'],
    [{ skFrom: 'A' }, '#1 >= :1'],
    [{ skBefore: 'Z' }, '#1 < :1'],
    [{ skFrom: 'A', skBefore: 'Z' }, '#1 BETWEEN :1 AND :2'],
    [{ skPrefix: 'A#', skFrom: 'A#5' }, '#1 BETWEEN :1 AND :2'],
  ] as const)('reads a partition consistently for %o', ([range, expression]) => {
    const input = partitionQuery('t', { pk: 'P', ...range }, null);
    expect(input.KeyConditionExpression).toBe(expression === null ? '#0 = :0' : `#0 = :0 AND ${expression}`);
    expect(input.ConsistentRead).toBe(true);
    expect(input.ExpressionAttributeNames).toEqual(expression === null ? { '#0': 'pk' } : { '#0': 'pk', '#1': 'sk' });
  });

  it('reads newest first, a page at a time, from a cursor', () => {
    expect(partitionQuery('t', { pk: 'P', newestFirst: true, limit: 5 }, wireKey)).toEqual({
      TableName: 't',
      ConsistentRead: true,
      KeyConditionExpression: '#0 = :0',
      ScanIndexForward: false,
      ExpressionAttributeNames: { '#0': 'pk' },
      ExpressionAttributeValues: { ':0': { S: 'P' } },
      Limit: 5,
      ExclusiveStartKey: wireKey,
    });
  });

  it('asks an index for what is due before an instant', () => {
    expect(indexQuery('t', { index: 'due', partition: 'DUE#01', before: '2026', limit: 25 }, null)).toEqual({
      TableName: 't',
      IndexName: 'due',
      KeyConditionExpression: '#0 = :0 AND #1 < :1',
      ExpressionAttributeNames: { '#0': 'dueShard', '#1': 'dueAt' },
      ExpressionAttributeValues: { ':0': { S: 'DUE#01' }, ':1': { S: '2026' } },
      Limit: 25,
    });
  });

  it('gets keys consistently', () => {
    expect(batchGetInput('t', [keyToWire(key)])).toEqual({
      RequestItems: { t: { ConsistentRead: true, Keys: [wireKey] } },
    });
  });
});
