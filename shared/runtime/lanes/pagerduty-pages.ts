import { incidentLinks } from '../../notification/incident-links.ts';
import { pagerDutyTrigger } from '../../notification/pagerduty-event.ts';
import { eventBucket, type PagerDutyDeps, routingOf } from './pagerduty-routing.ts';
import type { PageLane, PagePlan } from './send-page.ts';

/**
 * Pages by PagerDuty: a trigger under the generation's own key. After an unknown outcome the same key is sent again: an
 * open alert takes it as a repeat and notifies nobody.
 */
export const makePagerDutyPages = (deps: PagerDutyDeps): PageLane => ({
  vendor: 'pagerduty',
  // PagerDuty knows no credentials beside the routing key, and answers 400 for a wrong one: that target is gone.
  isCredentialRefusal: () => false,
  async planPage({ row, incident }): Promise<PagePlan> {
    if (row.pageTarget.kind !== 'pagerduty') return { plan: 'gone' };
    const routing = await routingOf(deps, row.pageTarget.service);
    if (routing === null) return { plan: 'gone' };
    const trigger = pagerDutyTrigger(
      incident,
      routing.routingKey,
      incidentLinks(incident, deps.policy, deps.settings.publicUrl),
    );
    return {
      plan: 'call',
      call: {
        operation: 'trigger',
        bucket: eventBucket(routing),
        lookUp: null,
        async send() {
          const answer = await deps.pagerduty.send({ ...trigger, payload: { ...trigger.payload } }, routing.region);
          return answer.outcome === 'ok' ? { outcome: 'ok', value: { vendorRef: answer.value.dedupKey } } : answer;
        },
      },
    };
  },
});
