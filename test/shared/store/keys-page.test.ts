import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import * as keys from '#shared/store/keys.ts';

/** Settings of the table that are no keys. */
const noKeys = ['tableKeys', 'indexes', 'shardCount', 'allShards', 'dueShards'];

const kinds = {
  incident: true,
  'incident pointer': true,
  'incident number': true,
  commit: true,
  page: true,
  'lane state': true,
  alert: true,
  intake: true,
  group: true,
  inhibitor: true,
  'group wait': true,
  silence: true,
  'silence version': true,
  'person page': true,
  shift: true,
  coverage: true,
  override: true,
  'override version': true,
  quarantine: true,
  'rate limit': true,
  breaker: true,
  counter: true,
  heartbeat: true,
  'watched heartbeat': true,
  'status page': true,
} satisfies Record<keys.ItemKind, true>;

const page = readFileSync(new URL('../../../shared/store/KEYS.md', import.meta.url), 'utf8');

type Row = Readonly<Record<string, string>>;

/** The rows of the table under a heading, by column. */
function rowsUnder(heading: string): readonly Row[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  return rows.map((cells) => Object.fromEntries(head.map((column, i) => [column, cells[i] ?? ''])));
}

const tables = {
  items: rowsUnder('Items'),
  indexes: rowsUnder('Indexes'),
  names: rowsUnder('Names that queries and items are made of'),
};

/** `name(arguments)` is `result`, or with two results `first` · `second`. */
function readExample(cell: string | undefined) {
  const match = /^`(\w+)(?:\((.*)\))?` is (.+)$/.exec(cell ?? '');
  if (!match) throw new Error(`not an example: ${cell}`);
  const [, name = '', given = '', result = ''] = match;
  return { name, given: JSON.parse(`[${given}]`), result: result.split(' · ').map((part) => part.replaceAll('`', '')) };
}

function yielded(name: string, given: readonly unknown[]): readonly unknown[] {
  const member: unknown = Object.entries(keys).find(([known]) => known === name)?.[1];
  const value: unknown = typeof member === 'function' ? member(...given) : member;
  return typeof value === 'object' && value !== null ? Object.values(value) : [value];
}

const fits = (pattern: string | undefined, text: string | undefined): boolean => {
  const parts = (pattern ?? '').replaceAll('`', '').split(/<[^>]+>/);
  const literal = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.+')}$`).test(text ?? '');
};

describe('KEYS.md', () => {
  const all = [...tables.items, ...tables.indexes, ...tables.names];

  it('has a row for every key that the code can make, and no other', () => {
    const told = all.map((row) => readExample(row.example).name);
    expect(told.toSorted()).toEqual(
      Object.keys(keys)
        .filter((name) => !noKeys.includes(name))
        .toSorted(),
    );
  });

  it.for(all.map((row) => readExample(row.example)))('tells what $name yields', ({ name, given, result }) => {
    expect(yielded(name, given)).toEqual(result);
  });

  it('shows examples that fit the patterns of their row', () => {
    const misfits = [
      ...tables.items.map((row) => [row.pk, row.sk, ...readExample(row.example).result]),
      ...tables.indexes.map((row) => [row.partition, row.sort, ...readExample(row.example).result]),
    ].filter(([first, second, ...result]) => !fits(first, result[0]) || !fits(second, result[1]));
    expect(misfits).toEqual([]);
  });

  it('names every kind of item, and only indexes and functions that there are', () => {
    expect([...new Set(tables.items.map((row) => row.item))].toSorted()).toEqual(Object.keys(kinds).toSorted());
    expect([...new Set(tables.indexes.map((row) => row.index))]).toEqual(
      Object.values(keys.indexes).map(({ name }) => name),
    );
    const users = [...tables.items, ...tables.indexes].flatMap((row) => (row['used by'] ?? '').split(', '));
    expect(users.filter((user) => !(user in functionTimeoutSeconds))).toEqual([]);
  });

  it('asks only for permissions that the table knows', () => {
    const actions = new Set(tables.items.flatMap((row) => (row['IAM action'] ?? '').split(', ')));
    expect([...actions].toSorted()).toEqual([
      'BatchGetItem',
      'ConditionCheckItem',
      'DeleteItem',
      'PutItem',
      'Query',
      'UpdateItem',
    ]);
  });
});
