import type {
  BatchGetItemCommandInput,
  QueryCommandInput,
  TransactWriteItem,
  AttributeValue as WireValue,
} from '@aws-sdk/client-dynamodb';
import { mapToWire, toWire } from './attribute-values.ts';
import { type KeyRange, keyRangeOf } from './byte-order.ts';
import { indexes, tableKeys } from './keys.ts';
import type { AttributeValue, Condition, IndexQuery, Key, PartitionQuery, Test, Write } from './table.ts';

/** Collects the names and values of one request; DynamoDB refuses names that are reserved words, so all are placeholders. */
function makePlaceholders() {
  const names = new Map<string, string>();
  const values: Record<string, WireValue> = {};
  return {
    name(attribute: string): string {
      const placeholder = names.get(attribute) ?? `#${names.size}`;
      names.set(attribute, placeholder);
      return placeholder;
    },
    value(value: AttributeValue): string {
      const placeholder = `:${Object.keys(values).length}`;
      values[placeholder] = toWire(value);
      return placeholder;
    },
    /** DynamoDB refuses empty maps here. */
    attributes: () => ({
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries(
          [...names].map(([attribute, placeholder]) => [placeholder, attribute]),
        ),
      }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    }),
  };
}

type Placeholders = ReturnType<typeof makePlaceholders>;

function testExpression(test: Test, placeholders: Placeholders): string {
  const name = placeholders.name(test.attribute);
  if (!('value' in test)) return test.is === 'absent' ? `attribute_not_exists(${name})` : `attribute_exists(${name})`;
  // DynamoDB holds an absent attribute unequal to everything; Table does not.
  if (test.is === '!=') return `attribute_exists(${name}) AND ${name} <> ${placeholders.value(test.value)}`;
  return `${name} ${test.is} ${placeholders.value(test.value)}`;
}

function conditionExpression(condition: Condition, placeholders: Placeholders): string {
  const alternatives = condition.anyOf.map((tests) =>
    tests.map((test) => testExpression(test, placeholders)).join(' AND '),
  );
  return alternatives.length === 1 ? alternatives.join('') : alternatives.map((text) => `(${text})`).join(' OR ');
}

function updateExpression(write: Extract<Write, { kind: 'update' }>, placeholders: Placeholders): string {
  const { name, value } = placeholders;
  const clauses = [
    ['SET', Object.entries(write.set ?? {}).map(([attribute, to]) => `${name(attribute)} = ${value(to)}`)],
    ['REMOVE', (write.remove ?? []).map(name)],
    ['ADD', Object.entries(write.add ?? {}).map(([attribute, amount]) => `${name(attribute)} ${value(amount)}`)],
  ] as const;
  return clauses
    .filter(([, changes]) => changes.length > 0)
    .map(([verb, changes]) => `${verb} ${changes.join(', ')}`)
    .join(' ');
}

/** A write as TransactWriteItems takes it. Its `Put`, `Update` or `Delete` is also the input of the command of that name. */
export function writeRequest(tableName: string, write: Write) {
  const placeholders = makePlaceholders();
  const update = write.kind === 'update' ? { UpdateExpression: updateExpression(write, placeholders) } : null;
  const condition = write.condition && { ConditionExpression: conditionExpression(write.condition, placeholders) };
  const common = {
    TableName: tableName,
    ...condition,
    ...placeholders.attributes(),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  switch (write.kind) {
    case 'put':
      return { Put: { ...common, Item: mapToWire(write.item) } };
    case 'update':
      return { Update: { ...common, UpdateExpression: '', ...update, Key: keyToWire(write.key) } };
    case 'delete':
      return { Delete: { ...common, Key: keyToWire(write.key) } };
    case 'check':
      return { ConditionCheck: { ConditionExpression: '', ...common, Key: keyToWire(write.key) } };
  }
}

export const keyToWire = (key: Key): Record<'pk' | 'sk', WireValue> => ({ pk: { S: key.pk }, sk: { S: key.sk } });

type Cursor = Record<string, WireValue> | null;

/** BETWEEN includes its end: `isBeyond` says which item of an answer the query did not ask for. */
export function partitionQuery(tableName: string, query: PartitionQuery, cursor: Cursor): QueryCommandInput {
  const placeholders = makePlaceholders();
  const partition = `${placeholders.name(tableKeys.partition)} = ${placeholders.value(query.pk)}`;
  const range = rangeExpression(query, placeholders);
  return {
    TableName: tableName,
    ConsistentRead: true,
    KeyConditionExpression: range === null ? partition : `${partition} AND ${range}`,
    ScanIndexForward: query.newestFirst !== true,
    ...placeholders.attributes(),
    ...paging(query.limit, cursor),
  };
}

function rangeExpression(query: PartitionQuery, placeholders: Placeholders): string | null {
  const { name, value } = placeholders;
  const { skPrefix, skFrom, skBefore } = query;
  if (skPrefix !== undefined && skFrom === undefined && skBefore === undefined) {
    return `begins_with(${name(tableKeys.sort)}, ${value(skPrefix)})`;
  }
  const { from, before } = keyRangeOf(query);
  if (from !== null && before !== null) return `${name(tableKeys.sort)} BETWEEN ${value(from)} AND ${value(before)}`;
  if (from !== null) return `${name(tableKeys.sort)} >= ${value(from)}`;
  return before === null ? null : `${name(tableKeys.sort)} < ${value(before)}`;
}

export const isBeyond = (range: KeyRange, key: Key): boolean => range.before !== null && key.sk === range.before;

export function indexQuery(tableName: string, query: IndexQuery, cursor: Cursor): QueryCommandInput {
  const { name: indexName, partition, sort } = indexes[query.index];
  const placeholders = makePlaceholders();
  const conditions = [`${placeholders.name(partition)} = ${placeholders.value(query.partition)}`];
  if (query.before !== undefined) conditions.push(`${placeholders.name(sort)} < ${placeholders.value(query.before)}`);
  return {
    TableName: tableName,
    IndexName: indexName,
    KeyConditionExpression: conditions.join(' AND '),
    ...placeholders.attributes(),
    ...paging(query.limit, cursor),
  };
}

const paging = (limit: number | undefined, cursor: Cursor) => ({
  ...(limit !== undefined && { Limit: limit }),
  ...(cursor !== null && { ExclusiveStartKey: cursor }),
});

export const batchGetInput = (
  tableName: string,
  keys: readonly Record<string, WireValue>[],
): BatchGetItemCommandInput => ({ RequestItems: { [tableName]: { ConsistentRead: true, Keys: [...keys] } } });

/** Compile-time proof that a write request is what TransactWriteItems takes. */
export const transactionOf = (tableName: string, writes: readonly Write[]): TransactWriteItem[] =>
  writes.map((write) => writeRequest(tableName, write));
