/** Longer addresses become no link: Slack takes 3,000 in a button, and nobody reads them. */
const maxLinkLength = 2_000;

/**
 * An address from outside as a link that is safe to show, or null. Only http and https (no `javascript:`), no user name or
 * password, and none of the characters that end a link in Slack, HTML or Markdown.
 */
export function safeLink(address: string | null | undefined): string | null {
  if (!address || address.length > maxLinkLength || !/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    return null;
  }
  const url = new URL(address);
  url.username = '';
  url.password = '';
  const safe = url.href.replace(/[|<>"'`\\^{}()[\]*_~\s]/g, encodeMark);
  return safe.length > maxLinkLength ? null : safe;
}

/** Percent-encoding of one ASCII character; encodeURIComponent leaves some of these as they are. */
const encodeMark = (mark: string) => `%${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
