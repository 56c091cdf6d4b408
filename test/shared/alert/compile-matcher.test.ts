import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import {
  compileMatcher,
  compileMatchers,
  compileWhenAsked,
  maxRegexLength,
  maxRegexSize,
} from '#shared/alert/compile-matcher.ts';
import { type Matcher, matchesAll } from '#shared/alert/matcher.ts';
import { estimateRegexSize, literalAlternatives, literalPrefix } from '#shared/alert/regex-shape.ts';

const matcher = (operator: Matcher['operator'], value: string, name = 'foo'): Matcher => ({ name, operator, value });

function holds(condition: Matcher, labels: Record<string, string>): boolean {
  const compiled = compileMatcher(condition);
  if (!compiled.ok) throw new Error(compiled.problem);
  return matchesAll([compiled.value], labels);
}

const problemOf = (condition: Matcher): string | null => {
  const compiled = compileMatcher(condition);
  return compiled.ok ? null : compiled.problem;
};

describe('a matcher is a condition on one label', () => {
  const table: readonly [Matcher, Record<string, string>, boolean][] = [
    [matcher('=', 'bar'), { foo: 'bar' }, true],
    [matcher('=', 'bar'), { foo: 'bars' }, false],
    [matcher('!=', 'bar'), { foo: 'baz' }, true],
    // A missing label reads as "".
    [matcher('!=', 'bar'), {}, true],
    [matcher('=~', '.*'), {}, true],
    [matcher('=', ''), {}, true],
    [matcher('=~', '.+'), {}, false],
    [matcher('=~', 'a|'), {}, true],
    [matcher('!~', '.+'), {}, true],
    // Anchored at both ends, but as Alertmanager writes it: ^(?:…)$.
    [matcher('=~', 'ba'), { foo: 'bar' }, false],
    [matcher('=~', 'b|c'), { foo: 'bc' }, false],
    [matcher('=~', 'a)|(?:b'), { foo: 'xb' }, true],
    [matcher('=~', 'bar'), { foo: 'bar\n' }, false],
    // RE2, not JavaScript.
    [matcher('=~', '.'), { foo: '\n' }, false],
    [matcher('=~', '.'), { foo: '\r' }, true],
    [matcher('=~', '.'), { foo: '😀' }, true],
    [matcher('=~', '(?i)BAR'), { foo: 'bar' }, true],
    [matcher('=~', 'x(?i)BAR'), { foo: 'xbar' }, true],
    [matcher('=~', '[[:alpha:]]+'), { foo: 'bar' }, true],
    [matcher('=~', '[]a]'), { foo: ']' }, true],
    [matcher('=~', '\\Qa.b\\E'), { foo: 'axb' }, false],
    [matcher('=~', '\\pL+'), { foo: 'müßte' }, true],
    [matcher('=~', '(?P<n>a)'), { foo: 'a' }, true],
    // A label name that every JavaScript object inherits is still missing.
    [matcher('=', '', 'constructor'), {}, true],
    [matcher('=~', '.+', 'toString'), {}, false],
  ];
  it.each(table)('%j on %j is %j', (condition, labels, expected) => {
    expect(holds(condition, labels)).toBe(expected);
  });

  it('is ANDed with the others of its list', () => {
    const compiled = compileMatchers([matcher('=', 'a'), matcher('=~', '[0-9]+', 'n')]);
    if (!compiled.ok) throw new Error(compiled.problem);
    expect(
      [{ foo: 'a', n: '1' }, { foo: 'a' }, { foo: 'b', n: '1' }].map((x) => matchesAll(compiled.value, x)),
    ).toEqual([true, false, false]);
    expect(matchesAll([], { any: 'thing' })).toBe(true);
  });

  it('tells its values when they can be listed', () => {
    const valuesOf = (condition: Matcher) => {
      const compiled = compileMatcher(condition);
      return compiled.ok ? compiled.value.values : 'refused';
    };
    expect(
      [
        matcher('=', 'a.b'),
        matcher('=~', 'api|web\\.1|api'),
        matcher('=~', ''),
        matcher('!=', 'a'),
        matcher('=~', 'a.b'),
        matcher('!~', 'a|b'),
      ].map(valuesOf),
    ).toEqual([['a.b'], ['api', 'web.1'], [''], null, null, null]);
  });
});

describe('a regular expression that cannot be used is refused with a sentence', () => {
  it.each([
    ['(?=a)', 'cannot be read: invalid or unsupported Perl syntax: `(?=` at character 1'],
    ['a(?=a)|(?!b)', 'cannot be read: invalid or unsupported Perl syntax: `(?=` at character 2'],
    ['\\1', 'cannot be read: invalid escape sequence at character 1'],
    ['😀\\\\1\\1', 'cannot be read: invalid escape sequence: `\\1` at character 5'],
    ['a{1001}', 'cannot be read: invalid repeat count: `{1001}` at character 2'],
    ['a{2,1}b{2,1}', 'cannot be read: invalid repeat count: `{2,1}` at character 2'],
    ['\\Q**\\E**', 'cannot be read: invalid nested repetition operator: `**` at character 7'],
    ['a**', 'cannot be read: invalid nested repetition operator: `**` at character 2'],
    ['*', 'cannot be read: missing argument to repetition operator at character 1'],
    ['a|*', 'cannot be read: missing argument to repetition operator: `*` at character 3'],
    ['[', 'cannot be read: missing closing ] at character 1'],
    ['a|[b', 'cannot be read: missing closing ]: `[b` at character 3'],
    ['[b-a]', 'cannot be read: invalid character class range: `b-a` at character 2'],
    ['[[:foo:]]', 'cannot be read: invalid character class range: `[:foo:]` at character 2'],
    ['a\\pX', 'cannot be read: invalid character class range: `\\pX` at character 2'],
    ['(a(b)', 'cannot be read: missing closing ) at character 1'],
    ['[(](a', 'cannot be read: missing closing ) at character 4'],
    ['\\Q(\\E(a', 'cannot be read: missing closing ) at character 6'],
    ['a))(', 'cannot be read: unexpected ) at character 2'],
    ['ab\\', 'cannot be read: trailing backslash at end of expression at character 3'],
    ['(?P<n', 'cannot be read: invalid named capture at character 1'],
    [
      'a\\Qb',
      'cannot be read: error parsing regexp: missing closing ): `^(?:a\\Qb)$` (with the anchors around it; is a \\Q without its \\E?)',
    ],
  ])('%s', (regex, why) => {
    expect(problemOf(matcher('=~', regex))).toBe(
      `the regular expression ${JSON.stringify(regex.slice(0, 100))} of label "foo" ${why}`,
    );
  });

  it('when it nests too deeply', () => {
    expect(problemOf(matcher('=~', '('.repeat(1001) + ')'.repeat(1001)))).toContain('expression nests too deeply');
  });

  it('when it is too long, even if it only lists texts', () => {
    expect([problemOf(matcher('!~', 'a'.repeat(maxRegexLength))), problemOf(matcher('!~', 'a'.repeat(4097)))]).toEqual([
      null,
      `the regular expression "${'a'.repeat(100)}" of label "foo" is longer than 4096 characters`,
    ]);
  });

  it('when its repetitions multiply, before they are written out', () => {
    expect(problemOf(matcher('=~', `(${'\\pL'.repeat(50)}){1000}`))).toMatch(
      /repeats too much: written out it has more than 5000 parts at character 153$/,
    );
    expect(problemOf(matcher('=~', '\\pL{1000}'.repeat(10)))).toMatch(/parts at character 40$/);
    expect(problemOf(matcher('=~', '((a{30}){30}){30}'))).toMatch(/parts at character 14$/);
    expect(problemOf(matcher('=~', '[0-9]{1,3}(\\.[0-9]{1,3}){3}'))).toBe(null);
  });

  it('when those of a list repeat too much together', () => {
    const list = Array.from({ length: 10 }, (_, i) => matcher('=~', `[a-z]{1000}`.repeat(4), `l${i}`));
    expect(compileMatchers(list.slice(0, 4)).ok).toBe(true);
    expect(compileMatchers(list)).toEqual({
      ok: false,
      problem: 'the regular expressions repeat too much: written out they have 40000 parts together, and 20000 may be',
    });
    expect(
      compileMatchers([
        ...list.slice(0, 4),
        ...list.map(({ name, value }) => ({ name, operator: '=' as const, value })),
      ]).ok,
    ).toBe(true);
  });

  it('and the first problem stands for a list', () => {
    expect(compileMatchers([matcher('=', 'a'), matcher('=~', '('), matcher('=~', '*')])).toEqual(
      compileMatcher(matcher('=~', '(')),
    );
  });

  it('and a stored one that cannot be read any more holds for nothing', () => {
    const values = ['', 'a', '('];
    expect(
      (['=~', '!~'] as const).map((operator) => values.map(compileWhenAsked(matcher(operator, '(.')).accepts)),
    ).toEqual([
      [false, false, false],
      [false, false, false],
    ]);
  });
});

describe('the meaning does not depend on how a matcher is made ready', () => {
  const literals = fc.string({
    unit: fc.constantFrom('a', 'b', '|', '\\', '.', '-', '{', 'é', ' ', '\n'),
    maxLength: 8,
  });
  const values = fc.oneof(literals, fc.string({ unit: fc.constantFrom('a', 'b', '.', 'é'), maxLength: 3 }));
  const regexes = fc.oneof(
    literals,
    fc.constantFrom('a*', '[ab]+', '(a|b){2}', '.', '.*', '.+', '(?i)A', '^a$', '\\.', 'a{2,}', '(?:a|b)?é'),
  );

  it('plain alternatives accept what RE2 accepts', () => {
    fc.assert(
      fc.property(literals, values, (regex, value) => {
        const alternatives = literalAlternatives(regex);
        fc.pre(alternatives !== null);
        expect(alternatives?.includes(value)).toBe(RE2JS.compile(`^(?:${regex})$`).test(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('what RE2 accepts begins with the literal prefix, and a matcher accepts just that', () => {
    const signs = ['a', 'b', '😀', '😁', '|', '(', ')', '(?:', '(?i)', '*', '?', '+', '{0}', '{0,2}', '[ab]', '[)]'];
    const parts = fc.constantFrom(...signs, '.', '\\.', '\\)', '\\Q', '\\E', '^', '$', '\\b', '\\d');
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '😀', '😁', '.', ')', '|'), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 7 }), texts, (list, value) => {
        const regex = list.join('');
        fc.pre(problemOf(matcher('=~', regex)) === null);
        const accepted = RE2JS.compile(`^(?:${regex})$`).test(value);
        expect(holds(matcher('=~', regex), { foo: value })).toBe(accepted);
        if (accepted && value.isWellFormed()) expect(value.startsWith(literalPrefix(regex))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['web-1.*', 'web-1'],
    ['web\\.1\\d', 'web.1'],
    ['disk-(a|b)', 'disk'],
    ['ab(?i)*', 'a'],
    ['webs?', 'web'],
    ['😀*', ''],
    ['ab{0}', 'a'],
    ['a|b.', ''],
    ['a){0}(b', ''],
    ['a\\Q(\\E){0}(b', ''],
    ['(?i)web', ''],
  ])('%s begins with "%s"', (regex, prefix) => {
    expect(literalPrefix(regex)).toBe(prefix);
  });

  it('plain text and `.*` or `.+` accept what RE2 accepts', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '\\', '.', '\n', '😀', '|'), maxLength: 5 });
    fc.assert(
      fc.property(texts, fc.constantFrom('.*', '.+'), texts, (start, end, value) => {
        const regex = start + end;
        fc.pre(problemOf(matcher('=~', regex)) === null);
        const candidates = [value, start, start + value, start.replaceAll('\\', '') + value];
        expect(candidates.map((one) => holds(matcher('=~', regex), { foo: one }))).toEqual(
          candidates.map((one) => RE2JS.compile(`^(?:${regex})$`).test(one)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('negation is the complement', () => {
    fc.assert(
      fc.property(regexes, values, (regex, value) => {
        fc.pre(problemOf(matcher('=~', regex)) === null);
        const labels = { foo: value };
        expect(holds(matcher('!~', regex), labels)).toBe(!holds(matcher('=~', regex), labels));
        expect(holds(matcher('!=', regex), labels)).toBe(!holds(matcher('=', regex), labels));
      }),
    );
  });

  it('=~ of an escaped text equals =', () => {
    fc.assert(
      fc.property(values, values, (text, value) => {
        const escaped = text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
        expect(holds(matcher('=~', escaped), { foo: value })).toBe(holds(matcher('=', text), { foo: value }));
      }),
    );
  });

  it('compiled when asked is compiled at once', () => {
    fc.assert(
      fc.property(fc.constantFrom('=', '!=', '=~', '!~'), regexes, values, (operator, regex, value) => {
        fc.pre(problemOf(matcher(operator, regex)) === null);
        const lazy = compileWhenAsked(matcher(operator, regex));
        expect(lazy.accepts(value)).toBe(holds(matcher(operator, regex), { foo: value }));
      }),
    );
  });
});

describe('the size of a regular expression is known before it is compiled', () => {
  it.each([
    ['abc', 3],
    ['(ab){30}', 90],
    ['(){50}', 50],
    ['((a?){30}){33}', 3003],
    ['[]a-z]{2,5}x', 6],
    ['a\\{5}', 4],
    ['[^]{5]{3}', 3],
    ['(a{10}', 10],
  ])('%s has about %d parts', (regex, size) => {
    expect(estimateRegexSize(regex)).toBe(size);
  });

  it('is never far below what the automaton has', () => {
    const pieces = fc.constantFrom('a', '(', ')', '{3}', '{2,7}', '[ab]', '|', '*', '\\d', '.', '(?:', '?', '{0,4}');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
        const regex = list.join('');
        const compiled = compileMatcher(matcher('=~', regex));
        fc.pre(compiled.ok && estimateRegexSize(regex) < maxRegexSize);
        expect(RE2JS.compile(`^(?:${regex})$`).programSize()).toBeLessThanOrEqual(4 * estimateRegexSize(regex) + 10);
      }),
      { numRuns: 2000 },
    );
  });
});
