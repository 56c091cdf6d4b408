import { AdapterError } from '../kernel/adapter-error.ts';
import { indexes, tableKeys } from './keys.ts';
import { bytesOf, flawOf, itemBytes, itemBytesLimit, storedItem, storedValue } from './stored-value.ts';
import type { AttributeValue, Condition, Item, Key, Write } from './table.ts';
import { transactionLimit } from './table.ts';

/** DynamoDB: partition key values at most 2,048 bytes, sort key values 1,024; a transaction at most 4 MB. */
const partitionBytesLimit = 2048;
const sortBytesLimit = 1024;
const transactionBytesLimit = 4 * 1024 * 1024;

const indexAttributes: readonly string[] = Object.values(indexes).flatMap((index) => [index.partition, index.sort]);

const invalid = (message: string) => new AdapterError('table', 'invalid', message);

export const keyOf = (write: Write): Key => (write.kind === 'put' ? write.item : write.key);

/**
 * The writes as they will be stored, refused where DynamoDB would refuse them, so that every store refuses the same.
 * @throws AdapterError `invalid`
 */
export function prepareWrites(writes: readonly Write[]): readonly Write[] {
  if (writes.length === 0) throw invalid('nothing to write');
  if (writes.length > transactionLimit)
    throw invalid(`${writes.length} writes, at most ${transactionLimit} fit one transaction`);
  if (writes.length === 1 && writes[0]?.kind === 'check') throw invalid('a check alone writes nothing');
  const seen = new Set<string>();
  for (const write of writes) {
    const key = keyOf(write);
    checkKey(key);
    const name = `${key.pk.length} ${key.pk}${key.sk}`;
    if (seen.has(name)) throw invalid(`two writes of one item: ${key.pk} ${key.sk}`);
    seen.add(name);
    checkCondition(write.condition);
  }
  const prepared = writes.map(prepareWrite);
  const bytes = prepared.reduce((sum, write) => sum + bytesOfWrite(write), 0);
  if (writes.length > 1 && bytes > transactionBytesLimit)
    throw invalid(`a transaction of ${bytes} bytes, at most 4 MB`);
  return prepared;
}

export function checkKey(key: Key): void {
  checkKeyString('pk', key.pk, partitionBytesLimit);
  checkKeyString('sk', key.sk, sortBytesLimit);
}

/** Of a query: items a page. */
export function checkLimit(limit: number | undefined): void {
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    throw invalid('a limit is a whole number above 0');
}

/** An item as a whole: its size, and index attributes that are strings or not there at all (null is refused). */
export function checkItem(item: Item): void {
  const bytes = itemBytes(item);
  if (bytes > itemBytesLimit) throw invalid(`${item.pk} ${item.sk} has ${bytes} bytes, at most ${itemBytesLimit}`);
  for (const name of indexAttributes) {
    const value = item[name];
    if (value !== undefined) checkKeyString(name, value, sortBytesLimit);
  }
}

function checkKeyString(name: string, value: AttributeValue, bytesLimit: number): void {
  if (typeof value !== 'string' || value === '') throw invalid(`${name} must be a string that is not empty`);
  if (Buffer.byteLength(value) > bytesLimit) throw invalid(`${name} is longer than ${bytesLimit} bytes`);
}

function checkCondition(condition: Condition | undefined): void {
  if (condition === undefined) return;
  const empty = condition.anyOf.length === 0 || condition.anyOf.some((tests) => tests.length === 0);
  if (empty) throw invalid('a condition without a test');
  for (const test of condition.anyOf.flat()) {
    const ordered = test.is === '<' || test.is === '<=' || test.is === '>' || test.is === '>=';
    if (ordered && typeof test.value === 'boolean') throw invalid(`${test.attribute}: booleans have no order`);
  }
}

function prepareWrite(write: Write): Write {
  if (write.kind === 'put') {
    checkValues(write.item);
    const item = storedItem(write.item);
    checkItem(item);
    return { ...write, item };
  }
  return write.kind === 'update' ? prepareUpdate(write) : write;
}

function prepareUpdate(write: Extract<Write, { kind: 'update' }>): Write {
  const names = [...Object.keys(write.set ?? {}), ...(write.remove ?? []), ...Object.keys(write.add ?? {})];
  if (names.length === 0) throw invalid('an update without a change');
  if (new Set(names).size < names.length) throw invalid('an update names an attribute twice');
  for (const key of [tableKeys.partition, tableKeys.sort]) {
    if (names.includes(key)) throw invalid(`an update cannot change ${key}`);
  }
  checkValues({ ...write.set, ...write.add });
  const set = Object.entries(write.set ?? {}).map(([name, value]) => [name, storedValue(value)] as const);
  return { ...write, set: Object.fromEntries(set) };
}

function checkValues(values: { readonly [name: string]: AttributeValue | undefined }): void {
  for (const [name, value] of Object.entries(values)) {
    const flaw = name === '' ? 'has no name' : flawOf(value);
    if (flaw !== null) throw invalid(`attribute ${name}: ${flaw}`);
  }
}

const bytesOfWrite = (write: Write): number => {
  if (write.kind === 'put') return itemBytes(write.item);
  return write.kind === 'update' ? bytesOf(write.set) : 0;
};
