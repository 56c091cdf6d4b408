import { AdapterError } from '../kernel/adapter-error.ts';
import { checkItem } from './prepare-writes.ts';
import type { AttributeValue, Item, Write } from './table.ts';

/** The item after a prepared write whose condition held; null when there is none. @throws AdapterError `invalid` */
export function itemAfter(write: Write, before: Item | null): Item | null {
  switch (write.kind) {
    case 'put':
      return write.item;
    case 'update':
      return updated(write, before);
    case 'delete':
      return null;
    case 'check':
      return before;
  }
}

function updated(write: Extract<Write, { kind: 'update' }>, before: Item | null): Item {
  const attributes: Record<string, AttributeValue | undefined> = { ...before, ...write.set };
  for (const name of write.remove ?? []) delete attributes[name];
  for (const [name, amount] of Object.entries(write.add ?? {})) {
    const found = attributes[name];
    const old = found === undefined ? 0 : found;
    if (typeof old !== 'number') {
      throw new AdapterError('table', 'invalid', `cannot add to ${name}, which is not a number`);
    }
    attributes[name] = old + amount;
  }
  const after = Object.freeze({ ...attributes, pk: write.key.pk, sk: write.key.sk });
  checkItem(after);
  return after;
}
