import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './engines/processes.ts';
import { StartError } from './settings.ts';

/** Where the parts of a running product listen, for commands of another process: DATA_DIR/endpoints.json. */
export interface Endpoints {
  readonly pid: number;
  readonly url: string;
  /** The ports of the engines change at every start. */
  readonly sqs: string;
}

const fileOf = (dataDir: string): string => join(dataDir, 'endpoints.json');

/** Answers how to take the record away again. After kill -9 it stays, with a pid that is no more. */
export function recordEndpoints(dataDir: string, endpoints: Endpoints): () => Promise<void> {
  const file = fileOf(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`);
  renameSync(`${file}.new`, file);
  return async () => rmSync(file, { force: true });
}

/** @throws StartError when nothing runs over this directory */
export function readEndpoints(dataDir: string): Endpoints {
  const file = fileOf(dataDir);
  const endpoints: Endpoints | null = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (endpoints === null || !isAlive(endpoints.pid)) {
    throw new StartError(
      `No Tocsin runs over ${dataDir}: start it with \`npm start\` (or set DATA_DIR as it was set there), or name an environment on AWS with --environment.`,
    );
  }
  return endpoints;
}
