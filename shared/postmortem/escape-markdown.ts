import { cleanLine, cutText } from '../notification/clean-text.ts';

/**
 * Text of others in Markdown, on one line and never at its start: no table cell, link, image, emphasis, code or HTML can
 * come out of it (CommonMark 2.4: a backslash before ASCII punctuation makes it literal; entities stop HTML).
 */
export const escapeMarkdown = (text: string, max = 500): string =>
  cutText(cleanLine(text), max).replace(/[\\`*_{}[\]#|~$<>&]/g, (mark) => entities[mark] ?? `\\${mark}`);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
