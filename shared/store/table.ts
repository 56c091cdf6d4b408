/** The store's port: one table, as DynamoDB has it, and no more of DynamoDB than Tocsin uses. */

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue | undefined };

/** An item: key attributes, index attributes (keys.ts) and plain data. Attributes that are undefined are not stored. */
export type Item = Key & { readonly [name: string]: AttributeValue | undefined };

export type Test =
  | { readonly attribute: string; readonly is: 'absent' | 'present' }
  | {
      readonly attribute: string;
      readonly is: '=' | '!=' | '<' | '<=' | '>' | '>=';
      readonly value: string | number | boolean;
    };

/** ANDed tests; several lists are ORed. A comparison with an absent attribute is false ('!=' included, unlike DynamoDB's). */
export interface Condition {
  readonly anyOf: readonly (readonly Test[])[];
}

export const when = (...tests: readonly Test[]): Condition => ({ anyOf: [tests] });
export const itemAbsent: Condition = when({ attribute: 'pk', is: 'absent' });
export const itemPresent: Condition = when({ attribute: 'pk', is: 'present' });
export const versionIs = (version: number): Condition => when({ attribute: 'version', is: '=', value: version });

export type Write =
  | { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition }
  /** Changes top-level attributes of an item (made when absent, unless the condition says otherwise). */
  | {
      readonly kind: 'update';
      readonly key: Key;
      readonly set?: { readonly [name: string]: AttributeValue };
      readonly remove?: readonly string[];
      /** Adds to numbers (an absent one counts as 0). */
      readonly add?: { readonly [name: string]: number };
      readonly condition?: Condition;
    }
  | { readonly kind: 'delete'; readonly key: Key; readonly condition?: Condition }
  /** Only in a transaction. */
  | { readonly kind: 'check'; readonly key: Key; readonly condition: Condition };

/** A condition did not hold: somebody else decided first. Not an error of the store: load again and decide again. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  /** Positions in `writes` whose conditions failed, with the item found there (null: no item). */
  readonly failures: readonly { readonly index: number; readonly item: Item | null }[];
  constructor(failures: readonly { readonly index: number; readonly item: Item | null }[]) {
    super(`condition failed at write ${failures.map((failure) => failure.index).join(', ')}`);
    this.failures = failures;
  }
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; null at the end. */
  readonly next: string | null;
}

export interface PartitionQuery {
  readonly pk: string;
  readonly skFrom?: string;
  /** Exclusive. */
  readonly skBefore?: string;
  readonly skPrefix?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly after?: string | null;
}

export type IndexName = 'open' | 'due';

export interface IndexQuery {
  readonly index: IndexName;
  /** `openShard` or `dueShard` (keys.ts). */
  readonly partition: string;
  /** Exclusive upper bound of the index sort key. */
  readonly before?: string;
  readonly limit?: number;
  readonly after?: string | null;
}

export interface Table {
  /** Strongly consistent; one request per 100 keys; answers in the order of the keys. */
  get(keys: readonly Key[]): Promise<readonly (Item | null)[]>;
  /** Strongly consistent. */
  query(query: PartitionQuery): Promise<Page<Item>>;
  /** Eventually consistent, keys and projected attributes only: read the item before acting on it. */
  queryIndex(query: IndexQuery): Promise<Page<Item>>;
  /**
   * All or nothing; 1 write is a plain conditional write, 2 to 100 are one transaction. No key twice.
   * For an update alone the new value of every attribute is answered (`newItem`), else null.
   * @throws ConditionFailed when a condition did not hold
   * @throws AdapterError `conflict` (another transaction), `throttled`, `unavailable`, `timeout`: try again
   */
  write(writes: readonly Write[]): Promise<{ readonly newItem: Item | null }>;
}

/** DynamoDB: TransactWriteItems takes at most 100 items and 4 MB. */
export const transactionLimit = 100;
