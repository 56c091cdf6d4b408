import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../settings.ts';
import { commandLineOf, isAlive, readPidFile } from './processes.ts';

/**
 * Takes the data directory for this process: two products over the same files would ruin them. Answers the release.
 * A lock whose owner is gone (kill -9), or whose pid now belongs to another program, is taken over.
 * @throws StartError when a running Tocsin holds it
 */
export function takeDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const lock = join(dataDir, 'tocsin.pid');
  const owner = readPidFile(lock);
  if (owner !== null && owner !== process.pid && isAlive(owner) && isNode(owner)) {
    throw new StartError(
      `Another Tocsin (process ${owner}) is using ${dataDir}: stop it, or set DATA_DIR to another directory.`,
    );
  }
  writeFileSync(lock, `${process.pid}\n`);
  return () => rmSync(lock, { force: true });
}

function isNode(pid: number): boolean {
  const commandLine = commandLineOf(pid);
  return commandLine === null || commandLine.includes('node');
}
