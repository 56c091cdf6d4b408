/** In place of what JSON.stringify cannot write: it recurses, and some thousand levels of nesting exhaust the stack. */
const tooDeep = '(nested too deeply to be shown)';

/** Foreign JSON as text, to be shown. Parsing takes any depth, so the text of what was parsed may not exist. */
export function showJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return tooDeep;
    throw error;
  }
}
