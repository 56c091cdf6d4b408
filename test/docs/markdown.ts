import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Paths are relative to the top of the repository. */
export const pathOf = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));
export const isThere = (file: string): boolean => existsSync(pathOf(file));
export const readDoc = (file: string): string => readFileSync(pathOf(file), 'utf8');

export interface Fence {
  readonly language: string;
  readonly text: string;
}

/** Fenced blocks, also those inside lists, without their indentation. */
export const fencesOf = (markdown: string): readonly Fence[] =>
  [...markdown.matchAll(/^( *)```([^\n]*)\n([\s\S]*?)^\1```$/gm)].map(([, indent = '', language = '', text = '']) => ({
    language: language.trim(),
    text: text
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n'),
  }));

export const withoutFences = (markdown: string): string => markdown.replace(/^( *)```[^\n]*\n[\s\S]*?^\1```$/gm, '');

export const headingsOf = (markdown: string): readonly string[] =>
  [...withoutFences(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);

/** The anchor that GitHub gives a heading: lower case, without punctuation, blanks as hyphens. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** The text of a section, from its heading to the next one of any level; null when there is none. */
export function sectionOf(markdown: string, heading: string): string | null {
  const lines = markdown.split('\n');
  let inFence = false;
  let start: number | null = null;
  for (const [index, line] of lines.entries()) {
    if (/^ *```/.test(line)) inFence = !inFence;
    if (inFence || !/^#{1,6} /.test(line)) continue;
    if (start !== null) return lines.slice(start, index).join('\n');
    if (line.replace(/^#+ /, '') === heading) start = index + 1;
  }
  return start === null ? null : lines.slice(start).join('\n');
}

export interface Link {
  readonly file: string;
  readonly anchor: string | null;
}

/** Links to files of the repository, with the file as the document sees it. */
export const relativeLinks = (markdown: string): readonly Link[] =>
  [...withoutFences(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = null] = target.split('#');
      return { file, anchor };
    });
