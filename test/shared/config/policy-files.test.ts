import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { policyJsonSchema } from '#shared/config/schema/document.ts';

const root = new URL('../../../', import.meta.url);
const readText = (path: string) => readFileSync(new URL(path, root), 'utf8');
const readPolicy = (fileName: string) => parsePolicy(readText(fileName), { environment: 'test', fileName });

function policyOf(fileName: string): Policy {
  const reading = readPolicy(fileName);
  if (!reading.ok) throw new Error(`${fileName} is refused`);
  return reading.policy;
}

describe('the policy files in config/', () => {
  const files = readdirSync(new URL('config/', root)).filter((name) => name.endsWith('.yaml'));

  it('are those of the environments, and one to try schedules with', () => {
    expect(files.sort()).toEqual(['dev.yaml', 'local.yaml', 'on-call.yaml', 'prod.yaml']);
  });

  for (const file of files) {
    it(`pass the strict check: ${file}`, () => {
      expect(readPolicy(`config/${file}`)).toMatchObject({ ok: true, warnings: [] });
    });
  }

  it('map severities, people and channels of the local run as the README says', () => {
    const policy = policyOf('config/local.yaml');
    expect(policy.route.severity).toEqual({
      kind: 'label',
      label: 'severity',
      map: { critical: 'SEV1', error: 'SEV2', warning: 'SEV3' },
      otherwise: 'SEV4',
    });
    expect(policy.route).toMatchObject({
      service: { kind: 'label', label: 'service', otherwise: null },
      owner: 'platform',
      incidentKey: ['group'],
      escalationPolicy: null,
    });
    expect({ sources: Object.keys(policy.sources), slackTeamId: policy.slackTeamId }).toEqual({
      sources: ['local'],
      slackTeamId: null,
    });
    expect(policy.people).toEqual({
      alice: { name: 'alice', slackUserId: 'U0ALICE', sns: null },
      bob: { name: 'bob', slackUserId: 'U0BOB', sns: null },
      carol: { name: 'carol', slackUserId: 'U0CAROL', sns: null },
    });
    expect(policy.teams).toEqual({
      platform: {
        name: 'platform',
        roles: { onCall: 'alice', secondary: 'bob', manager: 'carol' },
        members: [],
        slackChannel: 'incidents',
        pagerduty: 'platform',
      },
    });
    expect(policy.slackChannels).toEqual({ incidents: 'C0INCIDENTS' });
    expect(policy.pagerduty).toEqual({ platform: { name: 'platform', routingKeySecret: 'platform', region: 'us' } });
    expect(policy.escalationPolicies['default-sev1']).toEqual({
      name: 'default-sev1',
      steps: [
        { afterSeconds: 0, targets: [{ kind: 'owner', role: 'onCall' }, { kind: 'owner pagerduty' }] },
        { afterSeconds: 300, targets: [{ kind: 'owner', role: 'secondary' }] },
        { afterSeconds: 600, targets: [{ kind: 'owner', role: 'manager' }] },
      ],
      repeatEverySeconds: 900,
    });
  });

  it('give production several teams and an incident per service and cluster', () => {
    const policy = policyOf('config/prod.yaml');
    const payments = policy.route.routes.find(({ path }) => path === 'root/payments');
    expect(Object.keys(policy.teams)).toEqual(['platform', 'payments', 'search']);
    expect(payments).toMatchObject({ owner: 'payments', incidentKey: ['service', 'cluster'] });
  });
});

/** Every property name in a JSON Schema, at any depth. */
function propertyNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own =
    'properties' in schema && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(propertyNames)])];
}

describe('what is published about the policy file', () => {
  it('is a JSON Schema that is not stale (npm run schema writes it anew)', () => {
    expect(JSON.parse(readText('config/policy.schema.json'))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it('names the schema in the first line of each file, for editors', () => {
    const firstLines = ['dev', 'local', 'on-call', 'prod'].map(
      (name) => readText(`config/${name}.yaml`).split('\n')[0],
    );
    expect([...new Set(firstLines)]).toEqual(['# yaml-language-server: $schema=policy.schema.json']);
  });

  it('is a reference whose whole example passes the strict check', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(readText('docs/policy.md'))?.[1] ?? '';
    expect(parsePolicy(example, { environment: 'docs', fileName: 'docs/policy.md' })).toMatchObject({
      ok: true,
      warnings: [],
    });
  });

  it('is a reference that leaves no key out, in the example and in the text', () => {
    const text = readText('docs/policy.md');
    const example = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const prose = text.replace(example, '');
    const keys = propertyNames(policyJsonSchema());
    const severities = ['SEV2', 'SEV3', 'SEV4'];
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !prose.includes(key))).toEqual([]);
    expect(keys.filter((key) => !severities.includes(key) && !new RegExp(`\\b${key}:`).test(example))).toEqual([]);
  });
});
