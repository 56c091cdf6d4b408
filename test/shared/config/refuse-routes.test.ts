import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout, type ExampleChange } from './example-policy.ts';

const changes: readonly ExampleChange[] = [
  {
    name: 'refuses a route that an earlier one with fewer matchers shadows',
    from: '[\'team=~"a|b"\']',
    to: '[\'team="shop"\', \'cluster="x"\']',
    complaints: [
      'p.yaml:36:17: no alert can reach route root/1: root/shop (team="shop") takes them all before. Fix: Move it before root/shop, or write continue: true there.',
    ],
  },
  {
    name: 'refuses a route after one without matchers',
    from: '[\'team="shop"\']\n',
    to: '[]\n',
    complaints: [
      'p.yaml:36:17: no alert can reach route root/1: root/shop (no matchers) takes them all before. Fix: Move it before root/shop, or write continue: true there.',
    ],
  },
  {
    name: 'refuses a route whose values an earlier regular expression takes',
    from: '[\'team="shop"\']\n',
    to: '[\'team=~"shop|a|b"\']\n',
    complaints: [
      'p.yaml:36:17: no alert can reach route root/1: root/shop (team=~"shop|a|b") takes them all before. Fix: Move it before root/shop, or write continue: true there.',
    ],
  },
  {
    name: 'accepts a route of which an earlier one takes only a part',
    from: '[\'team="shop"\']\n',
    to: '[\'team="a"\']\n',
    complaints: [],
  },
  {
    name: 'accepts a shadowed route when the earlier one continues',
    from: '[\'team="shop"\']\n',
    to: '[\'team=~"shop|a|b"\']\n      continue: true\n',
    complaints: [],
  },
  {
    name: 'knows what the parents have matched when it looks for shadows',
    from: '[\'tier="1"\']',
    to: '[\'team=~"s.*"\']\n        - matchers: [\'tier="2"\']',
    complaints: [
      'p.yaml:36:21: no alert can reach route root/shop/1: root/shop/0 (team=~"s.*") takes them all before. Fix: Move it before root/shop/0, or write continue: true there.',
    ],
  },
  {
    name: 'refuses a child that contradicts its parent',
    from: '[\'tier="1"\']',
    to: '[\'team="web"\']',
    complaints: [
      'p.yaml:35:21: no alert can reach route root/shop/0: team="web" contradicts team="shop". Fix: Change one of the two, or move the route out of its parent.',
    ],
  },
  {
    name: 'refuses a route that contradicts itself',
    from: '[\'tier="1"\']',
    to: '[\'tier="1"\', \'tier=~"2|3"\']',
    complaints: [
      'p.yaml:35:21: no alert can reach route root/shop/0: tier="1" contradicts tier=~"2|3". Fix: Change one of the two, or move the route out of its parent.',
    ],
  },
  {
    name: 'tells an unreachable route once, not its children',
    from: '[\'team="shop"\']\n',
    to: '[\'team="shop"\', \'team="web"\']\n',
    complaints: [
      'p.yaml:33:17: no alert can reach route root/shop: team="shop" contradicts team="web". Fix: Change one of the two, or move the route out of its parent.',
    ],
  },
  {
    name: 'refuses two routes of one name',
    from: '    - matchers: [\'team=~"a|b"\']',
    to: '    - name: shop\n      matchers: [\'team=~"a|b"\']',
    complaints: ['p.yaml:36:13: two routes are called root/shop. Fix: Give one of them another name.'],
  },
  {
    name: 'keeps the route name tocsin',
    from: 'name: shop',
    to: 'name: tocsin',
    complaints: ['p.yaml:32:13: the route name "tocsin" is reserved. Fix: Choose another name.'],
  },
  {
    name: 'keeps the label of its own alerts',
    from: '[\'team=~"a|b"\']',
    to: '[\'tocsin_internal="true"\']',
    complaints: [
      "p.yaml:36:17: the label tocsin_internal is reserved for Tocsin's own alerts, which root/tocsin takes. Fix: Match another label.",
    ],
  },
  {
    name: 'refuses an incident key that mixes group with labels',
    from: 'escalationPolicy: calm',
    to: 'incidentKey: [group, service]',
    complaints: [
      'p.yaml:37:20: incidentKey mixes the reserved word group with labels. Fix: Write incidentKey: group, or only label names.',
    ],
  },
  {
    name: 'refuses an incident key that names a label twice',
    from: 'escalationPolicy: calm',
    to: 'incidentKey: [service, service]',
    complaints: ['p.yaml:37:20: incidentKey names service twice. Fix: Name it once.'],
  },
  {
    name: 'refuses a catch-all with neither owner nor channel',
    from: '  owner: web\n',
    to: '',
    complaints: [
      'p.yaml:28:1: the catch-all has neither owner nor slackChannel, so nobody hears of an alert that no route takes. Fix: Add owner: with a team to the route at the top.',
      'p.yaml:28:1: SEV1 incidents without an owner page nobody (route root, escalation policy default-sev1). Fix: Add owner: to the route, or name an escalation policy whose targets are a person, a team or PagerDuty.',
    ],
  },
  {
    name: 'refuses a SEV1 that nobody owns',
    from: '  owner: web\n',
    to: '  slackChannel: incidents\n',
    complaints: [
      'p.yaml:28:1: SEV1 incidents without an owner page nobody (route root, escalation policy default-sev1). Fix: Add owner: to the route, or name an escalation policy whose targets are a person, a team or PagerDuty.',
    ],
  },
  {
    name: 'accepts several matchers in one entry, as Alertmanager does',
    from: '[\'team=~"a|b"\']',
    to: '[\'team="a", tier!="1"\']',
    complaints: [],
  },
];

describe('the routes of a policy file', () => {
  for (const { name, from, to, complaints } of changes) {
    it(name, () => {
      expect(complaintsAbout(changeExample(from, to))).toEqual(complaints);
    });
  }
});
