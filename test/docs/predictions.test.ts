import { expect, it, vi } from 'vitest';
import { runPolicyCommand } from '#local/policy-command.ts';
import { fencesOf, readDoc } from './markdown.ts';

/** Predictions that people read first are what the command prints today, with today's policy files. */

interface Shown {
  readonly file: string;
  readonly command: string;
  readonly answer: string;
}

const prefix = 'npm run policy -- ';

/** A command and its answer: in one block behind `$`, or in two. */
const shown = ['README.md', 'docs/on-call.md'].flatMap((file): readonly Shown[] => {
  const fences = fencesOf(readDoc(file));
  return fences.flatMap(({ text, language }, index) => {
    const [first = '', ...rest] = text.trim().split('\n');
    const command = first.replace(/^\$ /, '');
    if (!command.startsWith(`${prefix}who `)) return [];
    const answer = language === 'console' ? rest.join('\n') : (fences[index + 1]?.text ?? '');
    return [{ file, command, answer }];
  });
});

it('the README and the guide each show who is woken', () => {
  expect(shown.map(({ file }) => file)).toEqual(['README.md', 'docs/on-call.md']);
});

it.each(shown)('$file shows what $command prints', ({ command, answer }) => {
  const said: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line: string) => said.push(line));
  try {
    expect(runPolicyCommand(command.slice(prefix.length).split(' '))).toBe(0);
  } finally {
    spy.mockRestore();
  }
  expect(answer.trim()).toBe(said.join('\n').trim());
});
