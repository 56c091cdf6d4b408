import { createHash } from 'node:crypto';

/** The one impure import of the kernel: SHA-256 is deterministic, and a library of our own would be slower. */
export const sha256Hex = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** A short stable id from several parts; parts are length-prefixed so that ("a","bc") and ("ab","c") differ. */
export const hashOf = (...parts: readonly string[]): string =>
  sha256Hex(parts.map((part) => `${part.length}:${part}`).join('|')).slice(0, 32);

/** Spreads keys over `count` shards, evenly and for ever the same. */
export const shardOf = (key: string, count: number): number => Number.parseInt(sha256Hex(key).slice(0, 8), 16) % count;
