import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiJson } from '#shared/runtime/ascii-json.ts';

describe('ASCII JSON', () => {
  it('reads back as what was written, whatever the text holds', () => {
    const halves = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(halves, halves, { noNullPrototype: true }));
    fc.assert(
      fc.property(value, (data) => {
        const text = asciiJson(data);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)));
      }),
      { numRuns: 500 },
    );
  });

  it('escapes all that is not printable ASCII', () => {
    expect(asciiJson({ é: '\u007f\u0000\n\ud800\uffff\u{1F600}' })).toBe(
      '{"\\u00e9":"\\u007f\\u0000\\n\\ud800\\uffff\\ud83d\\ude00"}',
    );
  });
});
