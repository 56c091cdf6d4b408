/** What of a silence can be read without the grammar of matchers, which whoever acknowledges does not wait for. */
export type SilenceProblem =
  | { readonly kind: 'duration is missing' }
  | { readonly kind: 'matcher cannot be read'; readonly problem: string }
  | { readonly kind: 'not a silence'; readonly word: string };

export type SilenceRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: SilenceProblem };

/** Ours, as in the operator API: beyond it a silence is a route that somebody forgot to write. */
export const longestSilenceSeconds = 10 * 365 * 86_400;

/** Ids of silences with blanks or commas between them; none at all asks for the list. At most 10. */
export function parseSilenceIds(text: string): SilenceRead<readonly string[]> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '' && word.toLowerCase() !== 'list');
  const odd = words.length > 10 ? words[10] : words.find((word) => !/^[A-Za-z0-9_-]{16,64}$/.test(word));
  if (odd !== undefined) return { ok: false, problem: { kind: 'not a silence', word: odd } };
  return { ok: true, value: [...new Set(words)] };
}
