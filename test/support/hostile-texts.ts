import fc from 'fast-check';
import type { Incident } from '#shared/incident/incident.ts';
import { anIncident, openedAt } from './incident-builders.ts';

/** What an alert's author, or whoever controls a label's value, may try. */
export const hostileTexts = [
  '<!channel>',
  '<!here|hello>',
  '<@U123456>',
  '<#C123456|general>',
  '<!subteam^S123456>',
  '@everyone @here @channel',
  '<https://evil.example|Click to acknowledge>',
  '&lt;!channel&gt;',
  '&amp;lt;!channel&amp;gt;',
  '*bold* _italic_ ~gone~ `code` ```fence```',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "javascript:alert('x')",
  '[link](https://evil.example) ![image](https://evil.example/x.png)',
  '| a | b |\n| --- | --- |\n# heading',
  '\u202Egnirts desrever\u202C',
  'zero\u200Bwidth\uFEFF',
  'null\u0000bell\u0007escape\u001B[31m',
  'half \uD83D surrogate',
  'line one\nline two\r\nline three',
  '😀👩‍👩‍👧‍👦é',
  '{"a": "b"}',
  '',
] as const;

/** Hostile, ordinary and huge texts; the last so that every cut is met. */
export const anyText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .tuple(fc.constantFrom('&', '<', '>', '"', 'x', '😀', '`', '\\', '漢'), fc.integer({ min: 100, max: 6_000 }))
    .map(([character, count]) => character.repeat(count)),
);

const anyLabels = fc.dictionary(fc.oneof(fc.constantFrom('alertname', 'instance', 'service'), anyText), anyText, {
  maxKeys: 12,
});

const anyAddress = fc.oneof(
  anyText,
  anyText.map((text) => `https://prometheus.example/graph?g0.expr=${text}`),
  fc.webUrl({ withQueryParameters: true }),
);

const anySummary = fc.record({
  source: fc.constant('main'),
  fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
  labels: anyLabels,
  annotations: fc.record(
    { summary: anyText, description: anyText, value: anyText, runbook_url: anyAddress, dashboard_url: anyAddress },
    { requiredKeys: [] },
  ),
  generatorURL: anyAddress,
  startsAt: fc.constant(openedAt),
});

const anyActor = fc.record({ kind: fc.constant('person' as const), id: fc.constant('U1'), name: anyText });

/** Any incident, in any status, with texts that nobody would hope for. */
export const anyIncident: fc.Arbitrary<Incident> = fc
  .record({
    status: fc.constantFrom('triggered' as const, 'acknowledged' as const, 'resolved' as const, 'closed' as const),
    severity: fc.constantFrom('SEV1' as const, 'SEV2' as const, 'SEV3' as const, 'SEV4' as const),
    title: anyText,
    source: anyText,
    routePath: anyText,
    service: fc.option(anyText),
    owner: fc.option(anyText),
    acknowledgedBy: fc.option(anyActor),
    resolvedBy: fc.option(anyActor),
    sample: fc.array(anySummary, { maxLength: 10 }),
    firing: fc.integer({ min: 0, max: 5_000 }),
    alertsTotal: fc.integer({ min: 0, max: 1_000_000 }),
    statusUpdate: fc.option(
      fc.record({ status: fc.constant('investigating' as const), text: anyText, at: fc.constant(openedAt) }),
    ),
    dueAt: fc.option(fc.constant(openedAt)),
    heldUntil: fc.option(fc.constant(openedAt)),
    acknowledgedAt: fc.option(fc.constant(openedAt)),
    resolvedAt: fc.option(fc.constant(openedAt)),
    person: anyText,
    policyName: anyText,
  })
  .map(({ person, policyName, ...override }) => {
    const incident = anIncident(override);
    const steps = [
      { afterSeconds: 0, targets: [{ kind: 'person' as const, person }] },
      { afterSeconds: 300, targets: Array.from({ length: 10 }, () => ({ kind: 'person' as const, person })) },
    ];
    const escalation = { name: policyName, steps, repeatEverySeconds: 900 };
    return { ...incident, pinned: { ...incident.pinned, escalation } };
  });
