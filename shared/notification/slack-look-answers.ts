import { isMoved, type PolicyComparison } from '../escalation/compare-pinned.ts';
import { type Incident, incidentName, isOpen } from '../incident/incident.ts';
import { codeMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import type { IncidentLinks } from './incident-links.ts';
import { moveButton } from './slack-buttons.ts';
import { incidentBlocks } from './slack-incident-blocks.ts';
import { incidentLine } from './slack-incident-message.ts';
import { type SlackBlock, section } from './slack-message.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';

/** The incident as its channel sees it, buttons included, only for who asked; and how today's policy file differs. */
export const answerShow = (incident: Incident, links: IncidentLinks, comparison: PolicyComparison): SlackAnswer =>
  answer(incidentLine(incident), [...incidentBlocks(incident, links), ...policyBlocks(incident, comparison)]);

/** Differences that one answer tells: a section takes 3,000 characters. */
const differencesShown = 10;

function policyBlocks(incident: Incident, comparison: PolicyComparison): readonly SlackBlock[] {
  const { pinnedHash, todayHash, differences } = comparison;
  const pinned = `Policy file ${codeMrkdwn(pinnedHash, 40)}, pinned when it opened or was last changed;`;
  if (!isMoved(comparison)) return [section(`${pinned} today's is the same.`)];
  const shown = differences.slice(0, differencesShown).map((difference) => `\n• ${escapeMrkdwn(difference, 250)}`);
  const rest = differences.length - shown.length;
  const told = `${shown.join('')}${rest > 0 ? `\n…and ${rest} more` : ''}`;
  const says = differences.length === 0 ? ' nothing in it differs for this incident.' : told;
  const text = `${pinned} today's is ${codeMrkdwn(todayHash, 40)}:${says}`;
  return [section(text), ...(isOpen(incident) ? [moveButton(incident, todayHash)] : [])];
}

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
