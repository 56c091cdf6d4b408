import type { FaultCounts } from './faults.ts';

/** Each port call that the runs make must have been hit at least so often, before and after. */
export const leastHits = 20;

/** The port calls of the main path. A call that no run makes any more would otherwise drop out of the count unseen. */
const mustBeMade = [
  'table.get',
  'table.query',
  'table.queryIndex',
  'table.write',
  'queues.send',
  'queues.sendAll',
  'queues.postpone',
  'timers.start',
  'topics.publish',
  'blobs.put',
  'secrets.get',
  'slack.call',
  'slackResponder.respond',
  'pagerduty.send',
] as const;

export function rarelyHit(counts: FaultCounts): readonly string[] {
  const calls = new Set<string>(mustBeMade);
  for (const key of counts.keys()) calls.add(key.replace(/ (before|after)$/, ''));
  return [...calls]
    .flatMap((call) => ['before', 'after'].map((side) => `${call} ${side}`))
    .filter((key) => (counts.get(key) ?? 0) < leastHits);
}
