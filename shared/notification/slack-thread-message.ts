import { assert } from '../kernel/assert.ts';
import { describeEvent } from '../timeline/describe.ts';
import type { Commit, IncidentEvent } from '../timeline/events.ts';
import { dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { type SlackMessage, section, slackMetadata } from './slack-message.ts';

/**
 * Is this worth a line in the thread? The incident message already shows counts and progress by being edited; the thread
 * tells what somebody did and what changed who must act. Pages' outcomes are in the ledger and in `/incident why`.
 */
export function isThreadWorthy(event: IncidentEvent): boolean {
  switch (event.type) {
    case 'IncidentEscalated':
    case 'IncidentAcknowledged':
    case 'AcknowledgementExpired':
    case 'AcknowledgementExpiring':
    case 'DeadlineMissed':
    case 'UpdateDue':
    case 'PolicyMoved':
    case 'SeverityChanged':
    case 'IncidentReopened':
    case 'IncidentResolved':
    case 'IncidentClosed':
    case 'AlertsSuppressed':
    case 'FlappingBegan':
    case 'FlappingEnded':
    case 'NoteAdded':
    case 'StatusPublished':
    case 'PostmortemDrafted':
    case 'FallbackPaged':
      return true;
    case 'AlertsResolved':
      return event.wentQuiet;
    case 'IncidentTriggered':
    case 'AlertsJoined':
    case 'TimerSet':
    case 'GenerationStarted':
    case 'PageHandedOver':
    case 'PageCancelled':
      return false;
  }
}

export const isCommitThreadWorthy = (commit: Commit): boolean => commit.events.some(isThreadWorthy);

/** Names a thread reply in its metadata: by the last commit that it tells. */
export const threadMessageKey = (commit: Pick<Commit, 'version' | 'part'>): string =>
  `commit:${commit.version}:${commit.part}`;

/** A section takes 3,000 characters. */
const maxThreadText = 2_900;

/**
 * One reply for one or more commits in order (those that waited are told together); null when none is worth telling.
 * What does not fit is counted.
 */
export function slackThreadMessage(commits: readonly Commit[]): SlackMessage | null {
  const lines = commits.flatMap((commit) =>
    commit.events
      .filter(isThreadWorthy)
      .map((event) => `${dateMrkdwn(commit.at)} ${escapeMrkdwn(describeEvent(event, commit), 600)}`),
  );
  const last = commits.at(-1);
  if (lines.length === 0) return null;
  assert(last, 'lines come from commits');
  const text = joinWithin(lines, maxThreadText);
  return { text, blocks: [section(text)], metadata: slackMetadata({ id: last.incidentId }, threadMessageKey(last)) };
}

function joinWithin(lines: readonly string[], max: number): string {
  let text = lines[0] ?? '';
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const rest = `\n…and ${lines.length - index} more`;
    if (text.length + 1 + line.length + rest.length > max) return text + rest;
    text += `\n${line}`;
  }
  return text;
}
