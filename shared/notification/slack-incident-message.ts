import { type Incident, incidentName } from '../incident/incident.ts';
import { escapeMrkdwn } from './escape-slack.ts';
import type { IncidentLinks } from './incident-links.ts';
import { incidentBlocks } from './slack-incident-blocks.ts';
import { rootMessageKey, type SlackMessage, slackMetadata } from './slack-message.ts';

/** The one message of an incident in its channel: posted once, then edited so that it always shows the present state. */
export const slackIncidentMessage = (incident: Incident, links: IncidentLinks): SlackMessage => ({
  text: incidentLine(incident),
  blocks: incidentBlocks(incident, links),
  metadata: slackMetadata(incident, rootMessageKey),
});

/** An incident in one line of mrkdwn: `[SEV1] INC-42 Title (triggered)`. */
export const incidentLine = (incident: Incident): string =>
  `[${incident.severity}] ${incidentName(incident.number)} ${escapeMrkdwn(incident.title, 300)} (${incident.status})`;
