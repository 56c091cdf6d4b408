import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { useRollbackJournal, useWriteAheadLog } from '#local/engines/dynamodb-journal.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();

function ask(file: string, sql: string): unknown {
  const database = new DatabaseSync(file);
  try {
    return database.prepare(sql).get();
  } finally {
    database.close();
  }
}

const modeOf = (file: string) => ask(file, 'PRAGMA journal_mode');

describe("the database's file", () => {
  it('has a write-ahead log from the start, and keeps it', () => {
    const file = join(tempDir(), 'new.db');
    useWriteAheadLog(file);
    expect(modeOf(file)).toEqual({ journal_mode: 'wal' });
    useWriteAheadLog(file);
    expect(modeOf(file)).toEqual({ journal_mode: 'wal' });
  });

  it('keeps what lies in it, the log of a killed engine included, when Docker is to run on it', () => {
    const file = join(tempDir(), 'tables.db');
    useWriteAheadLog(file);
    // Never closed, as after kill -9: the row lies in the log only.
    const killed = new DatabaseSync(file);
    killed.exec("CREATE TABLE kept (value TEXT); INSERT INTO kept VALUES ('page')");
    const copy = join(tempDir(), 'tables.db');
    for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
    useRollbackJournal(copy);
    expect([modeOf(copy), ask(copy, 'SELECT value FROM kept')]).toEqual([
      { journal_mode: 'delete' },
      { value: 'page' },
    ]);
    killed.close();
  });

  it('is not made for Docker, whose engine makes its own', () => {
    const file = join(tempDir(), 'none.db');
    useRollbackJournal(file);
    expect(existsSync(file)).toBe(false);
  });
});
