import type { AttributeValue, Item } from './table.ts';

/** DynamoDB: an item is at most 400 KB, names included. */
export const itemBytesLimit = 400 * 1024;
/** DynamoDB: the smallest magnitude of a number. */
const smallestNumber = 1e-130;
/** DynamoDB: lists and maps nest at most 32 levels deep. */
export const nestingLimit = 32;

/**
 * What DynamoDB would give back for a value: a deep-frozen copy without undefined attributes, with -0 as 0 and lone
 * surrogates replaced by U+FFFD (they have no UTF-8 form).
 */
export function storedValue(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (typeof value !== 'object' || value === null || bytesOfStored.has(value)) return value;
  const copy = isList(value) ? Object.freeze(value.map(storedValue)) : storedMap(value);
  bytesOfStored.set(copy, measure(copy));
  return copy;
}

/** Copies that were made here, with their size: a decision hands most parts of an item back as it got them. */
const bytesOfStored = new WeakMap<object, number>();

export const storedItem = (item: Item): Item =>
  Object.freeze({ ...storedMap(item), pk: item.pk.toWellFormed(), sk: item.sk.toWellFormed() });

function storedMap(map: { readonly [name: string]: AttributeValue | undefined }): {
  readonly [name: string]: AttributeValue;
} {
  // By entries, because a label called `__proto__` cannot be assigned.
  const copies = Object.entries(map).flatMap(([name, value]): [string, AttributeValue][] =>
    value === undefined ? [] : [[name.toWellFormed(), storedValue(value)]],
  );
  return Object.freeze(Object.fromEntries(copies));
}

const isList = (value: object): value is readonly AttributeValue[] => Array.isArray(value);

/**
 * Bytes that DynamoDB counts: UTF-8 of names and strings, a number about half its digits, 1 for a boolean or null, 3 for a list or map
 * and 1 for each of its elements (DynamoDB developer guide, "item sizes and formats").
 */
export function bytesOf(value: AttributeValue | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  return bytesOfStored.get(value) ?? measure(value);
}

function measure(value: AttributeValue & object): number {
  if (isList(value)) return value.reduce<number>((sum, element) => sum + 1 + bytesOf(element), 3);
  let bytes = 3;
  for (const name in value) bytes += 1 + Buffer.byteLength(name) + bytesOf(value[name]);
  return bytes;
}

const bytesOfItems = new WeakMap<Item, number>();

export function itemBytes(item: Item): number {
  const known = bytesOfItems.get(item);
  if (known !== undefined) return known;
  let bytes = 0;
  for (const name in item) bytes += Buffer.byteLength(name) + bytesOf(item[name]);
  // One that is not frozen may yet change.
  if (Object.isFrozen(item)) bytesOfItems.set(item, bytes);
  return bytes;
}

/** Why DynamoDB would refuse a value, or null. */
export function flawOf(value: AttributeValue | undefined, depth = 0): string | null {
  if (depth > nestingLimit) return `nested deeper than ${nestingLimit}`;
  if (typeof value === 'number') return flawOfNumber(value);
  if (typeof value !== 'object' || value === null) return null;
  for (const element of Object.values(value)) {
    const flaw = flawOf(element, depth + 1);
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOfNumber(value: number): string | null {
  if (!Number.isFinite(value)) return 'not a finite number';
  if (value !== 0 && Math.abs(value) < smallestNumber) return `closer to zero than ${smallestNumber}`;
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? 'an integer that JavaScript cannot hold exactly'
    : null;
}
