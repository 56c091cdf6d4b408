import type { ActionsBlock, Button, ContextBlock, HeaderBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import type { Incident } from '../incident/incident.ts';

/** The blocks that Tocsin uses. Every text in them is already escaped and within its limit (slack-limits.ts). */
export type SlackBlock = HeaderBlock | SectionBlock | ContextBlock | ActionsBlock;

/** By this a message is found again after an unknown outcome (conversations.history with include_all_metadata). */
export interface SlackMetadata {
  readonly event_type: 'tocsin_incident';
  readonly event_payload: { readonly incident_id: string; readonly key: string };
}

/** What a message shows. `text` is the notification and what a screen reader says. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly metadata: SlackMetadata;
}

/** The key of the one message that is edited as the incident changes. */
export const rootMessageKey = 'root';

export const slackMetadata = (incident: Pick<Incident, 'id'>, key: string): SlackMetadata => ({
  event_type: 'tocsin_incident',
  event_payload: { incident_id: incident.id, key },
});

/** Arguments of chat.postMessage. Nothing is unfurled: Slack would fetch addresses that an alert names. */
export const postMessageArguments = (channel: string, message: SlackMessage, threadTs: string | null) => ({
  channel,
  text: message.text,
  blocks: message.blocks,
  metadata: message.metadata,
  unfurl_links: false,
  unfurl_media: false,
  ...(threadTs === null ? {} : { thread_ts: threadTs }),
});

/** Arguments of chat.update: text and blocks together, because text alone would remove the blocks. */
export const updateMessageArguments = (channel: string, ts: string, message: SlackMessage) => ({
  channel,
  ts,
  text: message.text,
  blocks: message.blocks,
  metadata: message.metadata,
});

/** `verbatim`: Slack makes no mention, channel or link out of plain words. */
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true }) as const satisfies MrkdwnElement;

export const section = (text: string) => ({ type: 'section', text: mrkdwn(text) }) as const satisfies SectionBlock;

/** At most 10 fields. */
export const fieldsSection = (fields: readonly string[]) =>
  ({ type: 'section', fields: fields.map(mrkdwn) }) satisfies SectionBlock;

export const context = (text: string) => ({ type: 'context', elements: [mrkdwn(text)] }) satisfies ContextBlock;

/** Only words of ours go in here: plain text has no escaping that Slack documents. */
export const header = (text: string) =>
  ({ type: 'header', text: { type: 'plain_text', text, emoji: true } }) as const satisfies HeaderBlock;

export const actions = (blockId: string, elements: readonly Button[]) =>
  ({ type: 'actions', block_id: blockId, elements: [...elements] }) satisfies ActionsBlock;

/** A section's text ends at 3,000 characters: lines that do not fit begin another. Each line must fit alone. */
export function sectionsOf(lines: readonly string[]): readonly SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= 3_000) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map(section);
}
