import { describe, expect, it } from 'vitest';
import type { RouteNode } from '#shared/config/policy.ts';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import { escalationChoiceFor, findRoute, pinPolicy } from '#shared/escalation/pin-policy.ts';
import type { Severity } from '#shared/incident/severity.ts';
import { aPolicy, noon } from '#test/support/decision-builders.ts';

const stepsOf = (owner: string | null, targets: readonly StepTarget[], severity: 'SEV1' | 'SEV3' = 'SEV1') => {
  const steps = [
    { afterSeconds: 0, targets },
    { afterSeconds: 60, targets: [{ kind: 'sns', contact: 'ops' } as const] },
  ];
  const policy = aPolicy({ escalationPolicies: { own: { name: 'own', steps, repeatEverySeconds: null } } });
  return pinPolicy(policy, { severity, owner, escalationPolicy: 'own' }, noon).escalation.steps;
};
const lastStep = { afterSeconds: 60, targets: [{ kind: 'sns', contact: 'ops' }] };

describe('a pinned policy', () => {
  it('copies the row of the severity and the steps, and names the policy file', () => {
    expect(pinPolicy(aPolicy(), { severity: 'SEV1', owner: 'payments', escalationPolicy: 'sev2' }, noon)).toEqual({
      policyHash: 'abcdef012345',
      escalation: {
        name: 'sev2',
        steps: [
          { afterSeconds: 0, targets: [{ kind: 'team', team: 'payments', role: 'onCall' }] },
          { afterSeconds: 900, targets: [{ kind: 'team', team: 'payments', role: 'secondary' }] },
        ],
        repeatEverySeconds: null,
      },
      pages: 'always',
      pageDeadlineSeconds: 60,
      acknowledgeWithinSeconds: 2_592_000,
      acknowledgementExpiresSeconds: 3600,
      updateEverySeconds: null,
      closesAfterSeconds: null,
    });
  });

  const ownerTargets: readonly StepTarget[] = [
    { kind: 'owner', role: 'manager' },
    { kind: 'owner channel', mention: 'here' },
    { kind: 'owner pagerduty' },
    { kind: 'person', person: 'bob' },
  ];

  it('has the owner replaced by the team, its channel and its PagerDuty service', () => {
    expect(stepsOf('payments', ownerTargets)).toEqual([
      {
        afterSeconds: 0,
        targets: [
          { kind: 'team', team: 'payments', role: 'manager' },
          { kind: 'slack channel', channel: 'payments', mention: 'here' },
          { kind: 'pagerduty', service: 'web' },
          { kind: 'person', person: 'bob' },
        ],
      },
      lastStep,
    ]);
  });

  it('keeps an owner that nobody is, so that the step can say whom it skipped', () => {
    expect(stepsOf(null, ownerTargets)).toEqual([{ afterSeconds: 0, targets: ownerTargets }, lastStep]);
    expect(stepsOf('unknown team', ownerTargets)).toEqual([{ afterSeconds: 0, targets: ownerTargets }, lastStep]);
    expect(stepsOf('empty', ownerTargets)[0]?.targets).toEqual([
      { kind: 'team', team: 'empty', role: 'manager' },
      ...ownerTargets.slice(1),
    ]);
  });

  it('splits a step that informs and pages only where pages wait for working hours', () => {
    const mixed: readonly StepTarget[] = [
      { kind: 'person', person: 'bob' },
      { kind: 'slack channel', channel: 'payments', mention: null },
      { kind: 'slack channel', channel: 'payments', mention: 'channel' },
    ];
    expect(stepsOf(null, mixed)).toEqual([{ afterSeconds: 0, targets: mixed }, lastStep]);
    expect(stepsOf(null, mixed, 'SEV3')).toEqual([
      { afterSeconds: 0, targets: [mixed[1]] },
      { afterSeconds: 0, targets: [mixed[0], mixed[2]] },
      lastStep,
    ]);
  });

  it('refuses an escalation policy that there is not', () => {
    expect(() => pinPolicy(aPolicy(), { severity: 'SEV1', owner: null, escalationPolicy: 'gone' }, noon)).toThrow(
      'no such escalation policy: gone',
    );
  });
});

it('takes the escalation policy of the route when it names one, else that of the severity', () => {
  const root = aPolicy().route;
  const leaf: RouteNode = { ...root, path: 'root/payments/1', escalationPolicy: 'sev2' };
  const policy = aPolicy({ route: { ...root, routes: [{ ...root, path: 'root/payments', routes: [leaf] }] } });
  const chosen = (path: string, severity: Severity) =>
    escalationChoiceFor(policy, { route: findRoute(policy.route, path), service: null, severity });
  expect(chosen('root/payments/1', 'SEV1')).toBe('sev2');
  expect(chosen('root/payments', 'SEV1')).toBe('sev1');
  expect(chosen('a route that is gone', 'SEV3')).toBe('office');
});
