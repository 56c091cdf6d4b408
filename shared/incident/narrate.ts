import { rejected } from '../kernel/outcome.ts';
import { cleanLines, cutText } from '../notification/clean-text.ts';
import type { DecisionContext, IncidentCommand, IncidentDecision } from './commands.ts';
import { acceptDraft, beginDraft } from './draft.ts';
import type { Incident } from './incident.ts';

/** Characters of a note or a public text: Slack's text block takes 3,000. What is cut ends with an ellipsis. */
export const textLimit = 3_000;

const boundText = (text: string): string => cutText(cleanLines(text), textLimit);

/** A note is a fact about any incident, also after its end. */
export function addNote(
  command: Extract<IncidentCommand, { type: 'AddNote' }>,
  incident: Incident,
  context: DecisionContext,
): IncidentDecision {
  const text = boundText(command.text);
  if (text === '') return rejected('text is empty');
  return acceptDraft(beginDraft(incident, context, { type: 'NoteAdded', by: context.actor, text }));
}

export function publishStatus(
  command: Extract<IncidentCommand, { type: 'PublishStatus' }>,
  incident: Incident,
  context: DecisionContext,
): IncidentDecision {
  if (incident.status === 'closed') return rejected('incident is closed');
  const text = boundText(command.text);
  if (text === '') return rejected('text is empty');
  const { status } = command;
  return acceptDraft(beginDraft(incident, context, { type: 'StatusPublished', by: context.actor, status, text }));
}

/** Does not close: the person who owns the postmortem does. */
export const recordPostmortem = (incident: Incident, context: DecisionContext): IncidentDecision =>
  acceptDraft(beginDraft(incident, context, { type: 'PostmortemDrafted', by: context.actor }));
