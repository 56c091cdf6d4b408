import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * DynamoDB Local keeps its tables in a SQLite file, and such a file remembers how it is written. With a write-ahead log a
 * commit waits for the disk once; with the rollback journal, SQLite's default, four times (3 and 16 ms on a small cloud
 * disk), with every other write waiting behind it. Both survive kill -9. The engine takes an empty file as a new database.
 */
export const useWriteAheadLog = (file: string): void => setJournalMode(file, 'WAL');

/** The log needs shared memory between its readers, which a folder that Docker mounts may not have. */
export function useRollbackJournal(file: string): void {
  if (existsSync(file)) setJournalMode(file, 'DELETE');
}

/** Before the engine opens the file. What a killed engine left in the log is carried over. */
function setJournalMode(file: string, mode: 'WAL' | 'DELETE'): void {
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA journal_mode = ${mode}`);
  } finally {
    database.close();
  }
}
