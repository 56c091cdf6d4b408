import { compareBytes } from './byte-order.ts';
import type { AttributeValue, Condition, Item, Test } from './table.ts';

/** True when the condition holds for the item (null: there is none), as DynamoDB judges it. */
export const holds = (condition: Condition | undefined, item: Item | null): boolean =>
  condition === undefined ||
  condition.anyOf.some((tests) => tests.every((test) => testHolds(test, item?.[test.attribute])));

/** Values of different types are unequal and have no order; an absent one fails every comparison, '!=' included. */
function testHolds(test: Test, found: AttributeValue | undefined): boolean {
  if (!('value' in test)) return (test.is === 'present') === (found !== undefined);
  if (found === undefined) return false;
  if (test.is === '=') return found === test.value;
  if (test.is === '!=') return found !== test.value;
  const order = orderOf(found, test.value);
  if (order === null) return false;
  switch (test.is) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function orderOf(found: AttributeValue, value: string | number | boolean): number | null {
  if (typeof found === 'string' && typeof value === 'string') return compareBytes(found, value);
  if (typeof found === 'number' && typeof value === 'number') return found - value;
  return null;
}
