import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8, cutToUtf8, utf8Length } from '#shared/kernel/utf8.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 30 });

describe('texts are measured and ordered by their UTF-8 bytes', () => {
  it('counts as many bytes as the encoder writes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('cuts to whole characters within the bound, and as late as possible', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), (text, bound) => {
        const cut = cutToUtf8(text, bound);
        const next = [...text.slice(cut.length)][0] ?? '';
        expect(text.startsWith(cut)).toBe(true);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bound);
        expect(next === '' || Buffer.byteLength(cut + next) > bound).toBe(true);
      }),
    );
  });

  it('orders as the bytes do', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
