import { type Instant, toEpochSeconds } from '../kernel/instant.ts';
import { cleanLine, cleanLines, cutMapped } from './clean-text.ts';
import { safeLink } from './web-link.ts';

/**
 * Texts of others inside Slack's mrkdwn. Slack asks for `&`, `<` and `>` only (docs.slack.dev, formatting-message-text);
 * without it a label value `<!channel>` would ping everyone. Tocsin's own words are the only ones written without this.
 */
const entity: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeCharacter = (character: string) => entity[character] ?? character;

/** One line of at most `max` characters, counted after escaping, as Slack counts. */
export const escapeMrkdwn = (text: string, max = 300): string => cutMapped(cleanLine(text), max, escapeCharacter);

/** The same with its lines, for a person's note or public text. */
export const escapeMrkdwnLines = (text: string, max = 2_000): string =>
  cutMapped(cleanLines(text), max, escapeCharacter);

/** As code. A backtick would end it, so it becomes an apostrophe; empty text is shown as a pair of quotes. */
export const codeMrkdwn = (text: string, max = 200): string =>
  `\`${escapeMrkdwn(text.replaceAll('`', "'"), max) || '""'}\``;

/** `<url|label>`, or only the label when the address is not one for people to follow. */
export function linkMrkdwn(address: string | null | undefined, label: string): string {
  const link = safeLink(address);
  return link === null ? escapeMrkdwn(label) : `<${escapeUrl(link)}|${escapeMrkdwn(label.replaceAll('|', '/'))}>`;
}

/** In the reader's own time zone; UTC where Slack cannot draw it. */
export const dateMrkdwn = (at: Instant): string =>
  `<!date^${toEpochSeconds(at)}^{date_short_pretty} {time}|${readableUtc(at)}>`;

/** `2026-11-20 17:30 UTC`: for people, never parsed again. */
export const readableUtc = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

/** Slack sends a person's `&`, `<` and `>` as entities: plain text again, so that what is stored is what was typed. */
export const unescapeMrkdwn = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const escapeUrl = (url: string) => url.replaceAll('&', '&amp;');
