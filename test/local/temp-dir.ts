import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

export const makeTempDir = (): string => mkdtempSync(join(tmpdir(), 'tocsin-test-'));
export const removeTempDir = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Directories that are gone after each test of the file that calls this. */
export function useTempDirs(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) removeTempDir(folder);
  });
  return () => {
    const folder = makeTempDir();
    made.push(folder);
    return folder;
  };
}
