import { formatMatcher, type Matcher } from '#shared/alert/matcher.ts';
import type { Random } from '#test/simulation/random.ts';

/** A small alphabet, so that what is generated here meets the label values that are generated there. */
const letters = [
  'a',
  'b',
  'A',
  'k',
  'é',
  '😀',
  '日',
  '.',
  '-',
  '1',
  ' ',
  '\n',
  '"',
  '\\',
  '{',
  ',',
  "'",
  '`',
  'ſ',
  'K',
];
export const labelNames = ['alertname', 'job', 'team', 'severity', 'a', '_x', 'A1'];
/** Only the UTF-8 grammar reads these, and only from 0.27 on may an alert carry them. */
export const utf8Names = ['host.name', '日本', 'a b', '0foo', 'é', '"', 'a{b', 'x\ty', 'team\\n'];

const textOf = (random: Random, from: readonly string[], most: number): string =>
  Array.from({ length: random.between(0, most) }, () => random.pick(from)).join('');

export const labelValue = (random: Random): string =>
  random.chance(0.3)
    ? random.pick([
        'a',
        'b',
        'ab',
        'aab',
        'A',
        'é',
        'a.b',
        'a1',
        'bar',
        'ba',
        '😀',
        'a\nb',
        'a b',
        'K',
        'ſ',
        '\r',
        'a-1',
      ])
    : textOf(random, letters, 4);

const atoms = [
  ...['a', 'b', 'A', 'k', 's', 'é', '😀', '1', 'ab', 'bar', '-', ' ', '.', '[ab]', '[^a]', '[]a]', '[^]a]', '[a-]'],
  ...['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\.', '\\\\', '\\-', '\\n', '\\t', '\\x41', '\\x{1F600}', '\\101'],
  ...['[[:alpha:]]', '[[:^digit:]]', '\\pL', '\\PL', '\\p{Greek}', '\\p{^Lu}', '[\\pN\\d]', '\\Qa.b\\E', '\\Q', '\\E'],
  ...['^', '$', '\\A', '\\z', '\\b', '\\B', '(?i)', '(?s)', '(?-s)', '(?m)', '(?U)', '(?i:bA)'],
  ...['(?:)', '()'],
];
const repeats = ['*', '+', '?', '*?', '+?', '??', '{0}', '{2}', '{0,2}', '{1,}', '{,2}', '{2,1}', '{1001}', '{'];
const broken = [
  '(',
  ')',
  '[',
  '[a',
  '(?=a)',
  '(?<!a)',
  '\\1',
  '\\u0041',
  '\\',
  '**',
  '(?',
  '(?P<n',
  '[b-a]',
  '\\pX',
  '*',
  '\\_',
];

/**
 * A regular expression; with `faults` sometimes one that RE2 refuses. A group's name never comes twice: Go takes that and
 * RE2JS does not, so such an expression is refused here (DECISIONS 25).
 */
export function regex(random: Random, faults: number, depth = 2): string {
  let text = '';
  for (let left = random.between(1, 3); left > 0; left--) {
    if (random.chance(faults)) text += random.pick(broken);
    else if (depth > 0 && random.chance(0.25)) text += group(random, faults, depth);
    else if (random.chance(0.02)) text += `(?P<n${random.between(1, 1_000_000)}>a)`;
    else text += random.pick(atoms);
    if (random.chance(0.25)) text += random.pick(repeats);
  }
  return random.chance(0.2) ? `${text}|${random.chance(0.3) ? '' : regex(random, faults, depth - 1)}` : text;
}

const group = (random: Random, faults: number, depth: number): string =>
  `${random.pick(['(', '(?:', '(?i:', '(?s:'])}${regex(random, faults, depth - 1)})`;

const ordinaryRegex = (random: Random): string =>
  random.pick(['.*', '.+', 'a|b', 'a.*', 'ba.+', 'a|', '(a|b)+', '[ab]{1,2}', '(?i)ab', 'a\\.b', '.', '', '^a$', 'K']);

export function matcher(random: Random, names: readonly string[]): Matcher {
  const operator = random.pick(['=', '=', '!=', '=~', '=~', '=~', '!~'] as const);
  const isRegex = operator === '=~' || operator === '!~';
  const value = isRegex ? (random.chance(0.4) ? ordinaryRegex(random) : regex(random, 0.02)) : labelValue(random);
  return { name: random.pick(names), operator, value: !isRegex && random.chance(0.2) ? '' : value };
}

const tokens = [
  ...['=', '!=', '=~', '!~', '!', '~', '==', ',', ',,', '{', '}', '"', "'", '`', '\\', '\\"', '\\n', '\\t', '\\\\'],
  ...[
    '\\u00e9',
    '\\U0001f642',
    '\\x41',
    '\\xf0',
    '\\101',
    '\\q',
    ' ',
    '\t',
    '\n',
    '\r',
    '\f',
    '\v',
    '\u00a0',
    '\u0085',
  ],
  ...[
    '\u2003',
    '\ufeff',
    'foo',
    'bar',
    '_x',
    'a:b',
    '0a',
    'é',
    '日本',
    '😀',
    'a.b',
    '1',
    '.*',
    '[ab]+',
    '(',
    'a|b',
    '+',
  ],
  ...['#', ':', '*', '-', '/', '\u0001', '\u007f', '\ufffd', '""', '"a"', '"a,b"', '"a b"', 'foo="bar"', 'foo=~"a|b"'],
];

/** One sign put in, taken out or doubled somewhere in a good text: most mistakes of people. */
function slip(random: Random, text: string): string {
  const signs = [...text];
  const at = random.between(0, signs.length);
  signs.splice(at, random.between(0, 1), random.chance(0.3) ? '' : random.pick(tokens));
  return signs.join('');
}

function written(random: Random, { name, operator, value }: Matcher): string {
  const blank = () => (random.chance(0.2) ? random.pick([' ', '\t', '\n', '  ', '\r\n', '\f']) : '');
  const text = random.chance(0.5)
    ? formatMatcher({ name, operator, value })
    : `${name}${blank()}${operator}${blank()}${random.chance(0.5) ? value : `"${value}"`}`;
  return `${blank()}${text}${blank()}`;
}

/** A text that means to be one matcher. */
export function matcherText(random: Random): string {
  if (random.chance(0.25)) return textOf(random, tokens, 7);
  const names = random.chance(0.7) ? labelNames : utf8Names;
  const value = random.chance(0.3) ? regex(random, 0.15) : undefined;
  const one = matcher(random, names);
  const text = written(random, value === undefined ? one : { ...one, operator: '=~', value });
  return random.chance(0.5) ? slip(random, text) : text;
}

/** A text that means to be a list of matchers. */
export function matchersText(random: Random): string {
  if (random.chance(0.2)) return textOf(random, tokens, 9);
  const names = random.chance(0.6) ? labelNames : [...labelNames, ...utf8Names];
  const list = Array.from({ length: random.between(0, 3) }, () => written(random, matcher(random, names)));
  const inner = `${list.join(',')}${random.chance(0.2) ? ',' : ''}`;
  const text = random.chance(0.5) ? `{${inner}}` : inner;
  return random.chance(0.4) ? slip(random, text) : text;
}
