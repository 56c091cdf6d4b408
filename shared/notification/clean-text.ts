/**
 * C0 and C1 controls (newlines apart), the line and paragraph separators, the bidirectional overrides that can reverse
 * what a reader sees (Unicode TR 36), and the invisible characters that hide words. The joiners U+200C and U+200D stay:
 * scripts and emoji need them.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Text of others as one line: no control, bidirectional or half character, blanks collapsed. */
export const cleanLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\t\r\n]/g, ' ')
    .replace(unseen, '')
    .replace(/ {2,}/g, ' ')
    .trim();

/** The same, but lines stay lines (a person's note). */
export const cleanLines = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(unseen, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** At most `max` UTF-16 units; what is cut ends with an ellipsis and never with half a character. */
export const cutText = (text: string, max: number): string => cutMapped(text, max, (character) => character);

/**
 * Maps each character and stops before the result would pass `max` units, so that an entity such as `&amp;` is never
 * cut in two. `max` must leave room for the ellipsis.
 */
export function cutMapped(text: string, max: number, map: (character: string) => string): string {
  let whole = '';
  let cut: string | null = null;
  for (const character of text) {
    const piece = map(character);
    if (whole.length + piece.length > max) return `${cut ?? whole}…`;
    if (cut === null && whole.length + piece.length > max - 1) cut = whole;
    whole += piece;
  }
  return whole;
}
