import { addSeconds } from '../../kernel/instant.ts';
import { pageLeaseSeconds } from '../../notification/page.ts';
import { slackSilenceNotice } from '../../notification/slack-silence-notice.ts';
import { isExpiryNoticeDue, type ToldOfExpiry, whoIsTold } from '../../silence/expiry-notice.ts';
import type { Silence } from '../../silence/silence.ts';
import { loadSilence, saveSilenceTold } from '../../store/silence-store.ts';
import { ConditionFailed } from '../../store/table.ts';
import type { LaneMessage } from '../messages.ts';
import type { VendorOutcome } from '../ports.ts';
import { lookAtReach } from '../silence-reach.ts';
import { done, type LaneResult, postpone, retryMillis, soonMillis } from './lane-result.ts';
import { isSlackCredentialError, openDirectMessage, postBucket, postMessage, type SlackDeps } from './slack-calls.ts';
import { type CallOutcome, VendorSession } from './vendor-session.ts';

type Notice = Extract<LaneMessage, { kind: 'silence ends soon' }>;

/**
 * Tells the author of a silence that it ends soon. Told once: the silence remembers it, also when nobody knows whether the message
 * arrived, because two are worse here than none. A crash between the message and the remembering is told again.
 */
export async function tellSilenceEnds(deps: SlackDeps, { silenceId, endsAt }: Notice): Promise<LaneResult> {
  const silence = await loadSilence(deps.table, silenceId);
  // Ended or changed since: its new end has a notice of its own.
  if (silence === null || silence.endsAt !== endsAt || !isExpiryNoticeDue(silence, deps.clock.now())) return done;
  const told = whoIsTold(silence, deps.policy);
  if (told.kind === 'nobody') return remember(deps, silence, 'nobody');
  const session = new VendorSession(deps, 'slack', 'update');
  const channel = await channelOf(deps, session, told);
  if (channel.outcome !== 'ok') return afterFailure(deps, silence, channel);
  const { channelId } = channel.value;
  const message = slackSilenceNotice(silence, await lookAtReach(deps, silence));
  const ready = await session.prepare(postBucket(channelId));
  if (!ready.ready) return postpone(ready.waitMillis);
  const leaseUntil = addSeconds(deps.clock.now(), pageLeaseSeconds);
  const posted = await postMessage(deps, session, { channelId, threadTs: null, message, leaseUntil });
  if (posted.outcome !== 'ok' && posted.outcome !== 'unknown') return afterFailure(deps, silence, posted);
  return remember(deps, silence, told.kind === 'person' ? told.name : channelId);
}

async function channelOf(
  deps: SlackDeps,
  session: VendorSession,
  told: Exclude<ToldOfExpiry, { kind: 'nobody' }>,
): Promise<CallOutcome<{ readonly channelId: string }>> {
  if (told.kind === 'channel') return { outcome: 'ok', value: { channelId: told.channelId } };
  const ready = await session.prepare(null);
  if (!ready.ready) return { outcome: 'rate limited', retryAfterSeconds: Math.ceil(ready.waitMillis / 1000) };
  return openDirectMessage(deps, session, told.slackUserId);
}

/** It is tried until the silence ends; what Slack refuses for good is given up, and said so on the silence. */
async function afterFailure(
  deps: SlackDeps,
  silence: Silence,
  answer: Exclude<VendorOutcome<unknown>, { outcome: 'ok' }> | { readonly outcome: 'too late' },
): Promise<LaneResult> {
  switch (answer.outcome) {
    case 'rate limited':
      return postpone(answer.retryAfterSeconds * 1000);
    case 'too late':
      return postpone(soonMillis);
    case 'failed':
    case 'unknown':
      return postpone(retryMillis);
    case 'refused':
      if (isSlackCredentialError(answer.reason)) return postpone(retryMillis);
      deps.log.warn('Slack refused the notice of a silence', { silenceId: silence.id, reason: answer.reason });
      return remember(deps, silence, 'nobody');
  }
}

async function remember({ table, clock, policy, log }: SlackDeps, silence: Silence, to: string): Promise<LaneResult> {
  try {
    await saveSilenceTold(table, silence, { at: clock.now(), to }, policy);
  } catch (error) {
    // Changed meanwhile: another end is told of anew.
    if (!(error instanceof ConditionFailed)) throw error;
    log.info('a silence changed while its author was told of its end', { silenceId: silence.id });
  }
  return done;
}
