import type { Policy } from '../config/policy.ts';
import { type OwedPage, type PageRow, type PageTarget, personPaged, targetKey } from '../notification/page.ts';
import { describeTarget } from '../timeline/describe-target.ts';
import type { PredictedPage } from './prediction.ts';

/** A page as people ask about it: who, by what, when, and why they. */
export function describePage(
  row: PageRow,
  owed: Pick<OwedPage, 'target' | 'person' | 'because'>,
  policy: Policy,
): PredictedPage {
  const { pageTarget, lane, owedAt, deadlineAt, notBeforeAt = owedAt } = row;
  return {
    who: personPaged(owed) ?? whoIs(pageTarget, policy),
    target: targetKey(pageTarget),
    lane,
    by: reachedBy(pageTarget, policy),
    because: owed.because ?? null,
    sentAt: notBeforeAt,
    deadlineAt,
  };
}

function whoIs(target: PageTarget, policy: Policy): string {
  return target.kind === 'slack mention'
    ? `everybody in ${channelName(target.channelId, policy)}`
    : describeTarget(target);
}

function reachedBy(target: PageTarget, policy: Policy): string {
  switch (target.kind) {
    case 'person':
      return target.lane === 'slack' ? 'Slack message' : `SNS contact ${contactOf(target, policy)}`;
    case 'person mention':
      return `Slack mention in ${channelName(target.channelId, policy)}`;
    case 'slack mention':
      return `Slack mention of ${target.mention}`;
    case 'pagerduty':
      return `PagerDuty service ${target.service}`;
    case 'sns':
      return 'SNS';
  }
}

const contactOf = ({ person, contact }: Extract<PageTarget, { kind: 'person' }>, { people }: Policy): string =>
  contact ?? people[person]?.sns ?? 'of the person';

/** `#name`, or the id of a channel that the file does not name. */
export function channelName(id: string, { slackChannels }: Policy): string {
  const [name] = Object.entries(slackChannels).find(([, each]) => each === id) ?? [];
  return name === undefined ? id : `#${name}`;
}
