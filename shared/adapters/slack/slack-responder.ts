import { vendorTimeoutMillis } from '../../notification/page.ts';
import type { SlackResponder } from '../../runtime/ports.ts';
import { networkOutcome } from '../network-outcome.ts';
import { classifyStatus, limited } from './classify-slack.ts';

const slackHooksOrigin = 'https://hooks.slack.com';

/**
 * Posts to a response_url. The address comes from a signed request, yet only Slack's own host (or the origin of the
 * configured stand-in) is ever called, so that nobody can make Tocsin call another. The address is a secret: it is in no
 * outcome.
 */
export function makeSlackResponder(options: {
  readonly url?: string;
  readonly timeoutMillis?: number;
}): SlackResponder {
  const { url: apiUrl, timeoutMillis = vendorTimeoutMillis } = options;
  const allowed = new Set([slackHooksOrigin, ...(apiUrl === undefined ? [] : [new URL(apiUrl).origin])]);
  return {
    async respond(responseUrl, body) {
      if (!isAllowed(responseUrl, allowed)) return { outcome: 'refused', reason: 'response_url is not of Slack' };
      try {
        const response = await fetch(responseUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8', connection: 'close' },
          body: JSON.stringify(body),
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMillis),
        });
        // Read to the end, so that the connection is given back.
        await response.text();
        if (response.status === 200) return { outcome: 'ok', value: null };
        return response.status === 429 ? limited(retryAfterOf(response)) : classifyStatus(response.status);
      } catch (error) {
        return networkOutcome(error);
      }
    },
  };
}

function isAllowed(address: string, origins: ReadonlySet<string>): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.username === '' && url.password === '' && origins.has(url.origin);
}

function retryAfterOf(response: Response): number | undefined {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return Number.isNaN(seconds) ? undefined : seconds;
}
