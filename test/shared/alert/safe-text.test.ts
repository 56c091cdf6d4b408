import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText, shorten } from '#shared/alert/safe-text.ts';

describe('foreign text is made safe to store and show', () => {
  it.each([
    ['plain ünïcode 😀 text', 'plain ünïcode 😀 text'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['windows\r\nline', 'windows\nline'],
    ['nul\u0000 escape\u001b[31m del\u007f c1\u009b', 'nul\ufffd escape\ufffd[31m del\ufffd c1\ufffd'],
    ['half \ud800 pair', 'half \ufffd pair'],
    ['\u202eevil\u202c \u2066a\u2069 \u200eb\u200f \u061c', 'evil a b '],
  ])('%j becomes %j', (text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  it('leaves nothing to make safe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = safeText(text);
        expect(safe).toBe(safeText(safe));
        expect(safe.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a text that is too long is cut with a mark', () => {
  it('within its bound in bytes, at a whole character', () => {
    expect([shorten('short', 5), shorten('é'.repeat(40), 60)]).toEqual(['short', `${'é'.repeat(22)}… [shortened]`]);
  });
});
