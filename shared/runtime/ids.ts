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
