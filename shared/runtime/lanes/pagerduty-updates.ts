import { pagerDutyFollowUp } from '../../notification/pagerduty-event.ts';
import { forgetSettled, type PagerDutyStep, planPagerDuty, recordTold } from '../../notification/pagerduty-plan.ts';
import { loadIncident, loadPages } from '../../store/incident-store.ts';
import { loadLane, saveLane } from '../../store/lane-store.ts';
import { ConditionFailed } from '../../store/table.ts';
import { done, type LaneResult, postpone, retryMillis, settleMillis, soonMillis } from './lane-result.ts';
import { eventBucket, type PagerDutyDeps, routingOf } from './pagerduty-routing.ts';
import { VendorSession } from './vendor-session.ts';

/**
 * Brings PagerDuty to the incident's present state: acknowledges and resolves every key that may be open there. The lane
 * is read before the rows and the incident, so that what is recorded as told was never newer than what was looked at.
 */
export async function updatePagerDuty(deps: PagerDutyDeps, incidentId: string): Promise<LaneResult> {
  const { table } = deps;
  const lane = await loadLane(table, incidentId, 'pagerduty');
  const [incident, pages] = await Promise.all([loadIncident(table, incidentId), loadPages(table, incidentId)]);
  if (incident === null) {
    deps.log.warn('an update for an incident that is gone', { incidentId });
    return done;
  }
  const { settledThrough = 0 } = lane.state;
  const plan = planPagerDuty(incident, pages, lane.state.told, settledThrough);
  const session = new VendorSession(deps, 'pagerduty', 'update');
  let { told } = lane.state;
  let result: LaneResult = plan.unsettled ? postpone(settleMillis) : done;
  for (const step of plan.steps) {
    const answer = await tell(deps, session, incidentId, step);
    if (answer === 'told') told = recordTold(told, step);
    else if (answer.result === 'postpone') {
      result = answer;
      break;
    }
  }
  if (told === lane.state.told) return result;
  try {
    const state = forgetSettled(incidentId, pages, { told, settledThrough });
    await saveLane(table, { incidentId, lane: 'pagerduty' }, lane.version, state);
    return result;
  } catch (error) {
    // Somebody else told PagerDuty meanwhile: telling it twice did no harm, and the next look says what is left.
    if (error instanceof ConditionFailed) return postpone(soonMillis);
    throw error;
  }
}

/** `done` for a step that can never be told. */
async function tell(
  deps: PagerDutyDeps,
  session: VendorSession,
  incidentId: string,
  step: PagerDutyStep,
): Promise<'told' | LaneResult> {
  const routing = await routingOf(deps, step.service);
  if (routing === null) {
    deps.log.warn('PagerDuty cannot be told: no routing key', { incidentId, service: step.service });
    return done;
  }
  const bucket = eventBucket(routing);
  const ready = await session.prepare(bucket);
  if (!ready.ready) return postpone(ready.waitMillis);
  const answer = await session.call({
    operation: step.action,
    bucket,
    leaseUntil: null,
    send: () => deps.pagerduty.send(pagerDutyFollowUp(step.action, routing.routingKey, step.dedupKey), routing.region),
  });
  switch (answer.outcome) {
    case 'ok':
      return 'told';
    case 'rate limited':
      return postpone(answer.retryAfterSeconds * 1000);
    case 'refused':
      deps.log.error('PagerDuty refused an event', { incidentId, action: step.action, reason: answer.reason });
      return done;
    case 'unknown':
    case 'failed':
    case 'too late':
      return postpone(retryMillis);
  }
}
