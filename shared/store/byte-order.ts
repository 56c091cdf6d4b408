import type { PartitionQuery } from './table.ts';

/** DynamoDB sorts strings by their UTF-8 bytes; JavaScript by UTF-16 units, where astral characters come too early. */
export function compareBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

/** Lifts surrogates (U+D800 to U+DFFF, which stand for characters above U+FFFF) over U+E000 to U+FFFF. */
function utf8Rank(codeUnit: number): number {
  if (codeUnit < 0xd800) return codeUnit;
  return codeUnit >= 0xe000 ? codeUnit - 0x800 : codeUnit + 0x2000;
}

/** The first string after all that begin with the prefix; null when there is none. */
export function endOfPrefix(prefix: string): string | null {
  const points = Array.from(prefix);
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) ?? 0;
    if (last < 0x10ffff) return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return null;
}

/** Sort keys in [from, before); null is open. */
export interface KeyRange {
  readonly from: string | null;
  readonly before: string | null;
}

/** The one range that a query's from, before and prefix describe together. */
export function keyRangeOf(query: Pick<PartitionQuery, 'skFrom' | 'skBefore' | 'skPrefix'>): KeyRange {
  const prefixEnd = query.skPrefix === undefined ? null : endOfPrefix(query.skPrefix);
  return {
    from: pick(query.skPrefix ?? null, query.skFrom ?? null, (order) => order > 0),
    before: pick(prefixEnd, query.skBefore ?? null, (order) => order < 0),
  };
}

function pick(a: string | null, b: string | null, aWins: (order: number) => boolean): string | null {
  if (a === null) return b;
  if (b === null) return a;
  return aWins(compareBytes(a, b)) ? a : b;
}

export const isEmptyRange = (range: KeyRange): boolean =>
  range.from !== null && range.before !== null && compareBytes(range.from, range.before) >= 0;
