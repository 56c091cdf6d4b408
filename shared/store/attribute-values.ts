import type { AttributeValue as WireValue } from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../kernel/assert.ts';
import type { AttributeValue, Item } from './table.ts';

/** DynamoDB's typed form of plain data and back: only the types that Tocsin stores (no sets, no binary). */
export function toWire(value: AttributeValue): WireValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  return isList(value) ? { L: value.map(toWire) } : { M: mapToWire(value) };
}

type Attributes = { readonly [name: string]: AttributeValue | undefined };

/** Attributes that are undefined are left out. By entries, because a label called `__proto__` cannot be assigned. */
export const mapToWire = (attributes: Attributes): Record<string, WireValue> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, toWire(value)]])),
  );

const isList = (value: readonly AttributeValue[] | Attributes): value is readonly AttributeValue[] =>
  Array.isArray(value);

export function fromWire(wire: WireValue): AttributeValue {
  if (wire.S !== undefined) return wire.S;
  if (wire.N !== undefined) return Number(wire.N);
  if (wire.BOOL !== undefined) return wire.BOOL;
  if (wire.NULL !== undefined) return null;
  if (wire.L !== undefined) return wire.L.map(fromWire);
  if (wire.M !== undefined) return mapFromWire(wire.M);
  throw new InvariantError(`an attribute of a type that Tocsin never stores: ${Object.keys(wire).join(', ')}`);
}

const mapFromWire = (wire: Readonly<Record<string, WireValue>>): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, fromWire(value)]));

export function itemFromWire(wire: Readonly<Record<string, WireValue>>): Item {
  const attributes = mapFromWire(wire);
  const { pk, sk } = attributes;
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new InvariantError('an item without its keys');
  return { ...attributes, pk, sk };
}
