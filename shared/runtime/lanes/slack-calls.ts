import { lookUpMessage, type MessageWanted } from '../../adapters/slack/look-up-message.ts';
import type { Instant } from '../../kernel/instant.ts';
import { postMessageArguments, type SlackMessage, updateMessageArguments } from '../../notification/slack-message.ts';
import type { Bucket } from '../../store/rate-limit-store.ts';
import type { Deps } from '../deps.ts';
import type { VendorOutcome } from '../ports.ts';
import { retryMillis, settleMillis } from './lane-result.ts';
import type { CallOutcome, VendorSession } from './vendor-session.ts';

export type SlackDeps = Pick<
  Deps,
  'table' | 'slack' | 'clock' | 'policy' | 'settings' | 'log' | 'metrics' | 'queues' | 'random'
>;

/** Tocsin serves one workspace: limits of a workspace have one bucket. */
const workspace = 'workspace';

export const postBucket = (channel: string): Bucket => ({ call: 'slack post', name: channel });
export const editBucket: Bucket = { call: 'slack update', name: workspace };
const lookUpBucket: Bucket = { call: 'slack look-up', name: workspace };

/** Our app's standing, not this message: a person must act (docs.slack.dev, chat.postMessage, common errors). */
const credentialErrors: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'not_allowed_token_type',
  'no_permission',
  'ekm_access_denied',
  'team_access_not_granted',
  'access_denied',
  'accesslimited',
  'two_factor_setup_required',
]);
export const isSlackCredentialError = (reason: string): boolean => credentialErrors.has(reason);

/** Posts one message; `channel` may be a channel or a direct message. After `session.prepare(postBucket(channel))`. */
export async function postMessage(
  deps: Pick<Deps, 'slack'>,
  session: VendorSession,
  post: {
    readonly channelId: string;
    readonly threadTs: string | null;
    readonly message: SlackMessage;
    readonly leaseUntil: Instant;
  },
): Promise<CallOutcome<{ readonly ts: string }>> {
  const answer = await session.call({
    operation: 'chat.postMessage',
    bucket: postBucket(post.channelId),
    leaseUntil: post.leaseUntil,
    send: () => deps.slack.call('chat.postMessage', postMessageArguments(post.channelId, post.message, post.threadTs)),
  });
  return answer.outcome === 'ok' ? readTs(answer.value) : answer;
}

export async function editMessage(
  deps: Pick<Deps, 'slack'>,
  session: VendorSession,
  edit: {
    readonly channelId: string;
    readonly ts: string;
    readonly message: SlackMessage;
    readonly leaseUntil: Instant;
  },
): Promise<CallOutcome<{ readonly ts: string }>> {
  const answer = await session.call({
    operation: 'chat.update',
    bucket: editBucket,
    leaseUntil: edit.leaseUntil,
    send: () => deps.slack.call('chat.update', updateMessageArguments(edit.channelId, edit.ts, edit.message)),
  });
  return answer.outcome === 'ok' ? { outcome: 'ok', value: { ts: edit.ts } } : answer;
}

/** An `ok` without a timestamp says that it was posted, but not where: it must be looked up. */
export const readTs = (value: Readonly<Record<string, unknown>>): VendorOutcome<{ readonly ts: string }> =>
  typeof value.ts === 'string'
    ? { outcome: 'ok', value: { ts: value.ts } }
    : { outcome: 'unknown', reason: 'answer without a timestamp' };

export type Finding =
  /** `ref` is `channel/ts`. */
  | { readonly outcome: 'found'; readonly ts: string; readonly ref: string }
  | { readonly outcome: 'absent' }
  /** More was posted since than could be read. */
  | { readonly outcome: 'cannot tell' }
  | { readonly outcome: 'wait'; readonly millis: number };

/** Is a message there that may have been posted? Slack has no idempotency key, so it is found by its metadata. */
export async function findMessage(
  deps: Pick<Deps, 'slack'>,
  session: VendorSession,
  wanted: MessageWanted,
): Promise<Finding> {
  const ready = await session.prepare(lookUpBucket);
  if (!ready.ready) return { outcome: 'wait', millis: ready.waitMillis };
  const answer = await session.call({
    operation: wanted.threadTs === null ? 'conversations.history' : 'conversations.replies',
    bucket: lookUpBucket,
    leaseUntil: null,
    send: () => lookUpMessage(deps.slack, wanted),
  });
  switch (answer.outcome) {
    case 'ok':
      return answer.value === null ? { outcome: 'absent' } : foundAt(wanted.channel, answer.value.ts);
    case 'rate limited':
      return { outcome: 'wait', millis: answer.retryAfterSeconds * 1000 };
    case 'unknown':
      return answer.reason === 'too many messages since'
        ? { outcome: 'cannot tell' }
        : { outcome: 'wait', millis: settleMillis };
    case 'refused':
      // The thread or channel is gone, and with it the message.
      return isSlackCredentialError(answer.reason) ? { outcome: 'wait', millis: retryMillis } : { outcome: 'absent' };
    case 'failed':
    case 'too late':
      return { outcome: 'wait', millis: retryMillis };
  }
}

const foundAt = (channel: string, ts: string): Finding => ({ outcome: 'found', ts, ref: `${channel}/${ts}` });

/** The id of the direct message with a user: needed to look a message up, and the same for ever. */
export async function openDirectMessage(
  deps: Pick<Deps, 'slack'>,
  session: VendorSession,
  slackUserId: string,
): Promise<CallOutcome<{ readonly channelId: string }>> {
  const answer = await session.call({
    operation: 'conversations.open',
    bucket: null,
    leaseUntil: null,
    send: () => deps.slack.call('conversations.open', { users: slackUserId }),
  });
  if (answer.outcome !== 'ok') return answer;
  const { channel } = answer.value;
  return typeof channel === 'object' && channel !== null && 'id' in channel && typeof channel.id === 'string'
    ? { outcome: 'ok', value: { channelId: channel.id } }
    : { outcome: 'unknown', reason: 'answer without a channel' };
}
