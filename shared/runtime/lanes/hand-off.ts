import { addMillis, addSeconds } from '../../kernel/instant.ts';
import { pageLeaseSeconds } from '../../notification/page.ts';
import { handOffMessageId, handOffMessageKey } from '../../notification/slack-hand-off.ts';
import type { ShiftRecord } from '../../on-call/hand-off.ts';
import type { Schedule } from '../../on-call/schedule.ts';
import { loadShift, saveTelling, type Telling } from '../../store/schedule-state-store.ts';
import { ConditionFailed } from '../../store/table.ts';
import type { LaneMessage } from '../messages.ts';
import { composeHandOff } from './compose-hand-off.ts';
import {
  credentialsMillis,
  done,
  type LaneResult,
  postpone,
  postponeUntil,
  retryMillis,
  settleMillis,
  soonMillis,
} from './lane-result.ts';
import { findMessage, isSlackCredentialError, postBucket, postMessage, type SlackDeps } from './slack-calls.ts';
import { VendorSession } from './vendor-session.ts';

type HandOffMessage = Extract<LaneMessage, { kind: 'hand-off' }>;

/** One try to tell one change. */
interface Attempt {
  readonly deps: SlackDeps;
  readonly session: VendorSession;
  readonly shift: ShiftRecord;
  readonly schedule: Schedule;
  readonly channelId: string;
}

/**
 * Tells a change of shift in the schedule's channel, once: what Slack may have been sent is looked up before it is sent again. What
 * is told is composed from what is true now; a change that is older than the latest one is not told any more.
 */
export async function tellHandOff(deps: SlackDeps, { schedule: name, at }: HandOffMessage): Promise<LaneResult> {
  const shift = await loadShift(deps.table, name);
  const schedule = deps.policy.schedules[name];
  if (shift === null || shift.since !== at || shift.toldAt !== undefined || schedule === undefined) return done;
  const channelId = schedule.handOffChannel === null ? undefined : deps.policy.slackChannels[schedule.handOffChannel];
  if (channelId === undefined) return done;
  const attempt = { deps, session: new VendorSession(deps, 'slack', 'update'), shift, schedule, channelId };
  const { triedUntil } = shift;
  if (triedUntil === undefined) return post(attempt);
  const now = deps.clock.now();
  return triedUntil > now ? postponeUntil(triedUntil, now) : lookUp(attempt);
}

async function lookUp(attempt: Attempt): Promise<LaneResult> {
  const { deps, session, shift, channelId } = attempt;
  const found = await findMessage(deps, session, {
    incidentId: handOffMessageId(shift.schedule),
    key: handOffMessageKey(shift.since),
    channel: channelId,
    threadTs: null,
    since: shift.since,
  });
  if (found.outcome === 'wait') return postpone(found.millis);
  if (found.outcome === 'found') return remember(attempt, { toldAt: deps.clock.now() }, done);
  // When nobody can tell, a second copy of an update does less harm than none.
  return post(attempt);
}

async function post(attempt: Attempt): Promise<LaneResult> {
  const { deps, session, shift, schedule, channelId } = attempt;
  const message = await composeHandOff(deps, shift, schedule);
  const ready = await session.prepare(postBucket(channelId));
  if (!ready.ready) return postpone(ready.waitMillis);
  const leaseUntil = addSeconds(deps.clock.now(), pageLeaseSeconds);
  if (!(await save(attempt, { triedUntil: leaseUntil }))) return postpone(soonMillis);
  const tried: Attempt = { ...attempt, shift: { ...shift, triedUntil: leaseUntil } };
  const answer = await postMessage(deps, session, { channelId, threadTs: null, message, leaseUntil });
  switch (answer.outcome) {
    case 'ok':
      return remember(tried, { toldAt: deps.clock.now() }, done);
    case 'unknown': {
      const triedUntil = addMillis(deps.clock.now(), settleMillis);
      return remember(tried, { triedUntil }, postpone(settleMillis));
    }
    case 'rate limited':
      return remember(tried, 'not tried', postpone(answer.retryAfterSeconds * 1000));
    case 'failed':
      return remember(tried, 'not tried', postpone(retryMillis));
    case 'too late':
      return remember(tried, 'not tried', postpone(soonMillis));
    case 'refused':
      if (isSlackCredentialError(answer.reason)) return remember(tried, 'not tried', postpone(credentialsMillis));
      deps.log.warn('Slack refused a hand-off', { schedule: shift.schedule, channelId, reason: answer.reason });
      return remember(tried, { toldAt: deps.clock.now() }, done);
  }
}

/** Whoever was first knows better: the message comes back, and sees what they did. */
const remember = async (attempt: Attempt, what: Telling, result: LaneResult): Promise<LaneResult> =>
  (await save(attempt, what)) ? result : postpone(soonMillis);

async function save({ deps, shift }: Attempt, what: Telling): Promise<boolean> {
  try {
    await saveTelling(deps.table, shift, what);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}
