import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, endOfPrefix, isEmptyRange, keyRangeOf } from '#shared/store/byte-order.ts';

const text = fc.string({ unit: 'binary', maxLength: 6 });
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('the order of sort keys', () => {
  it('is the order of their UTF-8 bytes', () => {
    fc.assert(fc.property(text, text, (a, b) => Math.sign(compareBytes(a, b)) === byBytes(a, b)));
    expect(compareBytes('\uffff', '\u{10000}')).toBeLessThan(0);
  });

  it('has exactly the strings with a prefix between the prefix and its end', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = endOfPrefix(prefix);
        const isInside = compareBytes(other, prefix) >= 0 && (end === null || compareBytes(other, end) < 0);
        expect(isInside).toBe(Buffer.from(other).subarray(0, Buffer.byteLength(prefix)).equals(Buffer.from(prefix)));
      }),
      { numRuns: 500 },
    );
  });

  it('ends prefixes where a character has no successor in its place', () => {
    const ends = ['COMMIT#', 'a\u{10ffff}', '\u{10ffff}', '', '\ud7ff', 'a\uffff'].map(endOfPrefix);
    expect(ends).toEqual(['COMMIT$', 'b', null, null, '\ue000', 'a\u{10000}']);
  });

  it('joins prefix, start and end of a query into the narrowest range', () => {
    const ranges = [
      keyRangeOf({}),
      keyRangeOf({ skPrefix: 'P#' }),
      keyRangeOf({ skPrefix: 'P#', skFrom: 'P#5', skBefore: 'P#7' }),
      keyRangeOf({ skPrefix: 'P#', skFrom: 'A', skBefore: 'Z' }),
      keyRangeOf({ skPrefix: 'P#', skFrom: 'Q' }),
    ];
    expect(ranges).toEqual([
      { from: null, before: null },
      { from: 'P#', before: 'P$' },
      { from: 'P#5', before: 'P#7' },
      { from: 'P#', before: 'P$' },
      { from: 'Q', before: 'P$' },
    ]);
    expect(ranges.map(isEmptyRange)).toEqual([false, false, false, false, true]);
  });
});
