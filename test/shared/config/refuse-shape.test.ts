import { describe, expect, it } from 'vitest';
import { changeExample, complaintsAbout, type ExampleChange } from './example-policy.ts';

const changes: readonly ExampleChange[] = [
  {
    name: 'names the nearest known key for a mistyped one',
    from: '    onCall: alice',
    to: '    oncal: alice',
    complaints: ['p.yaml:12:5: unknown key "oncal". Fix: Did you mean "onCall"?'],
  },
  {
    name: 'lists the known keys when none is near',
    from: '    onCall: alice',
    to: '    zebra: alice',
    complaints: [
      'p.yaml:12:5: unknown key "zebra". Fix: Use one of: "onCall", "secondary", "manager", "members", "slackChannel", "pagerduty".',
    ],
  },
  {
    name: 'says which key is missing',
    from: '{ owner: web, statusComponent: shop }',
    to: '{ statusComponent: shop }',
    complaints: ['p.yaml:20:3: "owner" is missing. Fix: Add "owner" (a text) here.'],
  },
  {
    name: 'refuses a PagerDuty service without the name of its secret',
    from: '{ routingKeySecret: web }',
    to: '{ region: us }',
    complaints: [
      'p.yaml:4:3: "routingKeySecret" is missing. Fix: Name the entry of the PagerDuty secret that holds the routing key (never the key itself).',
    ],
  },
  {
    name: 'refuses a routing key where the name of its secret belongs',
    from: '{ routingKeySecret: web }',
    to: '{ routingKeySecret: 0123456789abcdef0123456789abcdef }',
    complaints: [
      'p.yaml:4:28: this does not name an entry of the PagerDuty secret. Fix: Write the entry\'s name (at most 31 letters, digits, "_", "-", "."), never the 32-character routing key itself.',
    ],
  },
  {
    name: 'sees a phone number that YAML took for a number',
    from: '"+15550100123"',
    to: '+15550100123',
    complaints: [
      'p.yaml:6:19: 15550100123 is not an E.164 phone number. Fix: Write "+", the country code and the number in quotes, such as "+15550100123".',
    ],
  },
  {
    name: 'refuses a phone number that is not E.164',
    from: '"+15550100123"',
    to: '"0555 0100"',
    complaints: [
      'p.yaml:6:19: "0555 0100" is not an E.164 phone number. Fix: Write "+", the country code and the number in quotes, such as "+15550100123".',
    ],
  },
  {
    name: 'refuses an SNS contact with two kinds of address',
    from: '{ phone: "+15550100123" }',
    to: '{ topic: a, phone: "+15550100123" }',
    complaints: [
      'p.yaml:6:10: the SNS contact has several of its kinds at once: topic, phone. Fix: Give exactly one of: topic, phone.',
    ],
  },
  {
    name: 'refuses an SNS contact without an address',
    from: '{ phone: "+15550100123" }',
    to: '{}',
    complaints: ['p.yaml:6:10: the SNS contact is empty. Fix: Give exactly one of: topic, phone.'],
  },
  {
    name: 'says that an entry left empty should be a map',
    from: '{ slack: U0ALICE }',
    to: '',
    complaints: ['p.yaml:8:3: "alice" should be a map and is empty. Fix: Write a map, {} if nothing is to be said.'],
  },
  {
    name: 'refuses a Slack name where the user id belongs',
    from: '{ slack: U0ALICE }',
    to: '{ slack: alice }',
    complaints: [
      'p.yaml:8:19: "alice" is not a Slack user id. Fix: Copy the member id that starts with "U" from the person\'s Slack profile.',
    ],
  },
  {
    name: 'refuses a Slack name where the channel id belongs',
    from: 'C0INCIDENTS',
    to: '"#incidents"',
    complaints: [
      'p.yaml:2:14: "#incidents" is not a Slack channel id. Fix: Copy the id that starts with "C" from the end of the channel\'s "About" in Slack.',
    ],
  },
  {
    name: 'refuses a file without a fallback',
    from: 'fallback: { email: fallback@example.com }\n',
    to: '',
    complaints: [
      'p.yaml:1:1: the file names no fallback, so nobody hears when no page gets through. Fix: Add fallback: {email: oncall@example.com}.',
    ],
  },
  {
    name: 'refuses a fallback that names nobody',
    from: '{ email: fallback@example.com }',
    to: '{}',
    complaints: ['p.yaml:38:11: the fallback names nobody. Fix: Give it email, sms or both.'],
  },
  {
    name: 'refuses a fallback that is no e-mail address',
    from: 'fallback@example.com',
    to: 'nobody',
    complaints: ['p.yaml:38:20: "nobody" is not an e-mail address. Fix: Write it such as oncall@example.com.'],
  },
  {
    name: 'refuses a name with a blank in it',
    from: 'main: {}',
    to: 'two words: {}',
    complaints: [
      'p.yaml:22:3: "two words" is not a name. Fix: Start with a letter or a digit and use only letters, digits, "_", "-" and "." (at most 80).',
    ],
  },
  {
    name: 'refuses a duration that is too short',
    from: 'main: {}',
    to: 'main: { quietAfter: 5s }',
    complaints: ['p.yaml:22:23: 5s is too short. Fix: Use 1m to 30d.'],
  },
  {
    name: 'refuses an unknown severity as a key',
    from: 'escalationPolicies:',
    to: 'severities: { SEV5: {} }\nescalationPolicies:',
    complaints: ['p.yaml:23:15: unknown key "SEV5". Fix: Use one of: "SEV1", "SEV2", "SEV3", "SEV4".'],
  },
  {
    name: 'offers never where never is allowed',
    from: 'escalationPolicies:',
    to: 'severities: { SEV3: { closesAfter: often, updateEvery: 1s } }\nescalationPolicies:',
    complaints: [
      'p.yaml:23:36: "often" is not a duration. Fix: Write a number and a unit, such as 30s, 5m, 1h30m or 7d, or the word never.',
      'p.yaml:23:56: 1s is too short. Fix: Use 1m to 30d, or the word never.',
    ],
  },
  {
    name: 'refuses days and times of day that do not exist',
    from: 'escalationPolicies:',
    to: 'workingHours: { timeZone: UTC, days: [monday], start: 9:00, end: "25:00" }\nescalationPolicies:',
    complaints: [
      'p.yaml:23:39: "monday" is not allowed here. Fix: Use one of: "mon", "tue", "wed", "thu", "fri", "sat", "sun".',
      'p.yaml:23:55: "9:00" is not a time of day. Fix: Write hours and minutes in quotes, such as "09:00".',
      'p.yaml:23:66: "25:00" is not a time of day. Fix: Write hours and minutes in quotes, such as "09:00".',
    ],
  },
  {
    name: 'refuses a tier out of range and a runbook that is no link',
    from: 'statusComponent: shop',
    to: 'statusComponent: shop, tier: 0, runbook: wiki',
    complaints: [
      'p.yaml:20:56: the tier is below 1. Fix: Write a whole number from 1 (most important) to 5.',
      'p.yaml:20:68: "wiki" is not a web address. Fix: Write a whole URL, such as https://wiki.example.com/runbook.',
    ],
  },
  {
    name: 'refuses a tier that is a word and a runbook that is a number',
    from: 'statusComponent: shop',
    to: 'statusComponent: shop, tier: one, runbook: 3',
    complaints: [
      'p.yaml:20:56: the tier is not a whole number. Fix: Write a whole number from 1 (most important) to 5.',
      'p.yaml:20:70: "runbook" should be a text and is a number. Fix: Put it in quotes: "3".',
    ],
  },
  {
    name: 'refuses an incident key that is a bare label',
    from: 'escalationPolicy: calm',
    to: 'incidentKey: service',
    complaints: [
      'p.yaml:37:20: incidentKey is the word group or a list of labels. Fix: Write [service, cluster], in brackets also for one label.',
    ],
  },
  {
    name: 'refuses an incident key without labels',
    from: 'escalationPolicy: calm',
    to: 'incidentKey: []',
    complaints: [
      'p.yaml:37:20: incidentKey names no label. Fix: Name at least one label, or write incidentKey: group.',
    ],
  },
  {
    name: 'refuses an unknown severity',
    from: 'escalationPolicy: calm',
    to: 'severity: SEV5',
    complaints: ['p.yaml:37:17: "SEV5" is not allowed here. Fix: Use one of: "SEV1", "SEV2", "SEV3", "SEV4".'],
  },
  {
    name: 'refuses an unknown severity inside a map',
    from: 'escalationPolicy: calm',
    to: 'severity: { label: severity, map: { critical: SEV0 }, otherwise: SEV3 }',
    complaints: ['p.yaml:37:53: "SEV0" is not allowed here. Fix: Use one of: "SEV1", "SEV2", "SEV3", "SEV4".'],
  },
  {
    name: 'refuses a yes that is a text',
    from: 'escalationPolicy: calm',
    to: 'continue: "yes"',
    complaints: ['p.yaml:37:17: "continue" should be true or false and is a text. Fix: Write true or false.'],
  },
  {
    name: 'refuses a matcher that cannot be read',
    from: '[\'team=~"a|b"\']',
    to: "['team=~\"a|b']",
    complaints: [
      'p.yaml:36:18: this is not a matcher: matcher value contains unescaped double quote: "a|b (at character 7: this quote is not closed, or there is a line break in it). Fix: Write it as Alertmanager does, in single quotes: \'team="payments"\' or \'severity=~"critical|page"\'.',
    ],
  },
  {
    name: 'refuses a regular expression that cannot be read',
    from: '[\'team=~"a|b"\']',
    to: '[\'team=~"a|(b"\']',
    complaints: [
      'p.yaml:36:18: this is not a matcher: the regular expression "a|(b" of label "team" cannot be read: missing closing ) at character 3. Fix: Write it as Alertmanager does, in single quotes: \'team="payments"\' or \'severity=~"critical|page"\'.',
    ],
  },
  {
    name: 'refuses an empty matcher',
    from: '[\'team=~"a|b"\']',
    to: "['']",
    complaints: [
      'p.yaml:36:18: this is not a matcher: it is empty. Fix: Write it as Alertmanager does, in single quotes: \'team="payments"\' or \'severity=~"critical|page"\'.',
    ],
  },
];

describe('the shape of a policy file', () => {
  for (const { name, from, to, complaints } of changes) {
    it(name, () => {
      expect(complaintsAbout(changeExample(from, to))).toEqual(complaints);
    });
  }
});
