import type { Notices } from './notices.ts';
import type { PagerDutyStandIn } from './pagerduty-stand-in.ts';
import type { SlackStandIn } from './slack-stand-in.ts';
import { botUser } from './slack-workspace.ts';
import type { TestAlert } from './test-alert.ts';

export interface SandboxParts {
  /** Null: the product talks to the real Slack, or to another stand-in. */
  readonly slack: SlackStandIn | null;
  readonly pagerduty: PagerDutyStandIn | null;
  readonly notices: Notices;
  /** Names of routing keys, for people. */
  readonly routingKeyNames: Readonly<Record<string, string>>;
  readonly statusPage: string;
  readonly services: readonly string[];
  readonly firing: readonly TestAlert[];
}

/** How much of each list the page gets: it is a look at what goes on, not an archive. */
const shown = 200;

/** Everything that the page draws, as plain data. */
export function sandboxState(parts: SandboxParts) {
  return {
    slack: parts.slack === null ? null : slackState(parts.slack),
    pagerduty: parts.pagerduty === null ? null : pagerdutyState(parts.pagerduty, parts.routingKeyNames),
    fallback: newest(parts.notices.all.filter((notice) => notice.topic !== 'events')),
    events: newest(parts.notices.all.filter((notice) => notice.topic === 'events')),
    services: parts.services,
    firing: parts.firing,
    statusPage: parts.statusPage,
  };
}

function slackState({ workspace, hooks, faults }: SlackStandIn) {
  const users = [...(workspace.directory.users ?? []), botUser];
  const named = new Map((workspace.directory.channels ?? []).map((channel) => [channel.id, channel.name]));
  return {
    users,
    botUserId: botUser.id,
    outage: faults.outage !== null,
    view: hooks.view,
    channels: workspace.channelIds().map((id) => ({
      id,
      direct: id.startsWith('D'),
      name: id.startsWith('D') ? workspace.userName(`U${id.slice(1)}`) : (named.get(id) ?? id),
      messages: workspace.messagesOf(id).slice(-shown),
    })),
  };
}

function pagerdutyState({ model, faults }: PagerDutyStandIn, names: Readonly<Record<string, string>>) {
  const named = <T extends { readonly routingKey: string }>({ routingKey, ...rest }: T) => ({
    ...rest,
    service: names[routingKey] ?? 'unknown routing key',
  });
  return {
    outage: faults.outage !== null,
    notifications: newest(model.notifications).map(named),
    alerts: newest([...model.alerts.values()]).map(named),
    calls: newest(model.history).map(named),
  };
}

const newest = <T>(list: readonly T[]): readonly T[] => list.slice(-shown).reverse();
