import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { vendorTimeoutMillis } from '../../notification/page.ts';
import type { SlackApi, VendorOutcome } from '../../runtime/ports.ts';
import { classifySlackError, isTokenRefused } from './classify-slack.ts';

type SlackOutcome = VendorOutcome<Readonly<Record<string, unknown>>>;

export interface SlackApiOptions {
  /** The bot token. `fresh`: the cached one was refused, so ask the secret store again. @throws AdapterError */
  readonly token: (options?: { readonly fresh?: boolean }) => Promise<string>;
  /** Another address of the Web API, such as the local sandbox's. */
  readonly url?: string;
  readonly timeoutMillis?: number;
}

/**
 * Slack's Web API through its own client, with everything switched off that would act behind our back: no retries (ten
 * over half an hour by default), no waiting for a rate limit, no log. A token that is refused is fetched afresh and tried
 * once more within the same deadline, so that a rotated secret loses no page; nothing was carried out before that.
 */
export function makeSlackApi({ token, url, timeoutMillis = vendorTimeoutMillis }: SlackApiOptions): SlackApi {
  return {
    async call(method, args) {
      const started = performance.now();
      const usedToken = await token();
      const outcome = await callOnce(usedToken, method, args, { url, timeoutMillis });
      if (!isTokenRefused(outcome)) return outcome;
      const freshToken = await token({ fresh: true });
      const left = Math.floor(timeoutMillis - (performance.now() - started));
      return freshToken === usedToken || left <= 0
        ? outcome
        : callOnce(freshToken, method, args, { url, timeoutMillis: left });
    },
  };
}

async function callOnce(
  token: string,
  method: string,
  args: Readonly<Record<string, unknown>>,
  options: { readonly url: string | undefined; readonly timeoutMillis: number },
): Promise<SlackOutcome> {
  const client = new WebClient(token, {
    ...(options.url === undefined ? {} : { slackApiUrl: options.url }),
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: options.timeoutMillis,
    logger: silentLogger,
    // A pooled connection that died while a Lambda was frozen would turn the first page after it into an unknown outcome.
    headers: { connection: 'close' },
  });
  try {
    const answer = await client.apiCall(method, { ...args });
    return { outcome: 'ok', value: { ...answer } };
  } catch (error) {
    return classifySlackError(error);
  }
}

/** WebClient writes addresses and warnings to the console; every outcome is in our answer already. */
const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
