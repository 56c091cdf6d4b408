import type { VendorCall } from '#local/sandbox/faults.ts';
import { keyedPosts, nameOf, type OutsideVendors } from '../support/vendors.ts';
import type { Stored } from './stored.ts';

/** What must be true of Slack and PagerDuty after any number of kills. */

export interface SlackFigures {
  readonly messages: number;
  readonly posts: number;
  /** Second and later calls for one message, and how many of them a lookup came before. */
  readonly repeats: number;
  readonly explained: number;
  readonly lookUps: number;
}

const isLookUp = ({ method }: VendorCall) => method === 'conversations.history' || method === 'conversations.replies';
/** Slack answered, and nothing was posted: sending again needs no lookup. */
const knownNotPosted = (outcome: string) => outcome !== 'ok' && !outcome.startsWith('fault');

/** Promise 3 at Slack: each message is there once, and whatever was sent again was looked up before. */
export function checkSlack({ slack }: OutsideVendors): {
  readonly problems: readonly string[];
  readonly figures: SlackFigures;
} {
  const { calls, workspace } = slack;
  const problems: string[] = [];
  const posts = keyedPosts(calls);
  let repeats = 0;
  let explained = 0;
  for (const [index, post] of posts.entries()) {
    const earlier = posts.slice(0, index).findLast(({ name }) => name === post.name);
    if (earlier === undefined || knownNotPosted(earlier.outcome)) continue;
    repeats += 1;
    const between = calls.slice(earlier.position + 1, post.position);
    if (between.some((call) => isLookUp(call) && call.args.channel === post.channel)) explained += 1;
    else problems.push(`sent again without a lookup: ${post.name}`);
  }
  const names = workspace.channelIds().flatMap((channel) =>
    workspace.messagesOf(channel).flatMap(({ metadata }) => {
      const name = nameOf(metadata);
      return name === null ? [] : [`${channel} ${name.incidentId} ${name.key}`];
    }),
  );
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    problems.push(`twice in Slack: ${name}`);
  }
  const lookUps = calls.filter(isLookUp).length;
  return { problems, figures: { messages: names.length, posts: posts.length, repeats, explained, lookUps } };
}

/** What the ledger calls handed over is at its vendor; a phone rings once for an incident's generation. */
export function checkHandOvers({ slack, pagerduty }: OutsideVendors, { pages }: Stored): readonly string[] {
  const problems: string[] = [];
  const rings = pagerduty.model.notifications.map(({ dedupKey }) => dedupKey);
  for (const key of new Set(rings.filter((one, index) => rings.indexOf(one) !== index))) {
    problems.push(`a phone rang twice for ${key}`);
  }
  for (const page of pages.filter(({ state }) => state === 'handed over')) {
    const there = page.lane === 'pagerduty' ? rings.includes(page.vendorRef ?? '') : isInSlack(slack, page.vendorRef);
    if (!there) problems.push(`handed over, but not there: ${page.target} of INC-${page.incidentNumber}`);
  }
  return problems;
}

function isInSlack({ workspace }: OutsideVendors['slack'], vendorRef: string | null): boolean {
  const [channel = '', ts = ''] = vendorRef?.split('/') ?? [];
  return workspace.find(channel, ts) !== null;
}
