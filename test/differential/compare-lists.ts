import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMatcher, type Matcher } from '#shared/alert/matcher.ts';
import { parseClassicMatchers } from '#shared/alert/matcher-classic.ts';
import { parseMatchers } from '#shared/alert/parse-matcher.ts';
import type { Result } from '#shared/kernel/result.ts';
import { type Comparison, type Difference, inChunks, joinComparisons } from './difference.ts';
import type { Amtool } from './programs.ts';
import { quoteYaml } from './yaml.ts';

const readAs = (grammar: Amtool['grammar'], text: string): Result<readonly Matcher[]> =>
  grammar === 'classic' ? parseClassicMatchers(text) : parseMatchers(text);

const configOf = (routes: readonly string[]): string =>
  `route:\n  receiver: root\n  routes:\n${routes.join('')}receivers:\n- name: root\n`;

/** Which texts a program takes as a list of matchers: one file each, all checked by one process. */
async function acceptance(amtool: Amtool, texts: readonly string[], folder: string): Promise<readonly boolean[]> {
  const files = texts.map((text, i) => {
    const file = `${i}.yml`;
    writeFileSync(join(folder, file), configOf([`  - matchers: [${quoteYaml(text)}]\n`]));
    return file;
  });
  const { output } = await amtool.run(['check-config', ...files], folder);
  // The newest writes its warnings into the same stream, between the name of a file and the verdict on it.
  const verdicts = output.split(/^Checking '\d+\.yml'/m).slice(1);
  if (verdicts.length !== texts.length) throw new Error(`${amtool.name} judged ${verdicts.length} of ${texts.length}`);
  return verdicts.map((said) => /^ {2}SUCCESS/m.test(said));
}

/** How a program prints what it has read, one line a text; matchers are sorted by name, then value and operator. */
async function readings(amtool: Amtool, texts: readonly string[], folder: string): Promise<readonly string[]> {
  const file = 'show.yml';
  const routes = texts.map((text, i) => `  - receiver: r${i}\n    matchers: [${quoteYaml(text)}]\n`);
  const receivers = texts.map((_, i) => `- name: r${i}\n`);
  writeFileSync(join(folder, file), configOf(routes) + receivers.join(''));
  const { output } = await amtool.run(['config', 'routes', 'show', `--config.file=${file}`], folder);
  const shown = [...output.matchAll(/^ {4}[├└]── ([^\n]*?) {2}receiver: r\d+$/gm)].map(([, line]) => line ?? '');
  if (shown.length !== texts.length) throw new Error(`${amtool.name} showed ${shown.length} of ${texts.length} routes`);
  return shown;
}

/** Sorted here too: order decides nothing, and ours is the file's. */
const sortedText = (parts: readonly string[]): string => [...parts].sort().join('\n');

/** By our own parser, which is under test: a wrong split differs from what is expected in any case. */
const partsOf = (shown: string): readonly string[] => {
  if (shown === 'default-route' || shown === '{}') return [];
  const parsed = parseMatchers(shown);
  return parsed.ok ? parsed.value.map(formatMatcher) : [shown];
};

/** Texts as lists of matchers: the same are refused, and the others mean the same names, operators and values. */
export const compareLists = (amtool: Amtool, texts: readonly string[], folderOf: (name: string) => string) =>
  inChunks(texts, 2000, async (chunk, first): Promise<Comparison> => {
    const folder = folderOf(`lists-${first}`);
    const ours = chunk.map((text) => readAs(amtool.grammar, text));
    const theirs = await acceptance(amtool, chunk, folder);
    const differences: Difference[] = chunk.flatMap((text, i) =>
      ours[i]?.ok === theirs[i]
        ? []
        : [{ part: 'list accepted', program: amtool.name, input: text, theirs: theirs[i], ours: ours[i] }],
    );
    const good = chunk.flatMap((text, i) => {
      const reading = ours[i];
      return reading?.ok && theirs[i] === true ? [{ text, matchers: reading.value }] : [];
    });
    const texts = good.map(({ text }) => text);
    const shown = await readings(amtool, texts, folder);
    const misread = good.flatMap(({ text, matchers }, i): Difference[] => {
      const expected = sortedText(matchers.map(formatMatcher));
      const actual = sortedText(partsOf(shown[i] ?? ''));
      return expected === actual
        ? []
        : [{ part: 'list meaning', program: amtool.name, input: text, theirs: shown[i], ours: matchers }];
    });
    return joinComparisons([
      { cases: chunk.length, differences },
      { cases: good.length, differences: misread },
    ]);
  });
