import { type Incident, incidentName } from '../incident/incident.ts';
import { escapeMrkdwn } from './escape-slack.ts';
import type { IncidentLinks } from './incident-links.ts';
import type { PageId, PageRow } from './page.ts';
import { incidentBlocks } from './slack-incident-blocks.ts';
import { incidentLine } from './slack-incident-message.ts';
import { context, type SlackMessage, section, slackMetadata } from './slack-message.ts';

/** Names a page's message in its metadata, so that it is found after an unknown outcome. */
export const pageMessageKey = (page: PageId): string =>
  `page:${page.generation}:${page.step}:${page.round}:${page.target}`;

/**
 * The direct message or mention of one page, with the incident as it is now and its buttons. A mention goes to the
 * channel, never into a thread: Slack notifies nobody for `@here` in a thread.
 * @param mentionedUserId the Slack user whom a mention by name is for
 */
export function slackPageMessage(
  page: PageRow,
  incident: Incident,
  links: IncidentLinks,
  mentionedUserId?: string,
): SlackMessage {
  const mention = mentionOf(page, mentionedUserId);
  const call = `${mention}${callFor(page, incident)}`;
  return {
    text: `${mention}${incidentLine(incident)}`,
    blocks: [
      section(`*${call}*`),
      ...incidentBlocks(incident, links),
      context(`Why you are told: ${escapeMrkdwn(page.why, 400) || 'step of the escalation policy'}`),
    ],
    metadata: slackMetadata(incident, pageMessageKey(page)),
  };
}

function mentionOf({ pageTarget }: PageRow, mentionedUserId: string | undefined): string {
  if (pageTarget.kind === 'slack mention') return `<!${pageTarget.mention}> `;
  return mentionedUserId === undefined ? '' : `<@${escapeMrkdwn(mentionedUserId)}> `;
}

function callFor(page: PageRow, incident: Incident): string {
  const name = incidentName(incident.number);
  if (incident.status === 'acknowledged') return `${name} is acknowledged`;
  if (incident.status !== 'triggered') return `${name} is ${incident.status}`;
  return page.round > 1 ? `${name} still needs somebody (reminder ${page.round - 1})` : `${name} needs somebody now`;
}
