import { type Labels, labelValue } from '#shared/alert/labels.ts';
import type { Matcher } from '#shared/alert/matcher.ts';
import type { Policy, RouteNode } from '#shared/config/policy.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { silenceStateAt } from '#shared/silence/silence-state.ts';
import { now } from './core-world.ts';

/** What a program without an index does: every silence, then the routes in order, each matcher made ready once. */

type Accepts = (labels: Labels) => boolean;

function makeReady({ name, operator, value }: Matcher): Accepts {
  if (operator === '=') return (labels) => labelValue(labels, name) === value;
  if (operator === '!=') return (labels) => labelValue(labels, name) !== value;
  const expression = new RegExp(`^(?:${value})$`, 's');
  const wanted = operator === '=~';
  return (labels) => expression.test(labelValue(labels, name)) === wanted;
}

interface ReadyRoute {
  readonly node: RouteNode;
  readonly matchers: readonly Accepts[];
  readonly children: readonly ReadyRoute[];
}

const readyRoute = (node: RouteNode): ReadyRoute => ({
  node,
  matchers: node.matchers.map(makeReady),
  children: node.routes.map(readyRoute),
});

function pathsOf({ node, children }: ReadyRoute, labels: Labels): readonly string[] {
  const taken: string[] = [];
  for (const child of children) {
    if (!child.matchers.every((accepts) => accepts(labels))) continue;
    taken.push(...pathsOf(child, labels));
    if (!child.node.continue) break;
  }
  return taken.length > 0 ? taken : [node.path];
}

export interface Scanned {
  readonly silenced: readonly string[];
  readonly paths: readonly string[];
}

export function naiveScan(policy: Policy, silences: readonly Silence[]): (labels: Labels) => Scanned {
  const ready = silences.map((silence) => ({ silence, matchers: silence.matchers.map(makeReady) }));
  const root = readyRoute(policy.route);
  return (labels) => {
    const silenced = ready
      .filter(
        ({ silence, matchers }) =>
          silenceStateAt(silence, now) === 'active' && matchers.every((accepts) => accepts(labels)),
      )
      .map(({ silence }) => silence.id);
    return { silenced, paths: silenced.length > 0 ? [] : pathsOf(root, labels) };
  };
}
