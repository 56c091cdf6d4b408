import { fail, type Result, succeed } from '../kernel/result.ts';
import { utf8Bytes } from '../kernel/utf8.ts';

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

const goSpace = /\p{White_Space}/u;

/** Go's white space is Unicode's: JavaScript's `trim` and `\s` add the byte order mark and leave out U+0085. */
export function trimGoSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && goSpace.test(text.charAt(start))) start++;
  while (end > start && goSpace.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Plain text, or one escape: `\n` and its like, `\x41` and octal name bytes, `\u` and `\U` characters. */
const parts = /([^\\]+)|\\(?:([abfnrtv\\"])|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/gu;

/** The bytes of one part; null when Go refuses it. */
function readPart(found: RegExpExecArray): Uint8Array | null {
  const [, plain, simple, hex, octal, short, long] = found;
  if (plain !== undefined) return utf8Bytes(plain);
  if (simple !== undefined) return utf8Bytes(simpleEscapes[simple] ?? '');
  if (hex !== undefined) return Uint8Array.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return Uint8Array.of(Number.parseInt(octal, 8));
  const code = Number.parseInt(short ?? long ?? '', 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  return utf8Bytes(String.fromCodePoint(code));
}

/** Null when the bytes are no UTF-8. */
function decodeStrictly(bytes: readonly number[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What a double-quoted text means in Go. Unknown escapes, and escaped bytes that are no UTF-8, are problems. */
export function unquoteGo(quoted: string): Result<string> {
  const body = quoted.slice(1, -1);
  if (!body.includes('\\')) return succeed(body);
  const invalid = fail(`${quoted}: invalid input`);
  const bytes: number[] = [];
  let read = 0;
  for (const found of body.matchAll(parts)) {
    const part = found.index === read ? readPart(found) : null;
    if (part === null) return invalid;
    for (const byte of part) bytes.push(byte);
    read += found[0].length;
  }
  const text = read === body.length ? decodeStrictly(bytes) : null;
  return text === null ? invalid : succeed(text);
}
