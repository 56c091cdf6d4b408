import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatcher } from '#shared/alert/compile-matcher.ts';
import { formatMatcher, formatMatchers, type Matcher } from '#shared/alert/matcher.ts';
import { maxMatcherTextLength, parseMatcher, parseMatchers } from '#shared/alert/parse-matcher.ts';

const matcher = (name: string, operator: Matcher['operator'], value: string): Matcher => ({ name, operator, value });
const read = (value: unknown) => ({ ok: true, value });
const refused = (problem: string) => ({ ok: false, problem });

describe('one matcher is read as Alertmanager reads it in its default mode', () => {
  // Rows of the field's own tables, seen on Alertmanager 0.25 and 0.33.
  const accepted: readonly [string, Matcher][] = [
    ['foo=', matcher('foo', '=', '')],
    ['foo=""', matcher('foo', '=', '')],
    ['foo=a=b', matcher('foo', '=', 'a=b')],
    ['foo=a,b', matcher('foo', '=', 'a,b')],
    ['foo="a\\tb"', matcher('foo', '=', 'a\\tb')],
    ["foo='bar'", matcher('foo', '=', "'bar'")],
    ['foo=\\d+', matcher('foo', '=', '\\d+')],
    ['foo.bar=1', matcher('foo.bar', '=', '1')],
    ['"foo bar"="1"', matcher('foo bar', '=', '1')],
    ['föö=1', matcher('föö', '=', '1')],
    ['0foo=1', matcher('0foo', '=', '1')],
    // The four operators, blanks, and what may stand in a classic value.
    ['foo!=bar', matcher('foo', '!=', 'bar')],
    ['foo=~[a-z]+', matcher('foo', '=~', '[a-z]+')],
    ['foo!~"5.."', matcher('foo', '!~', '5..')],
    [' \n foo \t = \r bar baz \f ', matcher('foo', '=', 'bar baz')],
    ['_foo:bar="x"', matcher('_foo:bar', '=', 'x')],
    ['foo="line\nbreak"', matcher('foo', '=', 'line\nbreak')],
    ['foo="a\\nb\\"c\\\\d"', matcher('foo', '=', 'a\nb"c\\d')],
    ['foo=bar\\', matcher('foo', '=', 'bar\\')],
    ['foo={ü🙂', matcher('foo', '=', '{ü🙂')],
    // The UTF-8 grammar: Go escapes, quoted names.
    ['"foo"="\\u00e9\\x41\\101\\t"', matcher('foo', '=', 'éAA\t')],
    ['"foo"="\\xf0\\x9f\\x99\\x82"', matcher('foo', '=', '🙂')],
    ['"foo"="\\U0001f642"', matcher('foo', '=', '🙂')],
    ['föö="bar",', matcher('föö', '=', 'bar')],
    // Classic fails on the expression, UTF-8 reads the escape.
    ['foo=~"\\u0061+"', matcher('foo', '=~', 'a+')],
  ];
  it.each(accepted)('reads %j', (text, expected) => {
    expect(parseMatcher(text)).toEqual(read(expected));
  });

  const problems: readonly [string, string][] = [
    ['{foo=bar}', 'unexpected open or close brace: {foo=bar} (one matcher has no braces around it)'],
    ['foo=bar}', 'unexpected open or close brace: foo=bar} (one matcher has no braces around it)'],
    ['', 'bad matcher format:  (expected a matcher such as severity="critical", found nothing)'],
    ['foo', 'bad matcher format: foo (at the end: expected one of = != =~ !~, found nothing)'],
    ['foo!bar', 'bad matcher format: foo!bar (at character 4: "!" must stand in double quotes)'],
    ['="bar"', 'bad matcher format: ="bar" (at character 1: expected the name of a label, found "=")'],
    ['föö=', 'bad matcher format: föö= (at the end: expected a value, found nothing)'],
    [
      'föö=a b',
      'bad matcher format: föö=a b (at character 7: expected a comma, or quotes around the value, found "b")',
    ],
    [
      'föö="\\w"',
      'bad matcher format: föö="\\w" (at character 5: this quoted text has an escape that is unknown or no UTF-8)',
    ],
    [
      'föö="\\ud800"',
      'bad matcher format: föö="\\ud800" (at character 5: this quoted text has an escape that is unknown or no UTF-8)',
    ],
    [
      'föö="\\xf0\\x9f"',
      'bad matcher format: föö="\\xf0\\x9f" (at character 5: this quoted text has an escape that is unknown or no UTF-8)',
    ],
    [
      'föö="a\nb"',
      'bad matcher format: föö="a\nb" (at character 5: this quote is not closed, or there is a line break in it)',
    ],
    ['föö=1,bär=2', 'bad matcher format: föö=1,bär=2 (expected one matcher, found 2)'],
    [
      'foo="bar',
      'matcher value contains unescaped double quote: "bar (at character 5: this quote is not closed, or there is a line break in it)',
    ],
    [
      'foo="',
      'matcher value contains unescaped double quote: " (at character 5: this quote is not closed, or there is a line break in it)',
    ],
    [
      'foo="bar\\"',
      'matcher value contains unescaped double quote: "bar\\" (at character 5: this quote is not closed, or there is a line break in it)',
    ],
    [
      'foo=ba"r',
      'matcher value contains unescaped double quote: ba"r (at character 7: this quote is not closed, or there is a line break in it)',
    ],
    [
      'foo="ba"r"',
      'matcher value contains unescaped double quote: "ba"r" (at character 10: this quote is not closed, or there is a line break in it)',
    ],
    ['foo=~[', 'the regular expression "[" of label "foo" cannot be read: missing closing ] at character 1'],
  ];
  it.each(problems)('refuses %j', (text, problem) => {
    expect(parseMatcher(text)).toEqual(refused(problem));
  });

  it('refuses a text beyond its bound before reading it', () => {
    const text = `foo=${'x'.repeat(maxMatcherTextLength)}`;
    const problem = refused(`matchers are longer than ${maxMatcherTextLength} characters`);
    expect([parseMatcher(text), parseMatchers(text)]).toEqual([problem, problem]);
  });
});

describe('a list of matchers is read as Alertmanager reads it in its default mode', () => {
  const bar = matcher('foo', '=', 'bar');
  const accepted: readonly [string, readonly Matcher[]][] = [
    ['', []],
    ['{}', []],
    ['{foo=bar}', [bar]],
    ['foo=bar', [bar]],
    ['{foo=bar,}', [bar]],
    ['foo=bar, ', [bar]],
    // Classic strips each brace by itself.
    ['{foo=bar', [bar]],
    ['foo=bar}', [bar]],
    ['foo="a,b",bar!=baz', [matcher('foo', '=', 'a,b'), matcher('bar', '!=', 'baz')]],
    ['{foo = "bar", dings != "bums", }', [bar, matcher('dings', '!=', 'bums')]],
    ['{q="She said: \\"Hi, ladies!\\""}', [matcher('q', '=', 'She said: "Hi, ladies!"')]],
    // UTF-8.
    [' {foo=bar} ', [bar]],
    // White space is Unicode's, as in Go: U+0085 and the wide blanks, not the byte order mark.
    ['\u0085foo.bar=1,\u3000föö=2\u2003', [matcher('foo.bar', '=', '1'), matcher('föö', '=', '2')]],
    ['foo=bar,\u0085', [bar]],
    ['}', []],
    ['{foo.bar="a,b",föö!~"x"}', [matcher('foo.bar', '=', 'a,b'), matcher('föö', '!~', 'x')]],
    ['{"foo bar"=x,}', [matcher('foo bar', '=', 'x')]],
  ];
  it.each(accepted)('reads %j', (text, expected) => {
    expect(parseMatchers(text)).toEqual(read(expected));
  });

  const problems: readonly [string, string][] = [
    [',', 'bad matcher format:  (at character 1: expected the name of a label, found ",")'],
    ['{,}', 'bad matcher format:  (at character 2: expected the name of a label, found ",")'],
    ['foo=bar,,a=b', 'bad matcher format:  (at character 9: expected the name of a label, found ",")'],
    ['{foo.bar=1', 'bad matcher format: foo.bar=1 (at the end: expected a closing brace, found nothing)'],
    ['foo.bar=1}', 'bad matcher format: foo.bar=1 (at character 10: this brace was not opened)'],
    ['{foo.bar=1}}', 'bad matcher format: foo.bar=1} (at character 12: expected nothing more, found "}")'],
    [
      '{foo.bar=:"x"}',
      'bad matcher format: foo.bar=:"x" (at character 11: expected a comma, or quotes around the value, found "x")',
    ],
    ['{foo.bar}', 'bad matcher format: foo.bar (at character 9: expected one of = != =~ !~, found "}")'],
    ['\ufeff', 'bad matcher format: \ufeff (at the end: expected one of = != =~ !~, found nothing)'],
    ['{}\ufeff', 'bad matcher format: }\ufeff (at character 3: expected nothing more, found "\ufeff")'],
    [
      'foo="bar"\ufeff',
      'matcher value contains unescaped double quote: "bar"\ufeff (at character 10: expected a comma, or quotes around the value, found "\ufeff")',
    ],
    // A backslash before a comma inside quotes escapes the quote behind it, in Alertmanager's splitter too.
    [
      'foo="a\\,",bar=b',
      'matcher value contains unescaped double quote: "a\\,",bar=b (at character 5: this quoted text has an escape that is unknown or no UTF-8)',
    ],
  ];
  it.each(problems)('refuses %j', (text, problem) => {
    expect(parseMatchers(text)).toEqual(refused(problem));
  });
});

const names = fc.oneof(
  fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/),
  fc.string({ unit: 'binary', maxLength: 8 }).filter((name) => name.isWellFormed()),
  fc.constantFrom('foo bar', 'a"b', 'a\\b', 'föö', '{', ',', 'a\nb', '\u0085', '0'),
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', ' ', '"', '\\', '\n', 'a,b', '{x}', '\\n', '\\"', "'x'", '\u00a0'),
);
const matchers: fc.Arbitrary<Matcher> = fc
  .record({ name: names, operator: fc.constantFrom('=', '!=', '=~', '!~'), value: texts })
  .filter((candidate) => candidate.value.isWellFormed() && compileMatcher(candidate).ok);

describe('a printed matcher reads back to itself', () => {
  it('alone', () => {
    fc.assert(
      fc.property(matchers, (one) => {
        expect(parseMatcher(formatMatcher(one))).toEqual(read(one));
      }),
      { numRuns: 1000 },
    );
  });

  it('in a list', () => {
    fc.assert(
      fc.property(fc.array(matchers, { maxLength: 4 }), (list) => {
        expect(parseMatchers(formatMatchers(list))).toEqual(read(list));
      }),
      { numRuns: 1000 },
    );
  });

  it('prints as Alertmanager does', () => {
    expect(
      [matcher('foo', '=', 'a"b\\c\nd\te'), matcher('foo bar', '!~', 'x\ty'), matcher('föö', '=~', '.*')].map(
        formatMatcher,
      ),
    ).toEqual(['foo="a\\"b\\\\c\\nd\te"', '"foo bar"!~"x\\u0009y"', 'föö=~".*"']);
  });
});
