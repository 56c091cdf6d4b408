import { expect, it } from 'vitest';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { anAlert, aWebhook, IngestWorld } from '#test/support/ingest-world.ts';

/** Eight people with five contacts each: as many pages as one step may owe. Three routes take the alert. */
const names = Array.from({ length: 8 }, (_, index) => `p${index}`);
const contacts = (name: string) =>
  `[{ slack: true }, { slackMention: ops }, { pagerduty: ${name} }, { sns: ${name}-sms, after: 5m }, { sns: ${name}-mail, after: 6m }]`;
const file = `
sources: { main: {} }
slackChannels: { ops: C0OPS00001 }
pagerduty: { ${names.map((name) => `${name}: { routingKeySecret: ${name} }`).join(', ')} }
snsContacts: { ${names.map((name, index) => `${name}-sms: { phone: '+155501000${index}' }, ${name}-mail: { topic: ${name} }`).join(', ')} }
people:
${names.map((name, index) => `  ${name}: { slack: U0PERSON${index}, contact: { default: ${contacts(name)} } }`).join('\n')}
teams:
  ops: { onCall: p0, members: [${names.join(', ')}], slackChannel: ops }
fallback: { email: fallback@example.org }
escalationPolicies:
  page: { steps: [{ after: 0s, targets: [{ owner: everyone }] }] }
severities:
  SEV1: { escalationPolicy: page }
  SEV2: { escalationPolicy: page }
  SEV3: { escalationPolicy: page }
  SEV4: { escalationPolicy: page }
route:
  severity: SEV1
  owner: ops
  routes:
    - { matchers: ['a="1"'], continue: true, incidentKey: [a] }
    - { matchers: ['b="1"'], continue: true, incidentKey: [b] }
    - { matchers: ['c="1"'], incidentKey: [c] }
`;

function policyOf(text: string): Policy {
  const read = parsePolicy(text, { environment: 'test', fileName: 'p.yaml' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.policy;
}

it('an alert of more incidents and pages than one transaction holds opens all of them, and pages everybody by the first contact', async () => {
  const world = new IngestWorld();
  Object.assign(world.deps, { policy: policyOf(file) });
  await world.receive(aWebhook([anAlert('web', { labels: { alertname: 'Down', a: '1', b: '1', c: '1' } })]));
  expect(world.incidents().map(({ status }) => status)).toEqual(['triggered', 'triggered', 'triggered']);
  const pages = await world.pages();
  expect(names.map((name) => pages.filter((page) => page.endsWith(` 1 1 1 person:${name}`)).length)).toEqual(
    names.map(() => 3),
  );
  expect(new Set(pages).size).toBe(60);
});
