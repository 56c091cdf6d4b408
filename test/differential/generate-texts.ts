import { formatMatcher, type Matcher } from '#shared/alert/matcher.ts';
import type { Random } from '#test/simulation/random.ts';
import { ordinaryRegex, regex } from './generate-regex.ts';

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

const goEscapes = [
  '\\n',
  '\\t',
  '\\"',
  '\\\\',
  '\\x41',
  '\\xff',
  '\\101',
  '\\377',
  '\\400',
  '\\303\\251',
  '\\u00e9',
  '\\ud800',
  '\\q',
  '\\',
  '\n',
  'é',
  'a',
  ' ',
];

/** Quoted as Go quotes, name and value: what only the UTF-8 grammar reads. */
const goQuoted = (random: Random): string =>
  `"${random.chance(0.5) ? 'host.name' : `n${textOf(random, goEscapes, 2)}`}"${random.pick(['=', '!=', '=~'])}"${textOf(random, goEscapes, 3)}"`;

/** Class names are read more loosely by Go from 1.25 on (`\\p{-Lu}`), and by its versions differently. */
const isOldClassName = (text: string): boolean => !/\\p\{(?!Greek\}|\^Lu\})/i.test(text);

const firstGood = (write: () => string): string => {
  for (;;) {
    const text = write();
    if (isOldClassName(text)) return text;
  }
};

/** A text that means to be one matcher. */
export const matcherText = (random: Random): string => firstGood(() => anyMatcherText(random));

/** A text that means to be a list of matchers. */
export const matchersText = (random: Random): string => firstGood(() => anyMatchersText(random));

function anyMatcherText(random: Random): string {
  if (random.chance(0.25)) return textOf(random, tokens, 7);
  if (random.chance(0.15)) return goQuoted(random);
  const names = random.chance(0.7) ? labelNames : utf8Names;
  const value = random.chance(0.3) ? regex(random, 0.15) : undefined;
  const one = matcher(random, names);
  const text = written(random, value === undefined ? one : { ...one, operator: '=~', value });
  return random.chance(0.5) ? slip(random, text) : text;
}

function anyMatchersText(random: Random): string {
  if (random.chance(0.2)) return textOf(random, tokens, 9);
  const names = random.chance(0.6) ? labelNames : [...labelNames, ...utf8Names];
  const list = Array.from({ length: random.between(0, 3) }, () => written(random, matcher(random, names)));
  if (random.chance(0.1)) list.push(goQuoted(random));
  const inner = `${list.join(',')}${random.chance(0.2) ? ',' : ''}`;
  const text = random.chance(0.5) ? `{${inner}}` : inner;
  return random.chance(0.4) ? slip(random, text) : text;
}
