import type { Random } from '#test/simulation/random.ts';

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
 * RE2JS does not, so such an expression is refused here (DECISIONS 43).
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

export const ordinaryRegex = (random: Random): string =>
  random.pick(['.*', '.+', 'a|b', 'a.*', 'ba.+', 'a|', '(a|b)+', '[ab]{1,2}', '(?i)ab', 'a\\.b', '.', '', '^a$', 'K']);
