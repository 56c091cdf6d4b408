import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPolicyDates } from '#shared/config/check-dates.ts';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { policyJsonSchema } from '#shared/config/schema/document.ts';
import { onCallAt } from '#shared/on-call/on-call.ts';

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

  it('B34: are all that there is: the same text is the same policy, hash and warnings, wherever and whenever it is read', () => {
    const texts = files.map((file) => readText(`config/${file}`));
    const readings = texts.map((text) =>
      JSON.stringify(parsePolicy(text, { environment: 'test', fileName: 'a.yaml' })),
    );
    const again = texts.map((text) => JSON.stringify(parsePolicy(text, { environment: 'test', fileName: 'b.yaml' })));
    expect(again).toEqual(readings);
    // What is deployed is that JSON: nothing in it is lost on the way.
    const policies = files.map((file) => policyOf(`config/${file}`));
    expect(JSON.parse(JSON.stringify(policies))).toEqual(policies);
    expect(new Set(policies.map(({ hash }) => hash)).size).toBe(files.length);
  });

  it('are those of the environments, and one to try on-call with', () => {
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
    expect(Object.keys(policy.schedules)).toEqual(['platform', 'platform-second', 'payments']);
    expect(payments).toMatchObject({ owner: 'payments', incidentKey: ['service', 'cluster'] });
  });
});

describe('the policy file to try on-call with', () => {
  const policy = policyOf('config/on-call.yaml');
  const onCallAtTime = (schedule: string, at: string) => {
    const found = policy.schedules[schedule];
    return found ? onCallAt(found, [], at) : null;
  };

  it('has two layers: by day the one, at night the other, on the clocks of Berlin', () => {
    // Monday 21 December 2026; summer time begins on Sunday 28 March 2027.
    const moments = [
      '2026-12-21T07:59:59.000Z',
      '2026-12-21T08:00:00.000Z',
      '2026-12-21T17:00:00.000Z',
      '2027-03-28T00:30:00.000Z',
      '2027-03-28T07:00:00.000Z',
    ];
    expect(moments.map((at) => onCallAtTime('platform', at))).toEqual([
      { person: 'erin', by: { kind: 'layer', layer: 'nights' } },
      { person: 'alice', by: { kind: 'layer', layer: 'days' } },
      { person: 'dave', by: { kind: 'layer', layer: 'nights' } },
      { person: 'erin', by: { kind: 'layer', layer: 'nights' } },
      { person: 'bob', by: { kind: 'layer', layer: 'days' } },
    ]);
  });

  it('never has the same person first and second', () => {
    const hours = Array.from({ length: 24 * 28 }, (_, hour) => new Date(Date.UTC(2027, 2, 15, hour)).toISOString());
    const same = hours.filter(
      (at) => onCallAtTime('platform', at)?.person === onCallAtTime('platform-secondary', at)?.person,
    );
    expect(same).toEqual([]);
  });

  it('has somebody on call for years', () => {
    const text = readText('config/on-call.yaml');
    const dates = ['2026-11-21', '2027-06-01', '2030-01-01'].map((date) => `${date}T00:00:00.000Z`);
    expect(dates.flatMap((now) => checkPolicyDates(text, policy, 'config/on-call.yaml', now))).toEqual([]);
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

  it('B34: is a reference that leaves no key out, in the example and in the text', () => {
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
