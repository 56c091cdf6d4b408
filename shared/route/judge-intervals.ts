import type { Suppression } from '../alert/suppression.ts';
import type { Policy, RouteNode } from '../config/policy.ts';
import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { intervalStateAt } from './interval-state.ts';
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

/** One list for all active names of a node, the same one each time, so that its last state is found again. */
const activeLists = new WeakMap<Policy['timeIntervals'], Map<string, readonly TimeInterval[]>>();

function activeIntervals(names: readonly string[], timeIntervals: Policy['timeIntervals']): readonly TimeInterval[] {
  const lists = activeLists.get(timeIntervals) ?? new Map<string, readonly TimeInterval[]>();
  activeLists.set(timeIntervals, lists);
  const key = JSON.stringify(names);
  const list = lists.get(key) ?? names.flatMap((name) => findIntervals(name, timeIntervals));
  lists.set(key, list);
  return list;
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
  if (node.activeTimeIntervals.length > 0) {
    const { holds, until } = intervalStateAt(activeIntervals(node.activeTimeIntervals, timeIntervals), now);
    if (!holds) return { kind: 'interval', interval: node.activeTimeIntervals.join(', '), mode: 'active', until };
  }
  for (const name of node.muteTimeIntervals) {
    const { holds, until } = intervalStateAt(findIntervals(name, timeIntervals), now);
    if (holds) return { kind: 'interval', interval: name, mode: 'mute', until };
  }
  return null;
}
