import type { Labels } from '../alert/labels.ts';
import { cleanLine, cutText } from './clean-text.ts';

const encoder = new TextEncoder();

/** Bytes on the wire: vendors count bytes where they say KB. */
export const utf8Length = (text: string): number => encoder.encode(text).length;

/** Label sets have no bound of their own: at most 30 of them, each cut, so that a payload's size can be reckoned. */
export const boundLabels = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, 30)
      .map(([name, value]) => [cutText(cleanLine(name), 100), cutText(cleanLine(value), 500)]),
  );
