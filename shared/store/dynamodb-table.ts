import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue as WireValue,
} from '@aws-sdk/client-dynamodb';
import { patientClient, withoutLog } from '../adapters/aws-client.ts';
import { toAdapterError } from '../adapters/aws-error.ts';
import { AdapterError } from '../kernel/adapter-error.ts';
import { itemFromWire } from './attribute-values.ts';
import { isEmptyRange, keyRangeOf } from './byte-order.ts';
import { service, writeError } from './dynamodb-errors.ts';
import {
  batchGetInput,
  indexQuery,
  isBeyond,
  keyToWire,
  partitionQuery,
  transactionOf,
  writeRequest,
} from './dynamodb-expressions.ts';
import { checkKey, checkLimit, prepareWrites } from './prepare-writes.ts';
import type { Item, Key, Page, Table, Write } from './table.ts';

/** DynamoDB: BatchGetItem takes at most 100 keys. */
const batchGetLimit = 100;
/** Keys that DynamoDB leaves out of an answer are asked for again: at most 5 requests, with pauses of at most 50 + 100 + 200 + 400 ms. */
const batchGetAttempts = 5;
const firstPauseMillis = 50;

export interface DynamoTableOptions {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  /** Pause between two requests for left-out keys. */
  readonly pause?: (millis: number) => Promise<unknown>;
}

/**
 * At most 3 tries of 1 s to connect and 3 s to answer, with SDK pauses below 1 s: 13 s in the worst case, under the shortest
 * function that waits for the table (15 s).
 */
const makeClient = () =>
  withoutLog(new DynamoDBClient(patientClient({ attempts: 3, connectMillis: 1000, answerMillis: 3000 })));

/**
 * The table in DynamoDB.
 *
 * A write whose answer was lost is tried again by the SDK. A transaction carries a token, so its second try is answered like its first.
 * A single conditional write has none: when the first try had succeeded, the second fails its condition because of our own change and
 * ConditionFailed carries the item as we wrote it. Callers re-read and decide again on every ConditionFailed, and decisions are
 * idempotent, so they find their own result there. An unconditional `add` alone may count twice; it is used for counters with gaps only.
 */
export function makeDynamoTable(options: DynamoTableOptions): Table {
  const { tableName, client = makeClient(), pause = wait } = options;

  async function getBatch(keys: readonly Key[], found: Map<string, Item>): Promise<void> {
    let missing: readonly Record<string, WireValue>[] = keys.map(keyToWire);
    for (let attempt = 1; missing.length > 0; attempt++) {
      if (attempt > batchGetAttempts)
        throw new AdapterError(service, 'throttled', `${missing.length} keys left unread`);
      if (attempt > 1) await pause(Math.random() * firstPauseMillis * 2 ** (attempt - 2));
      const answer = await client.send(new BatchGetItemCommand(batchGetInput(tableName, missing)));
      for (const item of (answer.Responses?.[tableName] ?? []).map(itemFromWire)) found.set(nameOf(item), item);
      missing = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
  }

  async function page(input: QueryCommandInput): Promise<Page<Item>> {
    const answer = await client.send(new QueryCommand(input));
    return {
      items: (answer.Items ?? []).map(itemFromWire),
      next: answer.LastEvaluatedKey === undefined ? null : JSON.stringify(answer.LastEvaluatedKey),
    };
  }

  async function send(writes: readonly Write[]): Promise<{ readonly newItem: Item | null }> {
    const [first, ...others] = writes;
    if (first === undefined || others.length > 0) {
      const items = transactionOf(tableName, writes);
      await client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: randomUUID() }));
      return { newItem: null };
    }
    const request = writeRequest(tableName, first);
    if (request.Put) await client.send(new PutItemCommand(request.Put));
    if (request.Delete) await client.send(new DeleteItemCommand(request.Delete));
    if (!request.Update) return { newItem: null };
    const answer = await client.send(new UpdateItemCommand({ ...request.Update, ReturnValues: 'ALL_NEW' }));
    return { newItem: answer.Attributes === undefined ? null : itemFromWire(answer.Attributes) };
  }

  return {
    get: (keys) =>
      reading(async () => {
        for (const key of keys) checkKey(key);
        const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
        const found = new Map<string, Item>();
        for (let i = 0; i < distinct.length; i += batchGetLimit)
          await getBatch(distinct.slice(i, i + batchGetLimit), found);
        return keys.map((key) => found.get(nameOf(key)) ?? null);
      }),
    query: (query) =>
      reading(async () => {
        checkLimit(query.limit);
        const range = keyRangeOf(query);
        if (isEmptyRange(range)) return { items: [], next: null };
        const { items, next } = await page(partitionQuery(tableName, query, readCursor(query.after)));
        return { items: items.filter((item) => !isBeyond(range, item)), next };
      }),
    queryIndex: (query) =>
      reading(async () => {
        checkLimit(query.limit);
        return page(indexQuery(tableName, query, readCursor(query.after)));
      }),
    async write(writes) {
      const prepared = prepareWrites(writes);
      try {
        return await send(prepared);
      } catch (error) {
        throw writeError(error);
      }
    },
  };
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw toAdapterError(service, error);
  }
}

const nameOf = (key: Key): string => JSON.stringify([key.pk, key.sk]);

/** DynamoDB itself refuses a cursor that is not a key of the table or index. */
function readCursor(cursor: string | null | undefined): Record<string, WireValue> | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    return JSON.parse(cursor);
  } catch (cause) {
    throw new AdapterError(service, 'invalid', 'not a cursor of this table', { cause });
  }
}
