import type { Suppression } from '../alert/suppression.ts';
import type { Policy, RouteNode } from '../config/policy.ts';
import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { isInAnyInterval } from './in-time-interval.ts';
import { nextBoundary } from './next-boundary.ts';
import type { TimeInterval } from './time-interval.ts';

type NodeIntervals = Pick<RouteNode, 'muteTimeIntervals' | 'activeTimeIntervals'>;

/** Why a node tells nobody at an instant because of its time intervals. */
export type IntervalSuppression = Extract<Suppression, { kind: 'interval' }>;

function findIntervals(name: string, timeIntervals: Policy['timeIntervals']): readonly TimeInterval[] {
  const intervals = Object.hasOwn(timeIntervals, name) ? timeIntervals[name] : undefined;
  // The policy file is checked before it is bundled, so this is never a user's mistake.
  assert(intervals, `unknown time interval ${name}`);
  return intervals;
}

/**
 * Whether the time intervals of a route's node keep it from telling anybody now: outside of all its active ones, which are asked
 * first as in Alertmanager, or inside of any mute one. Null: it tells.
 */
export function judgeIntervals(
  node: NodeIntervals,
  timeIntervals: Policy['timeIntervals'],
  now: Instant,
): IntervalSuppression | null {
  const active = node.activeTimeIntervals.flatMap((name) => findIntervals(name, timeIntervals));
  if (node.activeTimeIntervals.length > 0 && !isInAnyInterval(active, now)) {
    const interval = node.activeTimeIntervals.join(', ');
    return { kind: 'interval', interval, mode: 'active', until: nextBoundary(active, now) };
  }
  for (const name of node.muteTimeIntervals) {
    const intervals = findIntervals(name, timeIntervals);
    if (!isInAnyInterval(intervals, now)) continue;
    return { kind: 'interval', interval: name, mode: 'mute', until: nextBoundary(intervals, now) };
  }
  return null;
}

/** When `judgeIntervals` may answer differently; null for a node without intervals. */
export function nextIntervalChange(
  node: NodeIntervals,
  timeIntervals: Policy['timeIntervals'],
  now: Instant,
): Instant | null {
  const changes = [node.activeTimeIntervals, node.muteTimeIntervals]
    .filter((names) => names.length > 0)
    .map((names) =>
      nextBoundary(
        names.flatMap((name) => findIntervals(name, timeIntervals)),
        now,
      ),
    );
  return changes.reduce<Instant | null>((first, at) => (first === null || at < first ? at : first), null);
}
