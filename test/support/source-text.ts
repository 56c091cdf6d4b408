/**
 * TypeScript's texts cut into what matters here. By one expression and not by a compiler, whose types are gone where it
 * writes the code back: good enough for rules that are about our own code, which biome formats.
 */
const pieces =
  /(?<comment>\/\*[\s\S]*?\*\/|\/\/[^\n]*)|(?<quoted>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`)|(?<=[(,=:[!&|?{};\n]\s*|return |=> )(?<pattern>\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*)/g;

/** The code with its texts: what is imported, which keys are written. */
export const withoutComments = (source: string): string =>
  source.replaceAll(pieces, (piece: string, comment?: string) => (comment === undefined ? piece : ''));

/** The code alone: comments are gone, texts and regular expressions are empty. */
export const codeOnly = (source: string): string =>
  source.replaceAll(pieces, (_piece: string, comment?: string) => (comment === undefined ? '""' : ''));
