import { parse } from 'yaml';
import type { Labels } from '#shared/alert/labels.ts';
import { formatMatcher, isRegexOperator, type Matcher } from '#shared/alert/matcher.ts';
import { compileRouteTree } from '#shared/config/compile-route.ts';
import type { RouteNode } from '#shared/config/policy.ts';
import { rootRouteSchema } from '#shared/config/schema/route.ts';
import type { Random } from '#test/simulation/random.ts';
import { labelValue } from './generate-texts.ts';
import { quoteYaml } from './yaml.ts';

/** A route as people write it, with the older keys too. */
export interface RouteText {
  /** Null: the parent's. */
  readonly receiver: string | null;
  readonly continue: boolean;
  readonly matchers: readonly Matcher[];
  readonly match: readonly Matcher[];
  readonly matchRe: readonly Matcher[];
  readonly routes: readonly RouteText[];
}

/** Names of receivers: one a node, so that the receivers of an alert tell which nodes took it. */
export interface Names {
  next(): string;
}

export const receiverNames = (): Names => {
  let count = 0;
  return { next: () => `n${count++}` };
};

/** What one of the older keys can hold: at most one condition a label, and no names of the UTF-8 grammar. */
const forOldKey = (matchers: readonly Matcher[], wanted: Matcher['operator']): readonly Matcher[] =>
  matchers.filter(({ name, operator }) => operator === wanted && /^[a-zA-Z_]\w*$/.test(name)).slice(0, 1);

export function route(random: Random, pool: readonly Matcher[], names: Names, depth: number): RouteText {
  const some = (most: number) => Array.from({ length: random.between(0, most) }, () => random.pick(pool));
  const receiver = names.next();
  const children = depth === 0 ? 0 : random.between(0, 3);
  const isOld = random.chance(0.3);
  return {
    receiver: random.chance(0.9) ? receiver : null,
    continue: random.chance(0.4),
    matchers: some(random.chance(0.3) ? 3 : 1),
    match: isOld ? forOldKey(some(3), '=') : [],
    matchRe: isOld ? forOldKey(some(3), '=~') : [],
    routes: Array.from({ length: children }, () => route(random, pool, names, depth - 1)),
  };
}

const oldKey = (key: string, matchers: readonly Matcher[]): string =>
  matchers.length === 0
    ? ''
    : `, ${key}: {${matchers.map(({ name, value }) => `${quoteYaml(name)}: ${quoteYaml(value)}`).join(', ')}}`;

const printRoute = (one: RouteText): string =>
  [
    `{continue: ${one.continue}${one.receiver === null ? '' : `, receiver: ${one.receiver}`}`,
    `, matchers: [${one.matchers.map((matcher) => quoteYaml(formatMatcher(matcher))).join(', ')}]`,
    oldKey('match', one.match),
    oldKey('match_re', one.matchRe),
    `, routes: [${one.routes.map(printRoute).join(', ')}]}`,
  ].join('');

const receiversOf = (one: RouteText): readonly string[] => [
  ...(one.receiver === null ? [] : [one.receiver]),
  ...one.routes.flatMap(receiversOf),
];

/** An alertmanager.yml with these routes below its root. */
export const printConfig = (routes: readonly RouteText[]): string =>
  [
    `route:\n  receiver: root\n  routes:\n${routes.map((one) => `  - ${printRoute(one)}\n`).join('')}receivers:\n- name: root\n`,
    ...routes.flatMap(receiversOf).map((name) => `- name: ${name}\n`),
  ].join('');

/** The same text, pasted into a policy file: read, checked and compiled as that is. */
export function compilePasted(config: string): RouteNode {
  const { route } = parse(config) as { readonly route: Readonly<Record<string, unknown>> };
  return compileRouteTree(rootRouteSchema.parse({ ...route, severity: 'SEV3', owner: 'anybody' }));
}

/** A value that a condition is likely to take, or to miss by little. */
function nearly(random: Random, { operator, value }: Matcher): string {
  if (!isRegexOperator(operator)) return random.chance(0.8) ? value : `${value}${labelValue(random)}`;
  const [first = ''] = value.split('|');
  return random.chance(0.3) ? first.replace(/\(\?[a-zA-Z:-]*\)?|[\\()[\]*+?^$]/g, '') : labelValue(random);
}

/** Labels for an alert that a good part of the conditions is about. */
export function labelSet(random: Random, pool: readonly Matcher[]): Labels {
  const labels: Record<string, string> = {};
  for (let left = random.between(0, 6); left > 0; left--) {
    const matcher = random.pick(pool);
    labels[matcher.name] = nearly(random, matcher).replaceAll('\0', '');
  }
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
