import { describe, expect, it } from 'vitest';
import type { EscalationChoice } from '#shared/escalation/escalation-choice.ts';
import { explainChoice } from '#shared/prediction/explain-choice.ts';
import { aPolicy, noon } from '#test/support/decision-builders.ts';

const question = { routePath: 'root', service: 'checkout', severity: 'SEV1', at: noon } as const;
const byRoute = (escalationPolicy: EscalationChoice) => aPolicy({ route: { ...aPolicy().route, escalationPolicy } });
const never = [
  {
    times: null,
    weekdays: null,
    daysOfMonth: null,
    months: null,
    years: [{ begin: 1999, end: 1999 }],
    timeZone: 'UTC',
  },
];

describe('B29: why an escalation policy', () => {
  it('is named by the route, the service or the severity, in this order', () => {
    expect(explainChoice(aPolicy(), question)).toBe('severity SEV1');
    const service = {
      name: 'checkout',
      owner: 'payments',
      tier: 1,
      runbook: null,
      dashboard: null,
      statusComponent: null,
    };
    const services = { checkout: { ...service, escalationPolicy: 'sev2' } };
    expect(explainChoice(aPolicy({ services }), question)).toBe('service checkout');
    expect(explainChoice({ ...byRoute('sev2'), services }, question)).toBe('route root');
  });

  it('names the entry of a list that holds', () => {
    const list: EscalationChoice = [
      { severities: ['SEV2'], during: null, policy: 'sev2' },
      { severities: [], during: 'never', policy: 'quiet' },
      { severities: ['SEV1'], during: null, policy: 'sev1' },
    ];
    const policy = { ...byRoute(list), timeIntervals: { never } };
    expect(explainChoice(policy, question)).toBe('route root, entry 3: SEV1, at any time');
    expect(explainChoice(policy, { ...question, severity: 'SEV3' })).toBe(
      'severity SEV3, because no entry of route root holds',
    );
  });
});
