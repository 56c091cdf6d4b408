import type { Policy } from '../../config/policy.ts';
import type { Actor } from '../../incident/incident.ts';
import { cleanLine } from '../../notification/clean-text.ts';
import type { SlackPerson } from './read-slack-request.ts';

/**
 * Only members of the workspace that the policy file names. Somebody from outside, in a channel that two organisations
 * share, brings another team's id with them; where the policy file names no workspace, at least the two ids must agree.
 */
export function isMember({ slackTeamId }: Pick<Policy, 'slackTeamId'>, { teamIds }: SlackPerson): boolean {
  if (slackTeamId === null) return new Set(teamIds).size <= 1;
  return teamIds.length > 0 && teamIds.every((id) => id === slackTeamId);
}

/** By the name that the policy file gives them: Slack's own names are not reliable. */
export function actorOf({ people }: Pick<Policy, 'people'>, { userId, userName }: SlackPerson): Actor {
  const person = Object.values(people).find(({ slackUserId }) => slackUserId === userId);
  return { kind: 'person', id: userId, name: person?.name ?? (cleanLine(userName) || userId) };
}
