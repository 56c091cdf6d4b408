/** The headers of every answer under /status/: the page is public and holds text that came from alerts and people. */
export const statusHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // The public API of status pages is read by scripts of other sites.
  'access-control-allow-origin': '*',
} as const;
