/** Signs with a meaning of their own in RE2; all else stands for itself. */
const isSpecial = (character: string): boolean => '\\.+*?()|[]{}^$'.includes(character);

/**
 * The texts of a regular expression that only lists plain texts, such as `api|web\.1`; null for any other. Anchored at
 * both ends such an expression accepts exactly these, so that no automaton is needed, and an index can use them.
 */
export function literalAlternatives(regex: string): readonly string[] | null {
  // A lone surrogate equals no character of a text that RE2 reads, but would equal itself as a string.
  if (!regex.isWellFormed()) return null;
  const alternatives: string[] = [];
  let current = '';
  for (let i = 0; i < regex.length; i++) {
    const character = regex.charAt(i);
    if (character === '|') {
      alternatives.push(current);
      current = '';
    } else if (character === '\\') {
      const escaped = regex.charAt(++i);
      if (escaped === '' || !(isSpecial(escaped) || escaped === '-')) return null;
      current += escaped;
    } else if (isSpecial(character)) {
      return null;
    } else {
      current += character;
    }
  }
  return [...alternatives, current];
}

/** The plain text before a closing `.*` or `.+`, the commonest shape of all; null for any other expression. */
export function literalThenAny(regex: string): { readonly prefix: string; readonly atLeastOne: boolean } | null {
  if (!regex.endsWith('.*') && !regex.endsWith('.+')) return null;
  const [prefix, ...others] = literalAlternatives(regex.slice(0, -2)) ?? [];
  return prefix === undefined || others.length > 0 ? null : { prefix, atLeastOne: regex.endsWith('+') };
}

const repetition = /\{(\d{1,4})(?:,(\d{0,4}))?\}/y;

/** Where a character class that opens at `start` ends; a bracket right behind the opening stands for itself. */
function endOfClass(regex: string, start: number): number {
  let i = start + 1;
  if (regex.charAt(i) === '^') i++;
  if (regex.charAt(i) === ']') i++;
  while (i < regex.length && regex.charAt(i) !== ']') i += regex.charAt(i) === '\\' ? 2 : 1;
  return i;
}

/** The last index of the escape, class or sign that begins at `start`. */
function endOfPart(regex: string, start: number): number {
  if (regex.charAt(start) === '\\') return start + 1;
  return regex.charAt(start) === '[' ? endOfClass(regex, start) : start;
}

/** How often `{n}`, `{n,}` or `{n,m}` at `start` writes its part out, and where it ends; null when there is none. */
function readRepetition(regex: string, start: number): { readonly times: number; readonly end: number } | null {
  repetition.lastIndex = start;
  const found = repetition.exec(regex);
  if (!found) return null;
  return { times: Math.max(Number(found[1]), Number(found[2] ?? 0), 1), end: repetition.lastIndex - 1 };
}

/** How large a regular expression is, written out, and at which index it is first larger than `most`. */
export interface RegexSize {
  readonly size: number;
  readonly exceedsAt: number | null;
}

/**
 * About how many parts a regular expression has when its counted repetitions are written out, as an automaton does:
 * `(ab){30}` has 90, the group itself being one. Cheap, and asked before compiling, which for 400,000 parts takes
 * seconds. Says nothing about whether the expression is valid.
 */
export function measureRegex(regex: string, most = Number.POSITIVE_INFINITY): RegexSize {
  const open: number[] = [];
  let outer = 0;
  let group = 0;
  let last = 0;
  let exceedsAt: number | null = null;
  for (let i = 0; i < regex.length; i++) {
    const start = i;
    const character = regex.charAt(i);
    const repeated = character === '{' ? readRepetition(regex, i) : null;
    if (repeated !== null) {
      group += last * (repeated.times - 1);
      last *= repeated.times;
      i = repeated.end;
    } else if (character === '(') {
      open.push(group);
      outer += group;
      group = 0;
      last = 0;
    } else if (character === ')') {
      // The group itself counts too, so that an empty one cannot be repeated for free.
      last = group + 1;
      const before = open.pop() ?? 0;
      outer -= before;
      group = last + before;
    } else {
      i = endOfPart(regex, i);
      last = 1;
      group++;
    }
    if (exceedsAt === null && outer + group > most) exceedsAt = start;
  }
  return { size: outer + group, exceedsAt };
}

export const estimateRegexSize = (regex: string): number => measureRegex(regex).size;

/** The index of the first parenthesis without its partner; null when all are paired. */
export function firstUnpaired(regex: string): number | null {
  const open: number[] = [];
  for (let i = 0; i < regex.length; i++) {
    const character = regex.charAt(i);
    if (regex.startsWith('\\Q', i)) {
      const end = regex.indexOf('\\E', i);
      if (end < 0) break;
      i = end;
    } else if (character === '(') open.push(i);
    else if (character === ')' && open.pop() === undefined) return i;
    i = endOfPart(regex, i);
  }
  return open[0] ?? null;
}

/** True when `|` stands outside all groups, or a `)` closes a group that the expression did not open itself. */
function reachesOutside(regex: string): boolean {
  let depth = 0;
  for (let i = 0; i < regex.length; i++) {
    const character = regex.charAt(i);
    if (character === '(') depth++;
    else if (character === ')') depth--;
    if (depth < 0 || (character === '|' && depth === 0)) return true;
    i = endOfPart(regex, i);
  }
  return false;
}

const plainCharacter = /\\([\\.+*?()|[\]{}^$-])|([^\\.+*?()|[\]{}^$])/uy;

/**
 * A text with which everything that a regular expression accepts must begin, often "". Comparing it first spares most
 * silences their automaton: `startsWith` takes a hundredth of the time.
 */
export function literalPrefix(regex: string): string {
  // Inside \Q…\E the signs mean nothing; such expressions are rare, so they get no prefix.
  if (!regex.isWellFormed() || regex.includes('\\Q') || reachesOutside(regex)) return '';
  let prefix = '';
  let last = '';
  plainCharacter.lastIndex = 0;
  for (let found = plainCharacter.exec(regex); found !== null; found = plainCharacter.exec(regex)) {
    prefix += last;
    last = found[1] ?? found[2] ?? '';
    const next = regex.charAt(plainCharacter.lastIndex);
    // What a repetition follows may be missing, also with flags between them: `a(?i)*`.
    if (next !== '' && '*+?{('.includes(next)) return prefix;
  }
  return prefix + last;
}
