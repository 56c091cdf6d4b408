import { describe, expect, it } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { type CommittedChange, makeMemoryTable, type TableOperation } from '#shared/store/memory-table.ts';
import { itemAbsent, itemPresent } from '#shared/store/table.ts';

const at = (sk: string) => ({ pk: 'P', sk });

describe('the table in memory', () => {
  it('tells each commit once, in order, with what was there before and after', async () => {
    const commits: (readonly CommittedChange[])[] = [];
    const table = makeMemoryTable({ onWrite: (changes) => commits.push(changes) });
    await table.write([{ kind: 'put', item: { ...at('a'), n: 1 } }]);
    await table.write([
      { kind: 'check', key: at('c'), condition: itemAbsent },
      { kind: 'update', key: at('a'), add: { n: 1 } },
      { kind: 'put', item: at('b') },
      { kind: 'delete', key: at('never there') },
    ]);
    await table.write([{ kind: 'delete', key: at('a') }]);
    expect(commits).toEqual([
      [{ key: at('a'), before: null, after: { ...at('a'), n: 1 } }],
      [
        { key: at('a'), before: { ...at('a'), n: 1 }, after: { ...at('a'), n: 2 } },
        { key: at('b'), before: null, after: at('b') },
      ],
      [{ key: at('a'), before: { ...at('a'), n: 2 }, after: null }],
    ]);
  });

  it('tells nothing of a write that failed or changed nothing', async () => {
    const commits: unknown[] = [];
    const table = makeMemoryTable({ onWrite: (changes) => commits.push(changes) });
    await table.write([{ kind: 'delete', key: at('a') }]);
    const failing = [
      { kind: 'put', item: at('b') },
      { kind: 'check', key: at('a'), condition: itemPresent },
    ] as const;
    await expect(table.write(failing)).rejects.toMatchObject({ name: 'ConditionFailed' });
    expect(commits).toEqual([]);
  });

  it('fails as told before an operation, which is then not carried out, or after it, which then was', async () => {
    let faults: readonly string[] = [];
    const inject = ({ name, moment }: TableOperation) =>
      faults.includes(`${moment} ${name}`) ? new AdapterError('dynamodb', 'timeout', `${moment} ${name}`) : null;
    const table = makeMemoryTable({ inject });
    const open = (sk: string) => table.write([{ kind: 'put', item: at(sk), condition: itemAbsent }]);
    faults = ['before write'];
    await expect(open('a')).rejects.toThrow('before write');
    faults = ['after write'];
    await expect(open('b')).rejects.toThrow('after write');
    faults = ['before get', 'before query', 'before queryIndex'];
    await expect(table.get([at('a')])).rejects.toThrow('before get');
    await expect(table.query({ pk: 'P' })).rejects.toThrow('before query');
    await expect(table.queryIndex({ index: 'due', partition: 'DUE#00' })).rejects.toThrow('before queryIndex');
    expect(table.allItems()).toEqual([at('b')]);
  });

  it('hands out frozen items, at every depth', async () => {
    const table = makeMemoryTable();
    await table.write([{ kind: 'put', item: { ...at('a'), deep: { list: [{ x: 1 }] } } }]);
    const { newItem } = await table.write([{ kind: 'update', key: at('a'), set: { more: [{}] } }]);
    const walk = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(walk));
    expect(walk(newItem)).toBe(true);
    expect(walk((await table.get([at('a')]))[0])).toBe(true);
  });
});
