import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueIndex, firingAlertIndex } from '#shared/store/keys.ts';
import {
  type AttributeValue,
  ConditionFailed,
  type Item,
  type Page,
  type Table,
  type Test,
  type Write,
  when,
} from '#shared/store/table.ts';
import { describeConflicts } from './table-conflicts.contract.ts';
import { describeRefusals } from './table-refusals.contract.ts';

const at = (sk: string, pk = 'P') => ({ pk, sk });
const put = (item: Item, condition?: Extract<Write, { kind: 'put' }>['condition']): Write =>
  condition === undefined ? { kind: 'put', item } : { kind: 'put', item, condition };

export async function drain(read: (after: string | null) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  do {
    const page: Page<Item> = await read(after);
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}

const sortKeys = (items: readonly Item[]) => items.map((item) => item.sk);

/** What shared/store/table.ts promises, for any implementation. */
export function describeTable(name: string, makeTable: () => Promise<Table>): void {
  describe(`table contract: ${name}`, () => {
    describeItems(makeTable);
    describeConditions(makeTable);
    describeTransactions(makeTable);
    describeQueries(makeTable);
    describeIndexes(makeTable);
    describeRefusals(makeTable);
    describeConflicts(makeTable);
  });
}

function describeItems(makeTable: () => Promise<Table>) {
  it('gives back what was stored, whatever plain data it was', async () => {
    const table = await makeTable();
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    // DynamoDB holds magnitudes from 1e-130; Number.MIN_VALUE is far below.
    const storable = (n: number) => (Math.abs(n) < 1e-130 ? 0 : n);
    const value = fc.letrec<{ value: AttributeValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map(storable),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).value;
    await fc.assert(
      fc.asyncProperty(value, async (data) => {
        await table.write([put({ ...at('anything'), data })]);
        expect(await table.get([at('anything')])).toEqual([{ ...at('anything'), data }]);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps names that every object has as its own, as labels of alerts may be called', async () => {
    const table = await makeTable();
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf', '7', '-1'];
    const labels = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
    const nested = Object.fromEntries([['__proto__', labels]]);
    await table.write([put({ ...at('names'), labels, nested })]);
    const [item] = await table.get([at('names')]);
    expect(item).toEqual({ ...at('names'), labels, nested });
    expect(Object.keys(Object(item?.labels)).sort()).toEqual(Object.keys(labels).sort());
  });

  it('does not store attributes that are undefined, at any depth, and replaces lone surrogates', async () => {
    const table = await makeTable();
    await table.write([put({ ...at('a'), gone: undefined, deep: { gone: undefined, kept: [1] }, half: 'x\ud800' })]);
    expect(await table.get([at('a')])).toStrictEqual([{ ...at('a'), deep: { kept: [1] }, half: 'x\ufffd' }]);
  });

  it('answers the keys in their order, absent ones as null, a repeated one twice, more than a hundred', async () => {
    const table = await makeTable();
    const names = Array.from({ length: 130 }, (_, i) => `n${i}`);
    for (let i = 0; i < names.length; i += 50) {
      await table.write(names.slice(i, i + 50).map((sk) => put({ ...at(sk), name: sk })));
    }
    const asked = ['absent', ...names.toReversed(), 'n7'];
    expect(await table.get(asked.map((sk) => at(sk)))).toEqual(
      asked.map((sk) => (sk === 'absent' ? null : { ...at(sk), name: sk })),
    );
    expect(await table.get([])).toEqual([]);
  });

  it('hands out items that a caller cannot use to change what is stored, and keeps none of what it was given', async () => {
    const table = await makeTable();
    const labels = { team: 'web' };
    await table.write([put({ ...at('a'), labels })]);
    labels.team = 'changed by the writer';
    const [read] = await table.get([at('a')]);
    try {
      Object.assign(Object(read?.labels), { team: 'changed by the reader' });
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
    expect(await table.get([at('a')])).toEqual([{ ...at('a'), labels: { team: 'web' } }]);
  });

  it('replaces the whole item with a put and only the named attributes with an update', async () => {
    const table = await makeTable();
    await table.write([put({ ...at('a'), one: 1, two: 2 })]);
    await table.write([put({ ...at('a'), two: 22, three: 3 })]);
    expect(await table.get([at('a')])).toEqual([{ ...at('a'), two: 22, three: 3 }]);
    const { newItem } = await table.write([
      {
        kind: 'update',
        key: at('a'),
        set: { four: { deep: true } },
        remove: ['two', 'never there'],
        add: { three: -5, five: 2 },
      },
    ]);
    expect(newItem).toEqual({ ...at('a'), three: -2, four: { deep: true }, five: 2 });
    expect(await table.get([at('a')])).toEqual([newItem]);
  });

  it('makes an absent item with an update, and answers the new item only for an update alone', async () => {
    const table = await makeTable();
    const count: Write = { kind: 'update', key: at('counter'), add: { value: 1 } };
    expect(await table.write([count])).toEqual({ newItem: { ...at('counter'), value: 1 } });
    expect(await table.write([put(at('x'))])).toEqual({ newItem: null });
    expect(await table.write([count, { kind: 'delete', key: at('x') }])).toEqual({ newItem: null });
    expect(await table.write([{ kind: 'delete', key: at('x') }])).toEqual({ newItem: null });
    expect(await table.get([at('counter'), at('x')])).toEqual([{ ...at('counter'), value: 2 }, null]);
  });

  it('counts every one of many concurrent additions', async () => {
    const table = await makeTable();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => table.write([{ kind: 'update', key: at('counter'), add: { value: 1 } }])),
    );
    const values = answers.map(({ newItem }) => Number(newItem?.value));
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
}

const stored = { ...at('a'), text: 'm', number: 5, yes: true, nothing: null, list: [1], astral: '\u{1F600}' };

const conditionCases: readonly (readonly [Test, boolean])[] = [
  [{ attribute: 'text', is: 'present' }, true],
  [{ attribute: 'text', is: 'absent' }, false],
  [{ attribute: 'missing', is: 'absent' }, true],
  [{ attribute: 'missing', is: 'present' }, false],
  [{ attribute: 'nothing', is: 'present' }, true],
  [{ attribute: 'nothing', is: '=', value: 'x' }, false],
  [{ attribute: 'nothing', is: '!=', value: 'x' }, true],
  [{ attribute: 'text', is: '=', value: 'm' }, true],
  [{ attribute: 'text', is: '=', value: 'n' }, false],
  [{ attribute: 'number', is: '=', value: 5 }, true],
  [{ attribute: 'number', is: '=', value: '5' }, false],
  [{ attribute: 'number', is: '!=', value: '5' }, true],
  [{ attribute: 'yes', is: '=', value: true }, true],
  [{ attribute: 'yes', is: '!=', value: true }, false],
  [{ attribute: 'yes', is: '!=', value: false }, true],
  [{ attribute: 'missing', is: '=', value: 'm' }, false],
  [{ attribute: 'missing', is: '!=', value: 'm' }, false],
  [{ attribute: 'missing', is: '<', value: 'm' }, false],
  [{ attribute: 'missing', is: '>=', value: 0 }, false],
  [{ attribute: 'text', is: '<', value: 'm' }, false],
  [{ attribute: 'text', is: '<=', value: 'm' }, true],
  [{ attribute: 'text', is: '<', value: 'ma' }, true],
  [{ attribute: 'text', is: '>', value: 'M' }, true],
  [{ attribute: 'text', is: '>=', value: 'n' }, false],
  [{ attribute: 'number', is: '<', value: 10 }, true],
  [{ attribute: 'number', is: '>', value: 5 }, false],
  [{ attribute: 'number', is: '>=', value: 5 }, true],
  [{ attribute: 'number', is: '>', value: '1' }, false],
  [{ attribute: 'list', is: '<', value: 'z' }, false],
  [{ attribute: 'astral', is: '>', value: '\uffff' }, true],
  [{ attribute: 'pk', is: 'present' }, true],
];

function describeConditions(makeTable: () => Promise<Table>) {
  it('judges every comparison as stated: types are told apart, an absent attribute fails all of them', async () => {
    const table = await makeTable();
    await table.write([put(stored)]);
    const judged = [];
    for (const [test] of conditionCases) judged.push([test, await holdsFor(table, when(test))]);
    expect(judged).toEqual(conditionCases);
  });

  it('needs all tests of one list and any one of the lists', async () => {
    const table = await makeTable();
    await table.write([put(stored)]);
    const right: Test = { attribute: 'number', is: '=', value: 5 };
    const unequal: Test = { attribute: 'text', is: '!=', value: 'z' };
    const wrong: Test = { attribute: 'text', is: '=', value: 'z' };
    expect(await holdsFor(table, when(right, unequal))).toBe(true);
    expect(await holdsFor(table, when(right, wrong))).toBe(false);
    expect(await holdsFor(table, { anyOf: [[wrong], [right, wrong], [unequal, right]] })).toBe(true);
    expect(await holdsFor(table, { anyOf: [[wrong], [right, wrong]] })).toBe(false);
  });

  it('answers a failed condition of each kind of write with the item that it found, and changes nothing', async () => {
    const table = await makeTable();
    await table.write([put(stored)]);
    const condition = when({ attribute: 'number', is: '=', value: 6 });
    const writes: readonly Write[] = [
      put({ ...at('a'), number: 7 }, condition),
      { kind: 'update', key: at('a'), add: { number: 1 }, condition },
      { kind: 'delete', key: at('a'), condition },
    ];
    for (const write of writes) {
      await expect(table.write([write])).rejects.toEqual(new ConditionFailed([{ index: 0, item: stored }]));
    }
    const nowhere = put(at('b'), when({ attribute: 'pk', is: 'present' }));
    await expect(table.write([nowhere])).rejects.toEqual(new ConditionFailed([{ index: 0, item: null }]));
    expect(await table.get([at('a'), at('b')])).toEqual([stored, null]);
  });

  it('lets exactly one of many concurrent openers win', async () => {
    const table = await makeTable();
    const absent = when({ attribute: 'pk', is: 'absent' });
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => table.write([put({ ...at('pointer'), owner: i }, absent)])),
    );
    expect(tries.filter((settled) => settled.status === 'fulfilled')).toHaveLength(1);
    const lost = tries.flatMap((settled) => (settled.status === 'rejected' ? [settled.reason] : []));
    const [owner] = await table.get([at('pointer')]);
    expect(lost).toEqual(Array.from({ length: 11 }, () => new ConditionFailed([{ index: 0, item: owner ?? null }])));
  });
}

async function holdsFor(table: Table, condition: Extract<Write, { kind: 'check' }>['condition']): Promise<boolean> {
  try {
    await table.write([{ kind: 'check', key: at('a'), condition }, put(at('witness'))]);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ConditionFailed);
    return false;
  }
}

function describeTransactions(makeTable: () => Promise<Table>) {
  it('does all writes of a transaction together, up to a hundred', async () => {
    const table = await makeTable();
    await table.write([put({ ...at('old'), kept: false }), put({ ...at('checked'), version: 3 })]);
    const many = Array.from({ length: 97 }, (_, i) => put({ ...at(`new${String(i).padStart(3, '0')}`), i }));
    await table.write([
      ...many,
      { kind: 'delete', key: at('old') },
      { kind: 'update', key: at('made'), set: { by: 'update' } },
      { kind: 'check', key: at('checked'), condition: when({ attribute: 'version', is: '=', value: 3 }) },
    ]);
    const items = await drain((after) => table.query({ pk: 'P', after }));
    expect(sortKeys(items)).toEqual(['checked', 'made', ...many.map((_, i) => `new${String(i).padStart(3, '0')}`)]);
  });

  it('does nothing when a condition fails, and lists every failed one with the item found there', async () => {
    const table = await makeTable();
    const absent = when({ attribute: 'pk', is: 'absent' });
    const one = { ...at('one'), version: 1 };
    await table.write([put(one)]);
    const writes: readonly Write[] = [
      put({ ...at('fine'), x: 1 }),
      put({ ...at('one'), version: 2 }, absent),
      { kind: 'update', key: at('two'), set: { x: 1 }, condition: when({ attribute: 'pk', is: 'present' }) },
      { kind: 'update', key: at('three'), set: { x: 1 }, condition: absent },
      { kind: 'check', key: at('four'), condition: when({ attribute: 'version', is: '=', value: 1 }) },
    ];
    await expect(table.write(writes)).rejects.toEqual(
      new ConditionFailed([
        { index: 1, item: one },
        { index: 2, item: null },
        { index: 4, item: null },
      ]),
    );
    expect(await drain((after) => table.query({ pk: 'P', after }))).toEqual([one]);
  });

  it('never shows half of a transaction to a query', async () => {
    const table = await makeTable();
    await table.write([put({ ...at('a'), n: 0 }), put({ ...at('b'), n: 0 })]);
    for (let n = 1; n <= 5; n++) {
      await table.write([put({ ...at('a'), n }), put({ ...at('b'), n })]);
      const { items } = await table.query({ pk: 'P' });
      expect(items.map((item) => item.n)).toEqual([n, n]);
    }
  });
}

function describeQueries(makeTable: () => Promise<Table>) {
  const keys = [
    'A',
    'COMMIT#0000000001#x',
    'COMMIT#0000000002#x',
    'COMMIT#0000000010#x',
    'PAGE#1',
    '\uffee',
    '\u{1F600}',
  ];

  async function filled() {
    const table = await makeTable();
    await table.write([...keys.toReversed().map((sk) => put(at(sk))), put(at('COMMIT#9', 'other'))]);
    return table;
  }

  it('orders a partition by the bytes of its sort keys, and keeps partitions apart', async () => {
    const table = await filled();
    expect(sortKeys((await table.query({ pk: 'P' })).items)).toEqual(keys);
    expect(sortKeys((await table.query({ pk: 'P', newestFirst: true })).items)).toEqual(keys.toReversed());
    expect(await table.query({ pk: 'nobody' })).toEqual({ items: [], next: null });
  });

  it('selects by prefix, by start (in), by end (out), and by all of them together', async () => {
    const table = await filled();
    const ask = async (range: { skPrefix?: string; skFrom?: string; skBefore?: string; newestFirst?: boolean }) =>
      sortKeys((await table.query({ pk: 'P', ...range })).items);
    expect(await ask({ skPrefix: 'COMMIT#' })).toEqual(keys.slice(1, 4));
    expect(await ask({ skPrefix: 'COMMIT#', newestFirst: true })).toEqual(keys.slice(1, 4).toReversed());
    expect(await ask({ skFrom: 'COMMIT#0000000002#x' })).toEqual(keys.slice(2));
    expect(await ask({ skBefore: 'COMMIT#0000000010#x' })).toEqual(keys.slice(0, 3));
    expect(await ask({ skFrom: 'COMMIT#0000000002#x', skBefore: 'PAGE#1' })).toEqual(keys.slice(2, 4));
    expect(await ask({ skPrefix: 'COMMIT#', skFrom: 'COMMIT#0000000002' })).toEqual(keys.slice(2, 4));
    expect(await ask({ skPrefix: 'COMMIT#', skBefore: 'COMMIT#0000000010#x' })).toEqual(keys.slice(1, 3));
    expect(await ask({ skPrefix: 'COMMIT#', skFrom: 'PAGE#' })).toEqual([]);
    expect(await ask({ skFrom: 'B', skBefore: 'B' })).toEqual([]);
    expect(await ask({ skPrefix: '\uffee' })).toEqual(['\uffee']);
  });

  it('pages through everything in both directions, without repeats and without the excluded end', async () => {
    const table = await filled();
    for (const newestFirst of [false, true]) {
      const all = await drain((after) => table.query({ pk: 'P', limit: 2, newestFirst, after }));
      expect(sortKeys(all)).toEqual(newestFirst ? keys.toReversed() : keys);
      const some = await drain((after) =>
        table.query({ pk: 'P', skFrom: 'COMMIT#', skBefore: 'PAGE#1', limit: 1, newestFirst, after }),
      );
      expect(sortKeys(some)).toEqual(newestFirst ? keys.slice(1, 4).toReversed() : keys.slice(1, 4));
    }
  });

  it('goes on after an item that has been deleted since the page was read', async () => {
    const table = await filled();
    const { next } = await table.query({ pk: 'P', limit: 2 });
    await table.write([{ kind: 'delete', key: at('COMMIT#0000000001#x') }]);
    expect(sortKeys((await table.query({ pk: 'P', after: next })).items)).toEqual(keys.slice(2));
  });

  it('cuts a page at one megabyte', async () => {
    const table = await makeTable();
    for (const sk of ['1', '2', '3', '4']) await table.write([put({ ...at(sk), bulk: 'x'.repeat(390_000) })]);
    const page = await table.query({ pk: 'P' });
    expect(sortKeys(page.items)).toEqual(['1', '2', '3']);
    expect(sortKeys((await table.query({ pk: 'P', after: page.next })).items)).toEqual(['4']);
  });
}

function describeIndexes(makeTable: () => Promise<Table>) {
  const instant = (minute: number) => `2026-03-01T10:0${minute}:00.000Z`;

  it('lists what is due before an instant, oldest first, with keys and kind only', async () => {
    const table = await makeTable();
    const due = (sk: string, minute: number) => ({
      ...at(sk),
      kind: 'page',
      body: 'long',
      ...dueIndex('i', instant(minute)),
    });
    await table.write([
      put(due('late', 3)),
      put(due('soon', 1)),
      put(due('now', 2)),
      put({ ...at('never'), kind: 'page' }),
    ]);
    const { dueShard } = dueIndex('i', '');
    const page = await table.queryIndex({ index: 'due', partition: dueShard, before: instant(3) });
    expect(page).toEqual({
      items: [
        { ...at('soon'), kind: 'page', dueShard, dueAt: instant(1) },
        { ...at('now'), kind: 'page', dueShard, dueAt: instant(2) },
      ],
      next: null,
    });
    expect((await table.queryIndex({ index: 'due', partition: 'DUE#xx' })).items).toEqual([]);
  });

  it('follows items in and out of an index and to another place in it', async () => {
    const table = await makeTable();
    const { openShard, openSort } = firingAlertIndex('prod', 'f1');
    const ask = async () => (await table.queryIndex({ index: 'open', partition: openShard })).items;
    await table.write([put({ ...at('a'), kind: 'alert', openShard, openSort })]);
    expect(await ask()).toEqual([{ ...at('a'), kind: 'alert', openShard, openSort }]);
    await table.write([{ kind: 'update', key: at('a'), set: { openSort: 'moved' } }]);
    expect(await ask()).toEqual([{ ...at('a'), kind: 'alert', openShard, openSort: 'moved' }]);
    await table.write([{ kind: 'update', key: at('a'), remove: ['openSort'] }]);
    expect(await ask()).toEqual([]);
    await table.write([{ kind: 'update', key: at('a'), set: { openSort } }]);
    await table.write([{ kind: 'delete', key: at('a') }]);
    expect(await ask()).toEqual([]);
  });

  it('pages through entries of the same instant without losing or repeating one', async () => {
    const table = await makeTable();
    const names = Array.from({ length: 7 }, (_, i) => `n${i}`);
    await table.write(names.map((sk) => put({ ...at(sk), kind: 'alert', ...dueIndex('same', instant(1)) })));
    const { dueShard } = dueIndex('same', '');
    const items = await drain((after) => table.queryIndex({ index: 'due', partition: dueShard, limit: 3, after }));
    expect(sortKeys(items).toSorted()).toEqual(names);
  });
}
