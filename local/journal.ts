import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** An append-only file of JSON lines: an entry is in the file before `append` returns, so it survives kill -9. */
export interface Journal<Entry> {
  append(entry: Entry): void;
  /** Replaces everything, atomically: for compaction at start. */
  rewrite(entries: readonly Entry[]): void;
}

/** Keeps nothing: for stand-ins without a data directory. */
export const noJournal = { append: () => {}, rewrite: () => {} } as const satisfies Journal<unknown>;

/** Opens a journal and answers what it holds. A last line that was cut off by a crash was never answered for: dropped. */
export function openJournal<Entry>(file: string): { journal: Journal<Entry>; entries: readonly Entry[] } {
  mkdirSync(dirname(file), { recursive: true });
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const entries: Entry[] = [];
  for (const line of lines) {
    const entry = line === '' ? null : parseLine<Entry>(line);
    if (entry !== null) entries.push(entry);
  }
  const rewrite = (all: readonly Entry[]) => {
    writeFileSync(`${file}.new`, all.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    renameSync(`${file}.new`, file);
  };
  // A cut line has no line end: written anew, so that the next entry does not stick to it.
  if (lines.at(-1) !== '' && lines.length > 0) rewrite(entries);
  return { entries, journal: { append: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`), rewrite } };
}

function parseLine<Entry>(line: string): Entry | null {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return null;
  }
}
