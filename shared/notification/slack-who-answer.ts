import { escapeMrkdwn } from './escape-slack.ts';
import { section } from './slack-message.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';

/** The lines of a prediction, as many as one block holds, in a code block so that their columns stand. */
export const answerWho = (title: string, lines: readonly string[]): SlackAnswer => {
  const said = escapeMrkdwn(title, 200);
  return answer(said, [section(said), section(asTable(lines))]);
};

/** What cannot be understood of the question, with the fix. */
export const answerWhoProblem = (problem: string): SlackAnswer =>
  answer(
    `${escapeMrkdwn(problem, 600)} Write it as \`/incident who severity=critical,service=checkout at 2027-03-28T01:30\`, or with the number of an incident.`,
  );

/** Characters of one section's text, with the fences. */
const most = 2_880;
const mostOfLine = 300;

/** Whole lines with their blanks, which hold the columns; a backtick would end the code, so it becomes an apostrophe. */
function asTable(lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    const parts = line.replaceAll('`', "'").split(/( {2,})/);
    const escaped = parts.map((part) => (part.startsWith('  ') ? part : escapeMrkdwn(part, mostOfLine))).join('');
    if (text.length + escaped.length > most) return `\`\`\`\n${text}…\n\`\`\``;
    text += `${escaped}\n`;
  }
  return `\`\`\`\n${text}\`\`\``;
}
