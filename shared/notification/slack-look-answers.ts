import { type Incident, incidentName } from '../incident/incident.ts';
import { codeMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import type { IncidentLinks } from './incident-links.ts';
import { incidentBlocks } from './slack-incident-blocks.ts';
import { incidentLine } from './slack-incident-message.ts';
import { section } from './slack-message.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';

/** The incident as its channel sees it, buttons included, only for who asked. */
export const answerShow = (incident: Incident, links: IncidentLinks): SlackAnswer =>
  answer(incidentLine(incident), incidentBlocks(incident, links));

/** The draft is Markdown of our own making with the alerts' texts escaped in it; Slack shows its beginning as it is. */
export function answerPostmortem(incident: Incident, markdown: string, address: string | null): SlackAnswer {
  const name = incidentName(incident.number);
  const where = address === null ? '' : ` The whole draft: ${codeMrkdwn(address, 500)}`;
  const said = `The postmortem of ${name} is drafted.${where}`;
  return answer(said, [section(said), section(beginningAsCode(markdown))]);
}

/** At most 2,900 characters of whole lines; a backtick would end the code, so it becomes an apostrophe. */
function beginningAsCode(markdown: string): string {
  let text = '';
  for (const line of markdown.replaceAll('`', "'").split('\n')) {
    const escaped = escapeMrkdwn(line, 300);
    if (text.length + escaped.length > 2_880) return `\`\`\`\n${text}…\n\`\`\``;
    text += `${escaped}\n`;
  }
  return `\`\`\`\n${text}\`\`\``;
}
