import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout, type ExampleChange } from './example-policy.ts';

const changes: readonly ExampleChange[] = [
  {
    name: 'refuses an unknown person and suggests the near one',
    from: '    onCall: alice',
    to: '    onCall: alise',
    complaints: [
      'p.yaml:12:13: unknown person or schedule "alise". Fix: Did you mean "alice"? If not, add "alise" under people or schedules.',
    ],
  },
  {
    name: 'refuses a service of an unknown team and status component',
    from: '{ owner: web, statusComponent: shop }',
    to: '{ owner: shop, statusComponent: web }',
    complaints: [
      'p.yaml:20:22: unknown team "shop". Fix: Use "web". Or add "shop" under teams.',
      'p.yaml:20:45: unknown status component "web". Fix: Use "shop". Or add "web" under statusComponents.',
    ],
  },
  {
    name: 'refuses an unknown Slack channel of a team',
    from: '    slackChannel: incidents',
    to: '    slackChannel: "#incidents"',
    complaints: [
      'p.yaml:15:19: unknown Slack channel "#incidents". Fix: Did you mean "incidents"? If not, add "#incidents" under slackChannels.',
    ],
  },
  {
    name: 'refuses an unknown PagerDuty service of a team',
    from: '    pagerduty: web',
    to: '    pagerduty: db',
    complaints: ['p.yaml:16:16: unknown PagerDuty service "db". Fix: Use "web". Or add "db" under pagerduty.'],
  },
  {
    name: 'refuses an unknown member of a team',
    from: '    pagerduty: web',
    to: '    pagerduty: web\n    members: [alice, zoe]',
    complaints: ['p.yaml:17:22: unknown person "zoe". Fix: Use one of: "alice", "bob". Or add "zoe" under people.'],
  },
  {
    name: 'refuses an unknown SNS contact of a person',
    from: 'sns: phone }\n',
    to: 'sns: fone }\n',
    complaints: ['p.yaml:9:29: unknown SNS contact "fone". Fix: Use "phone". Or add "fone" under snsContacts.'],
  },
  {
    name: 'refuses unknown names in every kind of target',
    from: 'targets: [{ person: bob }, { sns: phone }]',
    to: 'targets: [{ person: bib }, { sns: fax }, { team: x }, { pagerduty: db }, { slackChannel: y }]',
    complaints: [
      'p.yaml:27:42: unknown person "bib". Fix: Did you mean "bob"? If not, add "bib" under people.',
      'p.yaml:27:56: unknown SNS contact "fax". Fix: Use "phone". Or add "fax" under snsContacts.',
      'p.yaml:27:71: unknown team "x". Fix: Use "web". Or add "x" under teams.',
      'p.yaml:27:89: unknown PagerDuty service "db". Fix: Use "web". Or add "db" under pagerduty.',
      'p.yaml:27:111: unknown Slack channel "y". Fix: Use "incidents". Or add "y" under slackChannels.',
    ],
  },
  {
    name: 'refuses an unknown escalation policy of a route',
    from: 'escalationPolicy: calm',
    to: 'escalationPolicy: clam',
    complaints: [
      'p.yaml:37:25: unknown escalation policy "clam". Fix: Use one of: "calm", "default-sev1", "default-sev2", "default-sev3", "default-sev4". Or add "clam" under escalationPolicies.',
    ],
  },
  {
    name: 'refuses an unknown escalation policy of a severity',
    from: 'escalationPolicies:',
    to: 'severities: { SEV1: { escalationPolicy: default-sev5 } }\nescalationPolicies:',
    complaints: [
      'p.yaml:23:41: unknown escalation policy "default-sev5". Fix: Use one of: "calm", "default-sev1", "default-sev2", "default-sev3", "default-sev4". Or add "default-sev5" under escalationPolicies.',
    ],
  },
  {
    name: 'refuses an unknown service of a route',
    from: 'escalationPolicy: calm',
    to: 'service: checkuot',
    complaints: [
      'p.yaml:37:16: unknown service "checkuot". Fix: Did you mean "checkout"? If not, add "checkuot" under services.',
    ],
  },
  {
    name: 'refuses an unknown service as the otherwise of a route',
    from: 'escalationPolicy: calm',
    to: 'service: { label: service, otherwise: check }',
    complaints: ['p.yaml:37:45: unknown service "check". Fix: Use "checkout". Or add "check" under services.'],
  },
  {
    name: 'refuses an unknown team of a route',
    from: 'escalationPolicy: calm',
    to: 'owner: ops',
    complaints: ['p.yaml:37:14: unknown team "ops". Fix: Use "web". Or add "ops" under teams.'],
  },
  {
    name: 'refuses an unknown Slack channel of a route',
    from: 'escalationPolicy: calm',
    to: 'slackChannel: incident',
    complaints: [
      'p.yaml:37:21: unknown Slack channel "incident". Fix: Did you mean "incidents"? If not, add "incident" under slackChannels.',
    ],
  },
  {
    name: 'finds unknown names deep in the route tree',
    from: '[\'tier="1"\']',
    to: '[\'tier="1"\']\n          routes: [{ matchers: [\'a="b"\'], owner: wab }]',
    complaints: ['p.yaml:36:50: unknown team "wab". Fix: Did you mean "web"? If not, add "wab" under teams.'],
  },
  {
    name: 'says under which key to add a name when there is none yet',
    from: 'pagerduty:\n  web: { routingKeySecret: web }\n',
    to: '',
    complaints: ['p.yaml:14:16: unknown PagerDuty service "web". Fix: Add pagerduty: with "web" in it.'],
  },
  {
    name: 'keeps the source tocsin for its own alerts',
    from: 'main: {}',
    to: 'tocsin: {}',
    complaints: [
      'p.yaml:22:3: the name "tocsin" is reserved. Fix: Choose another name; Tocsin\'s own alerts come from the source tocsin, what operators post from operators.',
    ],
  },
  {
    name: 'keeps the source operators for what operators post by hand',
    from: 'main: {}',
    to: 'operators: {}',
    complaints: [
      'p.yaml:22:3: the name "operators" is reserved. Fix: Choose another name; Tocsin\'s own alerts come from the source tocsin, what operators post from operators.',
    ],
  },
  {
    name: 'refuses names that every JavaScript object has',
    from: 'main: {}',
    to: 'constructor: {}',
    complaints: ['p.yaml:22:3: the name "constructor" is reserved. Fix: Choose another name.'],
  },
  {
    name: "refuses a name that would change an object's prototype",
    from: 'main: {}',
    to: '__proto__: {}',
    complaints: ['p.yaml:22:3: the name "__proto__" is reserved. Fix: Choose another name.'],
  },
];

describe('the names in a policy file', () => {
  for (const { name, from, to, complaints } of changes) {
    it(name, () => {
      expect(complaintsAbout(changeExample(from, to))).toEqual(complaints);
    });
  }
});
