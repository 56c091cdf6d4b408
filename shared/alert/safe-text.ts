import { cutToUtf8, utf8Length } from '../kernel/utf8.ts';

const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const controls = /(?![\n\t])\p{Cc}/gu;
const suspicious = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Foreign text made safe to store and show: lone surrogates and control characters (C0 but newline and tab, DEL, C1)
 * become U+FFFD, so that people see that something stood there; carriage returns and the controls that turn the
 * direction of writing, with which a text can pretend to be another one, are taken out. Identity (fingerprint, group id)
 * is computed from the raw text, never from this.
 */
export function safeText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  if (!suspicious.test(whole)) return whole;
  return whole.replaceAll('\r', '').replace(bidiControls, '').replace(controls, '\ufffd');
}

/** Says that a text was cut; part of the bound. */
export const shortenedMark = '… [shortened]';

/** The text itself, or its beginning with a mark; at most `maxBytes` bytes of UTF-8 with the mark. */
export function shorten(text: string, maxBytes: number): string {
  // No UTF-16 unit takes more than three bytes, so most texts need no counting.
  if (text.length * 3 <= maxBytes || utf8Length(text) <= maxBytes) return text;
  return cutToUtf8(text, maxBytes - utf8Length(shortenedMark)) + shortenedMark;
}
