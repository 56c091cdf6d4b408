import { createHash } from 'node:crypto';

/** The one impure import of the kernel: SHA-256 is deterministic, and a library of our own would be slower. */
export const sha256Hex = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** A short stable id from several parts; parts are length-prefixed so that ("a","bc") and ("ab","c") differ. */
export const hashOf = (...parts: readonly string[]): string =>
  sha256Hex(parts.map((part) => `${part.length}:${part}`).join('|')).slice(0, 32);

/** A UUID (version 8, of our own making) that is the same for the same parts: for what must not be made twice by a retry. */
export function uuidOf(...parts: readonly string[]): string {
  const hex = hashOf(...parts);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-',
  );
}

/** Spreads keys over `count` shards, evenly and for ever the same. */
export const shardOf = (key: string, count: number): number => Number.parseInt(sha256Hex(key).slice(0, 8), 16) % count;
