import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultEscalationPolicies, defaultSeverities } from '#shared/config/defaults.ts';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { changeExample, complaintsAbout, examplePolicy, readExample } from './example-policy.ts';

function compile(text: string): Policy {
  const reading = readExample(text);
  if (!reading.ok) throw new Error(reading.problems.map((problem) => problem.message).join('\n'));
  return reading.policy;
}

const severity = { kind: 'label', label: 'severity', map: { critical: 'SEV1' }, otherwise: 'SEV3' } as const;
/** Alertmanager's own defaults. */
const asAlertmanager = {
  groupBy: [],
  groupWaitSeconds: 30,
  groupIntervalSeconds: 300,
  repeatIntervalSeconds: 14_400,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
};
const inherited = {
  severity,
  service: null,
  escalationPolicy: null,
  owner: 'web',
  incidentKey: ['group'],
  slackChannel: null,
  ...asAlertmanager,
};

describe('a policy file that is right', () => {
  it('is compiled with every default filled in', () => {
    expect(readExample(examplePolicy)).toEqual({
      ok: true,
      warnings: [],
      policy: {
        hash: createHash('sha256').update(examplePolicy).digest('hex').slice(0, 12),
        environment: 'test',
        slackTeamId: null,
        sources: {
          main: {
            name: 'main',
            quietAfterSeconds: 28_800,
            resolveTimeoutSeconds: 300,
            settleSeconds: 60,
            snsTopics: [],
          },
        },
        severities: defaultSeverities,
        services: {
          checkout: {
            name: 'checkout',
            owner: 'web',
            tier: null,
            runbook: null,
            dashboard: null,
            statusComponent: 'shop',
          },
        },
        people: {
          alice: { name: 'alice', slackUserId: 'U0ALICE', sns: null },
          bob: { name: 'bob', slackUserId: 'U0BOB', sns: 'phone' },
        },
        teams: {
          web: {
            name: 'web',
            roles: { onCall: 'alice', secondary: 'bob', manager: 'bob' },
            members: [],
            slackChannel: 'incidents',
            pagerduty: 'web',
          },
        },
        route: {
          path: 'root',
          receiver: 'root',
          matchers: [],
          continue: false,
          ...inherited,
          routes: [
            {
              path: 'root/tocsin',
              receiver: 'root/tocsin',
              matchers: [{ name: 'tocsin_internal', operator: '=', value: 'true' }],
              continue: false,
              ...inherited,
              severity: { kind: 'fixed', value: 'SEV3' },
              incidentKey: ['alertname', 'source', 'hour'],
              routes: [],
            },
            {
              path: 'root/shop',
              receiver: 'root/shop',
              matchers: [{ name: 'team', operator: '=', value: 'shop' }],
              continue: false,
              ...inherited,
              routes: [
                {
                  path: 'root/shop/0',
                  receiver: 'root/shop/0',
                  matchers: [{ name: 'tier', operator: '=', value: '1' }],
                  continue: false,
                  ...inherited,
                  routes: [],
                },
              ],
            },
            {
              path: 'root/1',
              receiver: 'root/1',
              matchers: [{ name: 'team', operator: '=~', value: 'a|b' }],
              continue: false,
              ...inherited,
              escalationPolicy: 'calm',
              routes: [],
            },
          ],
        },
        escalationPolicies: {
          ...defaultEscalationPolicies,
          calm: {
            name: 'calm',
            steps: [
              { afterSeconds: 0, targets: [{ kind: 'owner channel', mention: null }] },
              {
                afterSeconds: 3_600,
                targets: [
                  { kind: 'person', person: 'bob' },
                  { kind: 'sns', contact: 'phone' },
                ],
              },
            ],
            repeatEverySeconds: null,
          },
        },
        fallback: { email: 'fallback@example.com', sms: null },
        slackChannels: { incidents: 'C0INCIDENTS' },
        pagerduty: { web: { name: 'web', routingKeySecret: 'web', region: 'us' } },
        snsContacts: { phone: { name: 'phone', topic: null, phone: '+15550100123' } },
        timeIntervals: {},
        inhibitRules: [],
        maintenanceWindows: [],
        heartbeats: {},
        flapping: { transitions: 4, windowSeconds: 3_600, calmAfterSeconds: 900 },
        statusComponents: { shop: { id: 'shop', name: 'Shop', description: '' } },
        schedules: {},
        holidays: {},
        workingHours: { timeZone: 'UTC', weekdays: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' },
        resolveHoldSeconds: 1_800,
        reopenWithinSeconds: 900,
        repageAtMostEverySeconds: 900,
        retentionDays: 400,
      },
    });
  });

  it('has a new hash when a single byte changes', () => {
    expect(compile(`${examplePolicy}\n`).hash).not.toBe(compile(examplePolicy).hash);
    expect(compile(examplePolicy).hash).toMatch(/^[0-9a-f]{12}$/);
  });

  it('hands down what a route says to its children, except matchers and continue', () => {
    const said = [
      'continue: true',
      'severity: SEV2',
      'service: { label: app, otherwise: checkout }',
      'escalationPolicy: calm',
      'incidentKey: [app]',
      'slackChannel: incidents',
    ];
    const { route } = compile(
      changeExample('    - name: shop\n', `    - name: shop\n      ${said.join('\n      ')}\n`),
    );
    const given = {
      severity: { kind: 'fixed', value: 'SEV2' },
      service: { kind: 'label', label: 'app', otherwise: 'checkout' },
      owner: 'web',
      escalationPolicy: 'calm',
      incidentKey: ['app'],
      slackChannel: 'incidents',
      ...asAlertmanager,
    };
    const { routes, ...shop } = route.routes[1] ?? route;
    const teamMatcher = { name: 'team', operator: '=', value: 'shop' };
    const tierMatcher = { name: 'tier', operator: '=', value: '1' };
    expect(shop).toEqual({
      path: 'root/shop',
      receiver: 'root/shop',
      matchers: [teamMatcher],
      continue: true,
      ...given,
    });
    expect(routes).toEqual([
      { path: 'root/shop/0', receiver: 'root/shop/0', matchers: [tierMatcher], continue: false, ...given, routes: [] },
    ]);
  });

  it('reads every kind of target, and a mention where one is asked for', () => {
    const targets = [
      '{ owner: manager }',
      '{ owner: everyone }',
      '{ owner: channel, mention: channel }',
      '{ owner: pagerduty }',
      '{ team: web }',
      '{ team: web, role: everyone }',
      '{ slackChannel: incidents }',
      '{ slackChannel: incidents, mention: here }',
      '{ pagerduty: web }',
    ];
    const policy = compile(
      changeExample(
        'targets: [{ person: bob }, { sns: phone }] }',
        `targets: [${targets.join(', ')}] }\n    repeatEvery: 5m`,
      ),
    );
    expect(policy.escalationPolicies.calm).toEqual({
      name: 'calm',
      repeatEverySeconds: 300,
      steps: [
        { afterSeconds: 0, targets: [{ kind: 'owner channel', mention: null }] },
        {
          afterSeconds: 3_600,
          targets: [
            { kind: 'owner', role: 'manager' },
            { kind: 'owner', role: 'everyone' },
            { kind: 'owner channel', mention: 'channel' },
            { kind: 'owner pagerduty' },
            { kind: 'team', team: 'web', role: 'onCall' },
            { kind: 'team', team: 'web', role: 'everyone' },
            { kind: 'slack channel', channel: 'incidents', mention: null },
            { kind: 'slack channel', channel: 'incidents', mention: 'here' },
            { kind: 'pagerduty', service: 'web' },
          ],
        },
      ],
    });
  });

  it('changes only what a severity row says', () => {
    const row = '{ acknowledgementExpiresAfter: 2h, updateEvery: never, closesAfter: 30d, meaning: money is lost }';
    const { severities } = compile(
      changeExample('escalationPolicies:', `severities: { SEV1: ${row} }\nescalationPolicies:`),
    );
    expect(severities).toEqual({
      ...defaultSeverities,
      SEV1: {
        ...defaultSeverities.SEV1,
        meaning: 'money is lost',
        acknowledgementExpiresSeconds: 7_200,
        updateEverySeconds: null,
        closesAfterSeconds: 2_592_000,
      },
    });
  });

  it('replaces a default escalation policy by one of the same name', () => {
    const policy = compile(
      changeExample('  calm:', '  default-sev1: { steps: [{ after: 0s, targets: [{ owner: onCall }] }] }\n  calm:'),
    );
    expect(policy.escalationPolicies['default-sev1']).toEqual({
      name: 'default-sev1',
      steps: [{ afterSeconds: 0, targets: [{ kind: 'owner', role: 'onCall' }] }],
      repeatEverySeconds: null,
    });
  });
});

describe('a policy file with many faults', () => {
  it('tells all of them at once, in file order, the shape and the names together', () => {
    const text = examplePolicy
      .replace('U0BOB', 'bob')
      .replace('onCall: alice', 'onCall: alise')
      .replace('main: {}', 'main: { quitAfter: 1h, quietAfter: soon }')
      .replace('escalationPolicy: calm', 'escalationPolicy: clam\n      continu: true');
    expect(complaintsAbout(text).map((line) => line.split('. Fix:')[0])).toEqual([
      'p.yaml:9:17: "bob" is not a Slack user id',
      'p.yaml:12:13: unknown person or schedule "alise"',
      'p.yaml:22:11: unknown key "quitAfter"',
      'p.yaml:22:38: "soon" is not a duration',
      'p.yaml:37:25: unknown escalation policy "clam"',
      'p.yaml:38:7: unknown key "continu"',
    ]);
  });

  it('gives each problem its path, for tools', () => {
    const reading = parsePolicy(changeExample('escalationPolicy: calm', 'owner: ops'), {
      environment: 'prod',
      fileName: 'config/prod.yaml',
    });
    expect(reading).toEqual({
      ok: false,
      problems: [
        {
          file: 'config/prod.yaml',
          line: 37,
          column: 14,
          path: 'route.routes[1].owner',
          message: 'unknown team "ops"',
          fix: 'Use "web". Or add "ops" under teams.',
        },
      ],
    });
  });

  it('shows a fault behind an anchor where the anchor stands', () => {
    const text = changeExample('name: shop\n', 'name: shop\n      owner: &who webb\n').replace(
      'escalationPolicy: calm',
      'owner: *who',
    );
    expect(complaintsAbout(text)).toEqual([
      'p.yaml:33:19: unknown team "webb". Fix: Did you mean "web"? If not, add "webb" under teams.',
      'p.yaml:38:14: unknown team "webb". Fix: Did you mean "web"? If not, add "webb" under teams.',
    ]);
  });
});
