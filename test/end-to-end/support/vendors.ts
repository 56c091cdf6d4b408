import { join } from 'node:path';
import type { VendorCall } from '#local/sandbox/faults.ts';
import { type PagerDutyStandIn, startPagerDutyStandIn } from '#local/sandbox/pagerduty-stand-in.ts';
import { type SlackStandIn, startSlackStandIn } from '#local/sandbox/slack-stand-in.ts';
import type { SlackMessage } from '#local/sandbox/slack-workspace.ts';
import type { Scope } from './scope.ts';

/** Slack and PagerDuty outside the product's process, so that what they have is known whatever happens to the product. */
export interface OutsideVendors {
  readonly slack: SlackStandIn;
  readonly pagerduty: PagerDutyStandIn;
  /** Points the product at them. */
  readonly env: Readonly<Record<string, string>>;
}

export async function startOutsideVendors(scope: Scope): Promise<OutsideVendors> {
  const slack = await startSlackStandIn();
  scope.add(slack.stop);
  const pagerduty = await startPagerDutyStandIn({ dataDir: join(scope.tempDir('pagerduty'), 'stand-in') });
  scope.add(pagerduty.stop);
  return {
    slack,
    pagerduty,
    env: {
      SLACK_API_URL: slack.apiUrl,
      PAGERDUTY_EVENTS_SERVER: pagerduty.server,
      PAGERDUTY_EVENTS_CA: pagerduty.caFile,
    },
  };
}

/** By this Tocsin knows its messages: one message each may be there. */
export interface MessageName {
  readonly incidentId: string;
  readonly key: string;
}

/** Null for a message that is none of Tocsin's about an incident, such as the answer to a command. */
export function nameOf(metadata: unknown): MessageName | null {
  const { event_payload: payload } = asRecord(metadata);
  const { incident_id: incidentId, key } = asRecord(payload);
  return typeof incidentId === 'string' && typeof key === 'string' ? { incidentId, key } : null;
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Tocsin's messages of one incident in a channel, oldest first. */
export const messagesAbout = (
  { slack }: OutsideVendors,
  channel: string,
  incidentId: string,
): readonly SlackMessage[] =>
  slack.workspace.messagesOf(channel).filter((message) => nameOf(message.metadata)?.incidentId === incidentId);

/** All words of a message, for people. */
export const wordsOf = (message: SlackMessage): string => `${message.text} ${JSON.stringify(message.blocks)}`;

/** `chat.postMessage` calls about incidents, in the order of their arrival. */
export interface KeyedPost {
  readonly position: number;
  readonly name: string;
  readonly channel: string;
  readonly outcome: string;
}

export const keyedPosts = (calls: readonly VendorCall[]): readonly KeyedPost[] =>
  calls.flatMap((call, position) => {
    const name = call.method === 'chat.postMessage' ? nameOf(call.args.metadata) : null;
    if (name === null) return [];
    const channel = String(call.args.channel);
    return [{ position, name: `${channel} ${name.incidentId} ${name.key}`, channel, outcome: call.outcome }];
  });
