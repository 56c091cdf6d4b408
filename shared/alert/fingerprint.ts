import { compareUtf8, utf8Bytes } from '../kernel/utf8.ts';
import type { Labels } from './labels.ts';

/**
 * The 64-bit hash as two unsigned 32-bit halves: BigInt would take several microseconds a label, on the hot path.
 * FNV-1a 64: offset basis 0xcbf29ce484222325, prime 0x100000001b3 = 2^40 + 0x1b3 (PROTOCOLS 1.7).
 */
interface Hash {
  high: number;
  low: number;
}
const offsetHigh = 0xcbf29ce4;
const offsetLow = 0x84222325;
const primeLow = 0x1b3;
const separator = 0xff;

/** hash = (hash XOR byte) * prime mod 2^64. The products stay below 2^42, so doubles hold them exactly. */
function absorbByte(hash: Hash, byte: number): void {
  const mixed = (hash.low ^ byte) >>> 0;
  const product = mixed * primeLow;
  hash.low = product >>> 0;
  hash.high = (hash.high * primeLow + Math.floor(product / 0x1_0000_0000) + ((mixed << 8) >>> 0)) >>> 0;
}

function absorbText(hash: Hash, text: string): void {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) {
      for (const byte of utf8Bytes(text.slice(i))) absorbByte(hash, byte);
      return;
    }
    absorbByte(hash, unit);
  }
}

const hex32 = (half: number): string => half.toString(16).padStart(8, '0');

/**
 * An alert's fingerprint as Alertmanager computes it: FNV-1a 64 over name, 0xFF, value, 0xFF of each label in the order
 * of their names' UTF-8 bytes, labels with empty values left out. Give it the labels as received, before any shortening.
 * Returns 16 lower-case hex digits.
 */
export function fingerprintOf(labels: Labels): string {
  const hash: Hash = { high: offsetHigh, low: offsetLow };
  const names = Object.keys(labels).sort(compareUtf8);
  for (const name of names) {
    const value = labels[name];
    if (!value) continue;
    absorbText(hash, name);
    absorbByte(hash, separator);
    absorbText(hash, value);
    absorbByte(hash, separator);
  }
  return hex32(hash.high) + hex32(hash.low);
}
