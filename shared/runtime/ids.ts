import { randomBytes } from 'node:crypto';
import type { Ids } from '../kernel/id.ts';

/** Crockford's base 32: digits and capitals in ASCII order, so that ids sort as their numbers do. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLetters = 10;
const randomLetters = 16;

export interface IdSource {
  readonly nowMillis: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

/**
 * Ids as ULID has them: 10 letters of epoch milliseconds, then 16 random ones (80 bits). Ids of the same millisecond sort at random;
 * nothing here needs more.
 */
export function makeIds(source: IdSource = { nowMillis: Date.now, randomBytes }): Ids {
  return {
    next() {
      const random = Array.from(source.randomBytes(randomLetters), (byte) => alphabet.charAt(byte % alphabet.length));
      return timePart(source.nowMillis()) + random.join('');
    },
    uuid: () => uuidAt(source.nowMillis(), source.randomBytes(10)),
  };
}

function timePart(millis: number): string {
  let rest = millis;
  let letters = '';
  for (let i = 0; i < timeLetters; i++) {
    letters = alphabet.charAt(rest % alphabet.length) + letters;
    rest = Math.floor(rest / alphabet.length);
  }
  return letters;
}

/** RFC 9562, version 7: 48 bits of epoch milliseconds, the version, 12 random bits, the variant, 62 random bits. */
function uuidAt(millis: number, random: Uint8Array): string {
  const [first = 0, second = 0, third = 0, ...rest] = random;
  const bytes = [0x70 | (first & 0x0f), second, 0x80 | (third & 0x3f), ...rest];
  const hex = (millis.toString(16).padStart(12, '0') + bytes.map(hexOf).join('')).match(
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
  );
  return (hex ?? []).slice(1).join('-');
}

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');
