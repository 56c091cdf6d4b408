import type { Team } from '../config/policy.ts';

/** All names of a team, of people and schedules: those with a role first, then its other members, each once. */
export const everyoneOf = ({ roles, members }: Pick<Team, 'roles' | 'members'>): readonly string[] => {
  const { onCall, secondary, manager } = roles;
  return [...new Set([onCall, secondary, manager, ...members].filter((name) => name !== null))];
};
