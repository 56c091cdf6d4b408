import { Agent } from 'node:https';
import { event as sendEvent } from '@pagerduty/pdjs';
import { vendorTimeoutMillis } from '../../notification/page.ts';
import type { PagerDutyApi } from '../../runtime/ports.ts';
import { classifyPagerDutyAnswer, classifyPagerDutyError, RetryPrevented } from './classify-pagerduty.ts';

export interface PagerDutyApiOptions {
  /** `host:port` of a stand-in; it must speak TLS. Default: PagerDuty's own, by region. */
  readonly server?: string;
  /** The stand-in's certificate authority, PEM. */
  readonly ca?: string;
  readonly timeoutMillis?: number;
}

/** The client's types lack `client` and ask for a payload that an acknowledgement does not have. */
type PdjsEvent = Parameters<typeof sendEvent>[0]['data'];

const servers = { us: 'events.pagerduty.com', eu: 'events.eu.pagerduty.com' } as const;

/**
 * Events API v2 through PagerDuty's own client, tamed. The client would send a 429 again by itself, after 20 s and in
 * silence; in a Lambda that thaws after a resolve this would re-open the alert. So it is let to ask for its second
 * connection at once and is refused it: nothing is sent twice, no timer is left behind, and the 429 is known. Its
 * `requestTimeout` aborts nothing, so the deadline is a signal of ours.
 */
export function makePagerDutyApi(options: PagerDutyApiOptions): PagerDutyApi {
  const { server, ca, timeoutMillis = vendorTimeoutMillis } = options;
  // No kept connections: one that died while a Lambda was frozen would make the next page's outcome unknown.
  const agent = new Agent({ keepAlive: false, ...(ca === undefined ? {} : { ca }) });
  return {
    async send(event, region) {
      let requests = 0;
      const parameters = {
        data: event as unknown as PdjsEvent,
        server: server ?? servers[region],
        agent: () => {
          requests += 1;
          if (requests > 1) throw new RetryPrevented();
          return agent;
        },
        retryTimeout: 1,
        requestTimeout: 0,
        redirect: 'error' as const,
        signal: AbortSignal.timeout(timeoutMillis),
      };
      try {
        const { status, data } = await sendEvent(parameters);
        return classifyPagerDutyAnswer(status, data, event.dedup_key);
      } catch (error) {
        return classifyPagerDutyError(error);
      }
    },
  };
}
