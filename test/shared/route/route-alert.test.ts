import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatcher } from '#shared/alert/compile-matcher.ts';
import { type Labels, labelValue } from '#shared/alert/labels.ts';
import type { RouteNode } from '#shared/config/policy.ts';
import { compileRoutes, matchRoutes } from '#shared/route/match-routes.ts';
import type { RoutedAlert } from '#shared/route/route.ts';
import { routeAlert } from '#shared/route/route-alert.ts';
import { group, groupIncident, matcher, node, policyWith } from './route-builders.ts';

const pathsFor = (route: RouteNode, labels: Labels) =>
  routeAlert(policyWith(route), labels, group).map(({ routePath, unrouted }) =>
    unrouted ? `${routePath}!` : routePath,
  );

const routed = (changes: Partial<RoutedAlert>): RoutedAlert => ({
  routePath: 'root',
  severity: 'SEV3',
  service: null,
  owner: null,
  escalationPolicy: 'office',
  incidentKey: groupIncident,
  slackChannelId: null,
  unrouted: false,
  ...changes,
});
const routeOne = (changes: Partial<RouteNode>, labels: Labels) =>
  routeAlert(policyWith(node('root', changes)), labels, group);

/** Keys by path, so that nothing is merged. */
const byPath = (path: string, changes: Partial<RouteNode> = {}) => node(path, { incidentKey: ['x'], ...changes });

describe('an alert goes where the tree says', () => {
  const tree = byPath('root', {
    routes: [
      byPath('root/audit', { matchers: [matcher('team', '=~', '.+')], continue: true }),
      byPath('root/payments', {
        matchers: [matcher('team', '=', 'payments')],
        routes: [byPath('root/payments/db', { matchers: [matcher('kind', '=~', 'db|cache')] })],
      }),
      byPath('root/late', { matchers: [matcher('team', '=~', 'pay.*')] }),
      byPath('root/no-team', { matchers: [matcher('team', '=', ''), matcher('kind', '!=', '')] }),
    ],
  });
  it.each([
    ['to the deepest match', { team: 'payments', kind: 'db' }, ['root/audit', 'root/payments/db']],
    ['to a node itself when no child matches', { team: 'payments', kind: 'web' }, ['root/audit', 'root/payments']],
    ['to later siblings when an earlier one does not match', { team: 'payroll' }, ['root/audit', 'root/late']],
    ['to a node that asks for a missing label', { kind: 'db' }, ['root/no-team']],
    ['only to the one with `continue` when no later one matches', { team: 'web' }, ['root/audit']],
    ['to the catch-all, and says so, when no branch matches', { other: 'x' }, ['root!']],
  ])('%s', (_, labels: Labels, paths) => {
    expect(pathsFor(tree, labels)).toEqual(paths);
  });

  it('and a tree without branches has nothing to report', () => {
    expect(pathsFor(byPath('root'), {})).toEqual(['root']);
  });

  it('and a matcher that cannot be compiled is a bug: policy files are checked', () => {
    const broken = node('root', { routes: [node('root/0', { matchers: [matcher('a', '=~', '(')] })] });
    expect(() => routeAlert(policyWith(broken), {}, group)).toThrow(
      'route root/0: the regular expression "(" of label "a" cannot be read: missing closing ) at character 1',
    );
  });
});

describe('severity, service and owner come from the rules of the node', () => {
  it('as fixed values', () => {
    expect(
      routeOne({ severity: { kind: 'fixed', value: 'SEV1' }, service: { kind: 'fixed', value: 'checkout' } }, {}),
    ).toEqual([
      routed({
        severity: 'SEV1',
        escalationPolicy: 'sev1',
        service: 'checkout',
        owner: 'payments',
        slackChannelId: 'C-PAYMENTS',
      }),
    ]);
  });

  const severity = {
    kind: 'label',
    label: 'severity',
    map: { critical: 'SEV1', error: 'SEV2' },
    otherwise: 'SEV4',
  } as const;
  it.each([
    [{ severity: 'critical' }, 'SEV1'],
    [{ severity: 'error' }, 'SEV2'],
    [{ severity: 'info' }, 'SEV4'],
    [{ severity: 'constructor' }, 'SEV4'],
    [{}, 'SEV4'],
  ])('from a label: %j is %s', (labels: Labels, expected) => {
    expect(routeOne({ severity }, labels).map((one) => one.severity)).toEqual([expected]);
  });

  it('with the service named by a label when the policy file knows it, and its owner before that of the node', () => {
    const service = { kind: 'label', label: 'service', otherwise: null } as const;
    const owners = (labels: Labels) =>
      routeOne({ service, owner: 'empty' }, labels).map((one) => [one.service, one.owner, one.slackChannelId]);
    expect([owners({ service: 'checkout' }), owners({ service: 'unknown' }), owners({ service: 'toString' })]).toEqual([
      [['checkout', 'payments', 'C-PAYMENTS']],
      [[null, 'empty', null]],
      [[null, 'empty', null]],
    ]);
  });

  it("with the node's channel and escalation policy before the owner's and the severity's", () => {
    expect(routeOne({ owner: 'payments', slackChannel: 'war', escalationPolicy: 'sev1' }, {})).toEqual([
      routed({ owner: 'payments', slackChannelId: 'C-WAR', escalationPolicy: 'sev1' }),
    ]);
  });

  it('with no channel when the policy file does not say its id', () => {
    expect(routeOne({ slackChannel: 'unknown' }, {})).toEqual([routed({})]);
  });
});

describe('the incident key', () => {
  const keyFor = (incidentKey: readonly string[], labels: Labels) =>
    routeOne({ incidentKey }, labels).map((one) => one.incidentKey);

  it('is the alert group by default, or the values of the chosen labels', () => {
    expect([
      keyFor(['group'], { service: 'checkout' }),
      keyFor(['service', 'cluster'], { service: 'checkout', cluster: 'eu', other: 'x' }),
      keyFor(['service', 'cluster'], { cluster: 'eu' }),
    ]).toEqual([[groupIncident], ['labels:root:service=checkout,cluster=eu'], ['labels:root:service=,cluster=eu']]);
  });

  it('is equal only for equal values', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '=', '\\', ':'), maxLength: 4 });
    fc.assert(
      fc.property(text, text, text, text, (a1, b1, a2, b2) => {
        const same = a1 === a2 && b1 === b2;
        const [first] = keyFor(['a', 'b'], { a: a1, b: b1 });
        const [second] = keyFor(['a', 'b'], { a: a2, b: b2 });
        expect(first === second).toBe(same);
      }),
    );
    const receivers = (source: string, receiver: string) =>
      routeAlert(policyWith(node('root')), {}, { source, receiver, groupKey: '{}' })[0]?.incidentKey;
    expect(receivers('a:b', 'c')).not.toBe(receivers('a', 'b:c'));
  });

  it('makes one incident of two nodes that give the same, with the most severe of them', () => {
    const child = (path: string, severity: 'SEV1' | 'SEV2' | 'SEV3', incidentKey: readonly string[] = ['group']) =>
      node(path, { continue: true, severity: { kind: 'fixed', value: severity }, incidentKey });
    const routes = [
      child('root/0', 'SEV3'),
      child('root/1', 'SEV2', ['x']),
      child('root/2', 'SEV1'),
      child('root/3', 'SEV1'),
    ];
    expect(routeAlert(policyWith(node('root', { routes })), { x: '1' }, group)).toEqual([
      routed({ routePath: 'root/2', severity: 'SEV1', escalationPolicy: 'sev1' }),
      routed({ routePath: 'root/1', severity: 'SEV2', escalationPolicy: 'sev2', incidentKey: 'labels:root/1:x=1' }),
    ]);
  });
});

/** The definition: every child is asked, in order. */
function referenceRoute(route: RouteNode, labels: Labels): readonly string[] {
  const taken: string[] = [];
  for (const child of route.routes) {
    const matches = child.matchers.every((condition) => {
      const compiled = compileMatcher(condition);
      return compiled.ok && compiled.value.accepts(labelValue(labels, condition.name));
    });
    if (!matches) continue;
    taken.push(...referenceRoute(child, labels));
    if (!child.continue) break;
  }
  return taken.length > 0 ? taken : [route.path];
}

const names = fc.constantFrom('x', 'y', 'z');
const matchers = fc.array(
  fc
    .tuple(names, fc.constantFrom('=', '!=', '=~', '!~'), fc.constantFrom('', 'a', 'b', 'a|b', 'a|', '.+', '[ab]'))
    .map(([name, operator, value]) => matcher(name, operator, value)),
  { maxLength: 2 },
);
/** Trees of at most `depth` levels below the root. */
const treesOf = (depth: number): fc.Arbitrary<RouteNode> =>
  fc
    .record({
      path: fc.uuid(),
      matchers,
      continue: fc.boolean(),
      routes: depth === 0 ? fc.constant([]) : fc.array(treesOf(depth - 1), { maxLength: 5 }),
    })
    .map((shape) => node(shape.path, shape));
const trees = treesOf(3);

describe('the tree made ready', () => {
  it('routes as asking every node in order does', () => {
    fc.assert(
      fc.property(trees, fc.dictionary(names, fc.constantFrom('', 'a', 'b', 'c')), (tree, labels) => {
        const taken = matchRoutes(compileRoutes(tree), labels).map((route) => route.node.path);
        expect(taken).toEqual(referenceRoute(tree, labels));
      }),
      { numRuns: 1000 },
    );
  });

  it('is made ready once', () => {
    const tree = node('root', { routes: [node('root/0')] });
    expect(compileRoutes(tree)).toBe(compileRoutes(tree));
  });
});
