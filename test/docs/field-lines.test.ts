import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * What users of other on-call products complain about, by number: the complaints that on-call answers. A test that proves one of
 * them has its number at the beginning of its name, or of the name of its group.
 */
const lines: Readonly<Record<string, string>> = {
  B1: 'paged after the acknowledgement',
  B2: 'an acknowledgement that lands as the incident resolves un-resolves it',
  B3: 'an acknowledged incident escalates months later',
  B4: 'an alert of the same severity that joins clears the acknowledgement',
  B5: 'escalation never goes on after a restart or a time window, or its wait is skipped',
  B6: 'one contact that fails blocks the next',
  B25: 'changes of clocks and zones in rotations',
  B26: 'nobody is on call, and the delay is waited out all the same',
  B27: 'every notification is alike, whatever the severity',
  B28: 'nobody can tell why somebody was paged or not',
  B29: 'routing cannot be tried before it is deployed',
};

const root = path.resolve(import.meta.dirname, '..');
const own = path.join(root, 'docs', 'field-lines.test.ts');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((name) => path.join(root, name))
  .filter((name) => name.endsWith('.test.ts') && name !== own);

/** What stands in quotes behind `it(` and `describe(`, or behind their table. */
const nameOfTest = /(?:\b(?:it|describe)(?:\.\w+)?|\))\(\s*(['"`])((?:(?!\1)[^\n\\]|\\.)*)/g;

const names = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(nameOfTest)].map(([, , name = '']) => name),
);

const numberOf = (name: string): string | null => /^(?:FIELD )?(B\d+)\b/.exec(name)?.[1] ?? null;

describe('the complaints about other on-call products', () => {
  it.each(Object.entries(lines))('%s (%s) is answered by a test that has its number', (number) => {
    expect(names.filter((name) => numberOf(name) === number)).not.toEqual([]);
  });

  it('are found in the names of tests, and only there', () => {
    expect(names.length).toBeGreaterThan(1_000);
    expect(numberOf('B26: a step that nobody can reach')).toBe('B26');
    expect(numberOf('is refused when it has nothing in it (B26)')).toBeNull();
  });
});
