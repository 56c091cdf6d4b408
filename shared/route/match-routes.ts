import { compileMatchers } from '../alert/compile-matcher.ts';
import type { Labels } from '../alert/labels.ts';
import { type CompiledMatcher, type Matcher, matchesAll } from '../alert/matcher.ts';
import { findCandidates, indexMatchers, type MatcherIndex } from '../alert/matcher-index.ts';
import type { RouteNode } from '../config/policy.ts';
import { InvariantError } from '../kernel/assert.ts';

/** A node of the route tree made ready. */
export interface CompiledRoute {
  readonly node: RouteNode;
  /** Of the node and of all above it: the conditions that an alert met to come here. */
  readonly conditions: readonly Matcher[];
  readonly children: readonly CompiledRoute[];
  readonly childMatchers: readonly (readonly CompiledMatcher[])[];
  readonly childIndex: MatcherIndex;
}

function compileNode(node: RouteNode, above: readonly Matcher[]): CompiledRoute {
  const conditions = [...above, ...node.matchers];
  const children = node.routes.map((child) => compileNode(child, conditions));
  const childMatchers = node.routes.map((child) => {
    const compiled = compileMatchers(child.matchers);
    // The policy file is checked before it is bundled, so this is never a user's mistake.
    if (!compiled.ok) throw new InvariantError(`route ${child.path}: ${compiled.problem}`);
    return compiled.value;
  });
  return { node, conditions, children, childMatchers, childIndex: indexMatchers(childMatchers) };
}

/** A tree never changes, so it is made ready once for as long as somebody holds it. */
const compiledTrees = new WeakMap<RouteNode, CompiledRoute>();

/** The route tree made ready; the same one for the same root. Throws when a matcher of the policy cannot be compiled. */
export function compileRoutes(root: RouteNode): CompiledRoute {
  const known = compiledTrees.get(root);
  if (known !== undefined) return known;
  const compiled = compileNode(root, []);
  compiledTrees.set(root, compiled);
  return compiled;
}

/**
 * The nodes that take an alert, as Alertmanager routes (PROTOCOLS 4.1): depth first, each matching child gives its own
 * results, the first one without `continue` is the last, and where no child matches the node takes it itself. The root
 * always matches, so there is at least one.
 */
export function matchRoutes(route: CompiledRoute, labels: Labels): readonly CompiledRoute[] {
  const taken: CompiledRoute[] = [];
  for (const position of findCandidates(route.childIndex, labels).sort((a, b) => a - b)) {
    const child = route.children[position];
    const matchers = route.childMatchers[position];
    if (child === undefined || matchers === undefined || !matchesAll(matchers, labels)) continue;
    taken.push(...matchRoutes(child, labels));
    if (!child.node.continue) break;
  }
  return taken.length > 0 ? taken : [route];
}
