import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';

/** A message of a topic is from one source: of two, nobody could say whose alerts are whose. */
export function checkSnsTopics({ sources }: Policy): Finding[] {
  const uses = Object.values(sources).flatMap(({ name, snsTopics }) =>
    snsTopics.map((topic, index) => ({ name, topic, at: ['sources', name, 'snsTopics', index] })),
  );
  return uses.flatMap(({ topic, at }, position): Finding[] => {
    const first = uses.findIndex((use) => use.topic === topic);
    if (first === position) return [];
    const message = `the topic ${topic} is already that of source ${uses[first]?.name}`;
    return [{ level: 'error', at, message, fix: 'Name it once.' }];
  });
}

/** Missing is worse than late; the other way round is a slip. */
export const checkHeartbeatSeverities = ({ heartbeats }: Policy): Finding[] =>
  Object.values(heartbeats)
    .filter(({ lateSeverity, missingSeverity }) => lateSeverity !== null && lateSeverity < missingSeverity)
    .map(({ name, lateSeverity, missingSeverity }) => ({
      level: 'warning',
      at: ['heartbeats', name, 'lateSeverity'],
      message: `heartbeat ${name} is ${lateSeverity} when it is late and only ${missingSeverity} when it is missing`,
      fix: 'Give missingSeverity the worse of the two.',
    }));
