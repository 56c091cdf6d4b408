import type { SlackMessage } from '#local/sandbox/slack-workspace.ts';
import { type IncidentView, listIncidents } from './operator.ts';
import { channels } from './policy.ts';
import type { Tocsin } from './tocsin.ts';
import { until } from './until.ts';
import { messagesAbout, nameOf, type OutsideVendors } from './vendors.ts';

/** Waits for the incident that an alert opened. */
export const openedBy = (tocsin: Tocsin, alertname: string, seconds = 20): Promise<IncidentView> =>
  until(`an incident for ${alertname}`, async () => (await incidentsOf(tocsin, alertname))[0], {
    seconds,
    seen: tocsin.program.output,
  });

/** The incidents that show an alert of this name among what fires. */
export const incidentsOf = async (tocsin: Tocsin, alertname: string): Promise<readonly IncidentView[]> =>
  (await listIncidents(tocsin)).filter(({ title }) => title.startsWith(alertname));

/** What the vendors have of one incident. */
export interface Traces {
  /** Messages about it in a channel, oldest first. */
  messages(channel: string): readonly SlackMessage[];
  root(): SlackMessage | undefined;
  thread(): readonly SlackMessage[];
  /** How often a phone rang. */
  rings(): number;
  pagerdutyStatus(generation: number): string | undefined;
}

export function tracesOf(vendors: OutsideVendors, { id }: Pick<IncidentView, 'id'>): Traces {
  const messages = (channel: string) => messagesAbout(vendors, channel, id);
  const root = () => messages(channels.incidents).find((message) => nameOf(message.metadata)?.key === 'root');
  const { model } = vendors.pagerduty;
  return {
    messages,
    root,
    thread: () => messages(channels.incidents).filter(({ threadTs }) => threadTs !== null && threadTs === root()?.ts),
    rings: () => model.notifications.filter(({ dedupKey }) => dedupKey.startsWith(id)).length,
    pagerdutyStatus: (generation) =>
      [...model.alerts.values()].find(({ dedupKey }) => dedupKey === `${id}:${generation}`)?.status,
  };
}

/** What each step of the quick policy pages, when nobody answers. */
export const everyStepOnce = [
  '1.1.1 pagerduty:platform: handed over',
  '1.1.1 person:alice: handed over',
  '1.2.1 person:bob: handed over',
  '1.3.1 person:carol: handed over',
] as const;
