import { compileWhenAsked } from '../../alert/compile-matcher.ts';
import { type CompiledMatcher, equalMatchers, type Matcher } from '../../alert/matcher.ts';
import type { RouteNode } from '../policy.ts';
import type { PolicyPath } from '../problem.ts';

/** A node of the compiled tree with where it stands in the file. */
export interface PlacedRoute {
  readonly node: RouteNode;
  readonly at: PolicyPath;
  /** Matchers of all nodes above: what is certain about an alert before this node looks at it. */
  readonly certain: readonly Matcher[];
  /** The nodes before it under the same parent, nearest last. */
  readonly before: readonly RouteNode[];
}

/** Every node that the file wrote, parents first: the root's first child is the built-in route of Tocsin's own alerts. */
export function placeRoutes(root: RouteNode): PlacedRoute[] {
  const place = (parent: PlacedRoute): PlacedRoute[] => {
    const written = parent.node.path === 'root' ? parent.node.routes.slice(1) : parent.node.routes;
    const certain = [...parent.certain, ...parent.node.matchers];
    return written.flatMap((node, index) => {
      const placed = { node, at: [...parent.at, 'routes', index], certain, before: written.slice(0, index) };
      return [placed, ...place(placed)];
    });
  };
  const top: PlacedRoute = { node: root, at: ['route'], certain: [], before: [] };
  return [top, ...place(top)];
}

/** Each route is compared with all before it, so a regular expression is made ready once. Keyed by the matcher itself. */
const compiled = new WeakMap<Matcher, CompiledMatcher>();

function ready(matcher: Matcher): CompiledMatcher {
  const made = compiled.get(matcher) ?? compileWhenAsked(matcher);
  compiled.set(matcher, made);
  return made;
}

/** Whether every alert that fits `certain` also fits `matcher`. False when that cannot be told. */
export const isImplied = (matcher: Matcher, certain: readonly Matcher[]): boolean =>
  certain.some((known) => {
    if (known.name !== matcher.name) return false;
    return (
      equalMatchers(known, matcher) || (ready(known).values?.every((value) => ready(matcher).accepts(value)) ?? false)
    );
  });

/** Whether one of two matchers lists values of which the other accepts none. */
const isContradiction = (a: Matcher, b: Matcher): boolean =>
  ready(a).values?.every((value) => !ready(b).accepts(value)) ?? false;

/** Two matchers on one label, the first of them among `own`, that no value fits; null when none is found. */
export function findContradiction(
  own: readonly Matcher[],
  certain: readonly Matcher[],
): readonly [Matcher, Matcher] | null {
  for (const matcher of own) {
    const rivals = [...certain, ...own].filter(({ name }) => name === matcher.name);
    const clash = rivals.find((rival) => isContradiction(matcher, rival) || isContradiction(rival, matcher));
    if (clash) return [matcher, clash];
  }
  return null;
}

/** Whether a label may have this value on an alert that fits all matchers. */
export const mayHave = (label: string, value: string, matchers: readonly Matcher[]): boolean =>
  matchers.every((matcher) => matcher.name !== label || ready(matcher).accepts(value));

/** The values that a label can have on an alert that fits all matchers; null when they cannot be listed. */
export function possibleValues(label: string, matchers: readonly Matcher[]): readonly string[] | null {
  const listing = matchers.find((matcher) => matcher.name === label && ready(matcher).values !== null);
  if (!listing) return null;
  return ready(listing).values?.filter((value) => mayHave(label, value, matchers)) ?? null;
}
