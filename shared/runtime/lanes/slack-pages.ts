import type { Incident } from '../../incident/incident.ts';
import { incidentLinks } from '../../notification/incident-links.ts';
import type { PageRow } from '../../notification/page.ts';
import { postMessageArguments } from '../../notification/slack-message.ts';
import { pageMessageKey, slackPageMessage } from '../../notification/slack-page-message.ts';
import type { VendorOutcome } from '../ports.ts';
import { retryMillis } from './lane-result.ts';
import type { PageCall, PageLane, PagePlan } from './send-page.ts';
import {
  findMessage,
  isSlackCredentialError,
  openDirectMessage,
  postBucket,
  readTs,
  type SlackDeps,
} from './slack-calls.ts';
import type { VendorSession } from './vendor-session.ts';

type Channel =
  /** `mentions`: the Slack user who is mentioned there by name. */
  | { readonly channel: 'known'; readonly channelId: string; readonly mentions?: string }
  | { readonly channel: 'gone' }
  | { readonly channel: 'wait'; readonly millis: number };

/**
 * Pages by Slack: a direct message, or a mention in a channel, of a person by name or of all who are there. Direct-message channels are remembered for as long as the
 * process lives: they never change, and each page would otherwise cost a call with a limit of its own.
 */
export function makeSlackPages(deps: SlackDeps): PageLane {
  const directMessages = new Map<string, string>();
  return {
    vendor: 'slack',
    isCredentialRefusal: isSlackCredentialError,
    async planPage({ row, incident }, session): Promise<PagePlan> {
      const found = await channelOf(deps, row, session, directMessages);
      switch (found.channel) {
        case 'known':
          return { plan: 'call', call: slackCall(deps, session, incident, found) };
        case 'gone':
          return { plan: 'gone' };
        case 'wait':
          return { plan: 'wait', millis: found.millis };
      }
    },
  };
}

async function channelOf(
  deps: SlackDeps,
  { pageTarget }: PageRow,
  session: VendorSession,
  directMessages: Map<string, string>,
): Promise<Channel> {
  if (pageTarget.kind === 'slack mention') return { channel: 'known', channelId: pageTarget.channelId };
  if (pageTarget.kind !== 'person' && pageTarget.kind !== 'person mention') return { channel: 'gone' };
  const userId = deps.policy.people[pageTarget.person]?.slackUserId ?? null;
  if (userId === null) return { channel: 'gone' };
  if (pageTarget.kind === 'person mention') {
    const { channelId } = pageTarget;
    const isKnown = Object.values(deps.policy.slackChannels).includes(channelId);
    return isKnown ? { channel: 'known', channelId, mentions: userId } : { channel: 'gone' };
  }
  const known = directMessages.get(userId);
  if (known !== undefined) return { channel: 'known', channelId: known };
  const opened = await openChannel(deps, session, userId);
  if (opened.channel === 'known') directMessages.set(userId, opened.channelId);
  return opened;
}

async function openChannel(deps: SlackDeps, session: VendorSession, userId: string): Promise<Channel> {
  const ready = await session.prepare(null);
  if (!ready.ready) return { channel: 'wait', millis: ready.waitMillis };
  const answer = await openDirectMessage(deps, session, userId);
  switch (answer.outcome) {
    case 'ok':
      return { channel: 'known', channelId: answer.value.channelId };
    case 'rate limited':
      return { channel: 'wait', millis: answer.retryAfterSeconds * 1000 };
    case 'refused':
      return isSlackCredentialError(answer.reason) ? { channel: 'wait', millis: retryMillis } : { channel: 'gone' };
    case 'failed':
    case 'unknown':
    case 'too late':
      return { channel: 'wait', millis: retryMillis };
  }
}

function slackCall(
  deps: SlackDeps,
  session: VendorSession,
  incident: Incident,
  { channelId, mentions }: Extract<Channel, { channel: 'known' }>,
): PageCall {
  const links = incidentLinks(incident, deps.policy, deps.settings.publicUrl);
  return {
    operation: 'chat.postMessage',
    bucket: postBucket(channelId),
    lookUp: (row) =>
      findMessage(deps, session, {
        incidentId: row.incidentId,
        key: pageMessageKey(row),
        channel: channelId,
        threadTs: null,
        since: row.notBeforeAt ?? row.owedAt,
      }),
    async send(claimed): Promise<VendorOutcome<{ readonly vendorRef: string }>> {
      const message = slackPageMessage(claimed, incident, links, mentions);
      const answer = await deps.slack.call('chat.postMessage', postMessageArguments(channelId, message, null));
      const posted = answer.outcome === 'ok' ? readTs(answer.value) : answer;
      return posted.outcome === 'ok'
        ? { outcome: 'ok', value: { vendorRef: `${channelId}/${posted.value.ts}` } }
        : posted;
    },
  };
}
