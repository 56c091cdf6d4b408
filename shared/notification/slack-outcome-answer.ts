import type { IncidentDecision, RejectedReason, UnchangedReason } from '../incident/commands.ts';
import { announcesExpiryAt } from '../incident/dues.ts';
import { type Incident, incidentName } from '../incident/incident.ts';
import { dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { nextPage } from './next-page.ts';
import type { SlackCommand } from './parse-slack-command.ts';
import type { SlackBlock } from './slack-message.ts';

/** What only the person who asked sees; the body of a command's answer and of a post to response_url. */
export interface SlackAnswer {
  readonly response_type: 'ephemeral';
  readonly replace_original: false;
  readonly text: string;
  readonly blocks?: readonly SlackBlock[];
}

/** `replace_original`: without it an answer to a button would take the incident message's place. */
export const answer = (text: string, blocks?: readonly SlackBlock[]): SlackAnswer => ({
  response_type: 'ephemeral',
  replace_original: false,
  text,
  ...(blocks === undefined ? {} : { blocks }),
});

/** The commands that change an incident. */
export type ChangingCommand = Extract<
  SlackCommand['kind'],
  'acknowledge' | 'resolve' | 'escalate' | 'severity' | 'note' | 'update' | 'move'
>;

/**
 * Says what became of a person's command, and how the incident stands now. `incident` is the state after it (null when
 * there is none), `asked` the number that the person named.
 */
export function answerOutcome(
  command: ChangingCommand,
  outcome: Pick<IncidentDecision, 'outcome'> & { readonly reason?: UnchangedReason | RejectedReason },
  incident: Incident | null,
  asked: number | null,
): SlackAnswer {
  const name =
    incident === null ? (asked === null ? 'an incident' : incidentName(asked)) : incidentName(incident.number);
  const state = incident === null ? '' : ` ${presentState(incident)}`;
  if (outcome.reason === undefined) return answer(`${doneSentence(command, name, incident)}${state}`);
  return answer(`${reasonSentence(outcome.reason, name, incident)}${state}`);
}

function doneSentence(command: ChangingCommand, name: string, incident: Incident | null): string {
  switch (command) {
    case 'acknowledge':
      return `You acknowledged ${name}.`;
    case 'resolve':
      return incident !== null && incident.firing > 0
        ? `You resolved ${name} while ${incident.firing} of its alerts still fire.`
        : `You resolved ${name}.`;
    case 'escalate':
      return `You escalated ${name}.`;
    case 'severity':
      return `You changed the severity of ${name}.`;
    case 'move':
      return `You moved ${name} to today's policy file; nobody is paged for that.`;
    case 'note':
      return `Noted on ${name}.`;
    case 'update':
      return `Published on the status page for ${name}.`;
  }
}

/** One sentence for each reason a command can meet: a refusal says what to do instead. */
export function reasonSentence(
  reason: UnchangedReason | RejectedReason,
  name: string,
  incident: Incident | null,
): string {
  const by = (actor: { readonly name: string } | null | undefined) =>
    actor ? ` by ${escapeMrkdwn(actor.name, 100)}` : '';
  switch (reason) {
    case 'already acknowledged':
      return `${name} is already acknowledged${by(incident?.acknowledgedBy)}: nothing to do${renewableFrom(incident)}.`;
    case 'already resolved':
      return `${name} is already resolved${by(incident?.resolvedBy)}: nothing to do.`;
    case 'already closed':
      return `${name} is already closed: nothing to do.`;
    case 'command repeated':
      return `That was already done for ${name}.`;
    case 'nothing changed':
      return `Nothing changed for ${name}.`;
    case 'same severity':
      return `${name} has that severity already.`;
    case 'not due yet':
    case 'nothing is due':
      return `Nothing is due for ${name} yet.`;
    case 'timer is stale':
      return `${name} has moved on since.`;
    case 'no such incident':
      return `There is no such incident (${name}). \`/incident list\` shows what is open.`;
    case 'incident is resolved':
      return `${name} is resolved, so this is not possible any more.`;
    case 'incident is closed':
      return `${name} is closed, so this is not possible any more.`;
    case 'incident is not resolved':
      return `${name} is not resolved yet: resolve it first.`;
    case 'alerts still fire':
      return `${name} has alerts that still fire, so it stays as it is.`;
    case 'severity has risen':
      return `${name} is now ${incident?.severity ?? 'more severe'}, worse than what you saw: look at it and press again.`;
    case 'button is of an earlier generation':
      return `${name} was triggered again since this message: look at it and use the button of the new one.`;
    case 'no further step':
      return `${name} has no further step to escalate to.`;
    case 'policy file has changed':
      return `Today's policy file is another one than you saw: look with \`/incident show\` and press again.`;
    case 'severity never pages':
      return `${incident?.severity ?? 'This severity'} pages nobody, so ${name} cannot be escalated. Raise its severity first.`;
    case 'text is empty':
      return 'The text is empty: write something after the command.';
  }
}

/** Empty for an acknowledgement that does not expire. */
const untilWhen = (incident: Incident): string =>
  incident.dueAt === null || announcesExpiryAt(incident) === null ? '' : ` until ${dateMrkdwn(incident.dueAt)}`;

/** Empty for an acknowledgement that does not expire. */
function renewableFrom(incident: Incident | null): string {
  const from = incident === null ? null : announcesExpiryAt(incident);
  return from === null ? '' : `; it can be renewed from ${dateMrkdwn(from)} on`;
}

/** How it stands, in one sentence. */
export function presentState(incident: Incident): string {
  switch (incident.status) {
    case 'triggered': {
      const next = nextPage(incident);
      const who = next === null ? 'nobody is paged next' : `next page ${dateMrkdwn(next.at)}`;
      return `It is ${incident.severity}, triggered; ${who}.`;
    }
    case 'acknowledged':
      return `It is ${incident.severity}, acknowledged by ${escapeMrkdwn(incident.acknowledgedBy?.name ?? 'unknown', 100)}${untilWhen(incident)}.`;
    case 'resolved':
      return incident.heldUntil === null
        ? 'It is resolved.'
        : `It is resolved, and opens again ${dateMrkdwn(incident.heldUntil)} if its alerts still fire then.`;
    case 'closed':
      return 'It is closed.';
  }
}
