import { expect, it } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import type { AttributeValue, Item, Table, Write } from '#shared/store/table.ts';

const key = { pk: 'P', sk: 'a' };
const put = (item: Item): Write => ({ kind: 'put', item });
const update = (rest: Partial<Extract<Write, { kind: 'update' }>>): Write => ({ kind: 'update', key, ...rest });

const nested = (levels: number): AttributeValue => (levels === 0 ? 1 : [nested(levels - 1)]);

const refused: Readonly<Record<string, readonly Write[]>> = {
  'no write at all': [],
  'more than a hundred writes': Array.from({ length: 101 }, (_, i) => put({ pk: 'P', sk: `${i}` })),
  'one item twice': [put({ ...key, x: 1 }), update({ set: { y: 1 } })],
  'a check alone': [{ kind: 'check', key, condition: { anyOf: [[{ attribute: 'pk', is: 'absent' }]] } }],
  'an empty partition key': [put({ pk: '', sk: 'a' })],
  'an empty sort key': [put({ pk: 'P', sk: '' })],
  'a partition key above 2,048 bytes': [put({ pk: 'é'.repeat(1025), sk: 'a' })],
  'a sort key above 1,024 bytes': [put({ pk: 'P', sk: 'x'.repeat(1025) })],
  'an index attribute that is null': [put({ ...key, dueShard: 'DUE#00', dueAt: null })],
  'an index attribute that is empty': [put({ ...key, openShard: '', openSort: 'x' })],
  'an index attribute set to a number': [update({ set: { dueAt: 5 } })],
  'an item above 400 KB': [put({ ...key, bulk: 'x'.repeat(400 * 1024) })],
  'a transaction above 4 MB': Array.from({ length: 11 }, (_, i) =>
    put({ pk: 'P', sk: `${i}`, bulk: 'x'.repeat(400_000) }),
  ),
  'a number that is not finite': [put({ ...key, n: Number.NaN })],
  'an integer that cannot be held exactly': [put({ ...key, n: 2 ** 53 })],
  'a number too close to zero': [put({ ...key, n: 1e-131 })],
  'nesting deeper than 32 levels': [put({ ...key, deep: nested(33) })],
  'an update without a change': [update({})],
  'an update of a key attribute': [update({ set: { sk: 'b' } })],
  'an update that names an attribute twice': [update({ set: { x: 1 }, remove: ['x'] })],
  'an update that adds to a text': [update({ add: { text: 1 } })],
  'an update that grows an item above 400 KB': [update({ set: { more: 'x'.repeat(200_000) } })],
  'an update that adds to a text, in a transaction': [update({ add: { text: 1 } }), put({ pk: 'P', sk: 'b' })],
  'a condition without a test': [{ kind: 'delete', key, condition: { anyOf: [[]] } }],
  'a condition without a list': [{ kind: 'delete', key, condition: { anyOf: [] } }],
  'an order between booleans': [
    { kind: 'delete', key, condition: { anyOf: [[{ attribute: 'x', is: '<', value: true }]] } },
  ],
};

/** What no implementation stores: refused as `invalid`, with nothing changed. */
export function describeRefusals(makeTable: () => Promise<Table>): void {
  it.for(Object.entries(refused))('refuses %s, and changes nothing', async ([, writes]) => {
    const table = await makeTable();
    const before = { ...key, text: 'x', bulk: 'x'.repeat(250_000) };
    await table.write([put(before)]);
    const error: unknown = await table.write(writes).then(
      () => 'was stored',
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(AdapterError);
    expect(error).toMatchObject({ reason: 'invalid', retryable: false });
    expect((await table.query({ pk: 'P' })).items).toEqual([before]);
  });

  it('refuses a read with an empty key, an endless page and a cursor that is none', async () => {
    const table = await makeTable();
    const refusals = [
      table.get([{ pk: 'P', sk: '' }]),
      table.query({ pk: 'P', limit: 0 }),
      table.queryIndex({ index: 'due', partition: 'DUE#00', limit: 1.5 }),
      table.query({ pk: 'P', after: 'not a cursor' }),
      table.query({ pk: 'P', after: '{"nothing":{"S":"of ours"}}' }),
    ];
    for (const refusal of refusals)
      await expect(refusal).rejects.toMatchObject({ name: 'AdapterError', reason: 'invalid' });
  });
}
