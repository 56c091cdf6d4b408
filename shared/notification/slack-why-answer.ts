import type { Live } from '../escalation/live-people.ts';
import { type Incident, incidentName } from '../incident/incident.ts';
import type { WhyLine } from '../timeline/why.ts';
import { codeMrkdwn, dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { nextPage } from './next-page.ts';
import { section, sectionsOf } from './slack-message.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';

const shownLines = 20;

/**
 * `/incident why`: the newest 20 lines of the explanation in their order, and who is paged next.
 * @param live as for `nextPage`
 */
export function answerWhy(incident: Incident, explained: readonly WhyLine[], live?: Omit<Live, 'now'>): SlackAnswer {
  const title = `Why ${incidentName(incident.number)} paged whom`;
  const earlier = explained.length - shownLines;
  return answer(title, [
    section(
      `*${title}*\nRoute ${codeMrkdwn(incident.routePath, 100)} gave it to escalation policy ` +
        `${codeMrkdwn(incident.pinned.escalation.name, 100)} of policy file ${codeMrkdwn(incident.pinned.policyHash, 40)}.`,
    ),
    ...sectionsOf([
      ...(earlier > 0 ? [`…${earlier} earlier lines are in the API's timeline`] : []),
      ...explained.slice(-shownLines).map(({ at, text }) => `${dateMrkdwn(at)} ${escapeMrkdwn(text, 420)}`),
      nextLine(incident, live),
    ]),
  ]);
}

function nextLine(incident: Incident, live: Omit<Live, 'now'> | undefined): string {
  const next = nextPage(incident, live);
  if (next !== null) {
    return `Next: step ${next.step} pages ${escapeMrkdwn(next.targets.join(', ') || 'nobody', 200)} ${dateMrkdwn(next.at)}`;
  }
  return incident.status === 'triggered' ? 'Nobody is paged next.' : `Nobody is paged while it is ${incident.status}.`;
}
