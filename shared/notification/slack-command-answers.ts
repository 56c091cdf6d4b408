import { type Incident, incidentName } from '../incident/incident.ts';
import { compareTexts } from '../kernel/compare-texts.ts';
import { codeMrkdwn, dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { type HelpProblem, publicStatuses } from './parse-slack-command.ts';
import { section, sectionsOf } from './slack-message.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';

const listed = 20;

/** Open incidents, the most severe and oldest first, at most 20 of them. */
export function answerList(incidents: readonly Incident[]): SlackAnswer {
  if (incidents.length === 0) return answer('No incident is open.');
  const sorted = [...incidents].sort(
    (a, b) => compareTexts(a.severity, b.severity) || compareTexts(a.openedAt, b.openedAt),
  );
  const lines = sorted
    .slice(0, listed)
    .map(
      (each) =>
        `*${incidentName(each.number)}* ${each.severity} ${each.status}: ${escapeMrkdwn(each.title, 100)} ` +
        `(${each.firing} firing, since ${dateMrkdwn(each.openedAt)})`,
    );
  const rest = sorted.length - listed;
  const count = sorted.length === 1 ? '1 incident is open' : `${sorted.length} incidents are open`;
  return answer(`${count}.`, [
    section(`*${count}*`),
    ...sectionsOf(lines),
    ...(rest > 0 ? [section(`…and ${rest} more`)] : []),
  ]);
}

/** The command is stored and will be decided by the worker, which answers through response_url. */
export const answerTaken = (): SlackAnswer => answer('Taken. The confirmation follows here in a moment.');

/** Neither decided nor stored in time; what was under way may still have been carried out. */
export const answerNotTaken = (): SlackAnswer =>
  answer('I could not confirm that in time. Look with `/incident list`, and try again if it was not done.');

/** A button whose value no longer says what it was for. */
export const answerOldButton = (): SlackAnswer =>
  answer('This button belongs to an older message and does nothing any more. `/incident list` shows what is open.');

/** A request of another workspace, or of somebody who is not a member of this one. */
export const answerStranger = (): SlackAnswer =>
  answer('Only members of the workspace that Tocsin belongs to can do this.');

/** A command without a number, where it is not clear which incident is meant. */
export const answerWhichIncident = (open: readonly Incident[]): SlackAnswer =>
  open.length === 0
    ? answer('No incident is open. Name one by its number, such as `INC-42`.')
    : answer(
        `More than one incident is open: name one, such as ${codeMrkdwn(incidentName(open[0]?.number ?? 0))}. ` +
          open
            .slice(0, listed)
            .map((each) => `${incidentName(each.number)} ${escapeMrkdwn(each.title, 80)}`)
            .join('; '),
      );

const usage: readonly (readonly [string, string])[] = [
  ['list', 'what is open'],
  ['show 42', 'one incident, with its buttons'],
  ['ack 42', 'acknowledge: paging stops'],
  ['resolve 42', 'resolve'],
  ['escalate 42', 'page the next step now'],
  ['severity 42 SEV1', 'change the severity'],
  ['note 42 text', 'add a note to the timeline'],
  [`update 42 status text`, `tell the public; status is ${publicStatuses.join(', ')}`],
  ['policy 42 move', "take today's policy file for it"],
  ['why 42', 'which rule paged whom, and which did not'],
  ['postmortem 42', 'draft the postmortem'],
  ['who severity=critical at 2027-03-28T01:30', 'who would be told of such an alert, when; with 42 who is next'],
  ['on-call primary', 'who is on call, until when, and who is next; without a name in every schedule'],
  ['override primary carol 18:00 to 22:00', 'carol takes over then; also `for 2h`; `override` alone lists them'],
  ['swap primary alice bob', 'their next shifts, each for the other'],
  ['silence alertname=Disk 2h comment', 'see what that would hide, and silence it; with 42 what its alerts share'],
  ['silences', 'what is silenced'],
  ['unsilence 019eac8c-9c3f-7d0c-a3b1-6f0e5d4c3b2a', 'end a silence'],
];

export function answerHelp(problem: HelpProblem | null): SlackAnswer {
  const lines = usage.map(([command, meaning]) => `\`/incident ${command}\` ${meaning}`);
  const all = [...lines, 'The number may be left out while only one incident is open.'].join('\n');
  return answer(problem === null ? all : `${problemSentence(problem)}\n${all}`);
}

function problemSentence(problem: HelpProblem): string {
  switch (problem.kind) {
    case 'unknown command':
      return (
        `I do not know ${codeMrkdwn(problem.word, 60)}.` +
        (problem.nearest === null ? '' : ` Did you mean \`/incident ${problem.nearest}\`?`)
      );
    case 'not a number':
      return `${codeMrkdwn(problem.word, 60)} is no incident number. Try \`/incident ${problem.command} 42\`.`;
    case 'text is missing':
      return `\`/incident ${problem.command}\` needs a text.`;
    case 'status is missing':
      return `\`/incident update\` needs a status: ${publicStatuses.join(', ')}.`;
    case 'severity is missing':
      return '`/incident severity` needs one of SEV1, SEV2, SEV3, SEV4.';
    case 'duration is missing':
      return '`/incident silence` needs to know how long, such as `2h` or `1h30m`, behind what is silenced.';
    case 'matcher cannot be read':
      return `That cannot be read: ${escapeMrkdwn(problem.problem, 300)}. Write it as \`alertname=Disk,instance=~"web.*"\`.`;
    case 'on-call cannot be read':
      return 'Write one schedule, such as `/incident on-call primary`, or none for all of them.';
    case 'override cannot be read':
      return (
        'I need a schedule, a person and when: `/incident override primary carol 18:00 to 22:00`, `override primary me for 2h`, ' +
        '`override primary carol 2026-12-24T18:00 to 2026-12-25T09:00 Christmas`, or `override cancel` with the id of one.'
      );
    case 'swap cannot be read':
      return 'I need a schedule and two people: `/incident swap primary alice bob`, with `from monday 09:00` for later shifts.';
    case 'not a silence':
      return `${codeMrkdwn(problem.word, 60)} is no id of a silence. \`/incident silences\` shows them.`;
  }
}
