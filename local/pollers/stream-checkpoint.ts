import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Everything up to this record has been handled. */
export interface StreamPosition {
  readonly streamArn: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

export interface Checkpoint {
  read(): StreamPosition | null;
  write(position: StreamPosition): void;
}

/** A position in a file, replaced atomically: after kill -9 it is the old one or the new one. */
export function fileCheckpoint(file: string): Checkpoint {
  return {
    read: () => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StreamPosition) : null),
    write(position) {
      writeFileSync(`${file}.new`, JSON.stringify(position));
      renameSync(`${file}.new`, file);
    },
  };
}
