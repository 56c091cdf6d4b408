import { describe, expect, it } from 'vitest';
import { defaultEscalationPolicies, defaultSeverities } from '#shared/config/defaults.ts';

const steps = (name: string) =>
  defaultEscalationPolicies[name]?.steps.map((step) => [
    step.afterSeconds,
    step.targets.map((target) => ('role' in target ? `${target.kind} ${target.role}` : target.kind)),
  ]);
const repeats = Object.values(defaultEscalationPolicies).map((policy) => [policy.name, policy.repeatEverySeconds]);

describe('the defaults of the design', () => {
  it('give each severity its deadlines, in seconds, and say when it pages', () => {
    const table = Object.entries(defaultSeverities).map(([severity, row]) => [
      severity,
      row.acknowledgeWithinSeconds,
      row.updateEverySeconds,
      row.pages,
      row.pageDeadlineSeconds,
      row.escalationPolicy,
      row.closesAfterSeconds,
      row.acknowledgementExpiresSeconds,
    ]);
    expect(table).toEqual([
      ['SEV1', 900, 1_800, 'always', 60, 'default-sev1', null, null],
      ['SEV2', 3_600, 3_600, 'always', 120, 'default-sev2', null, null],
      ['SEV3', 14_400, 86_400, 'working hours', 900, 'default-sev3', 604_800, null],
      ['SEV4', 86_400, null, 'never', 900, 'default-sev4', 604_800, null],
    ]);
  });

  it('page on-call and PagerDuty at once, then secondary and manager, for SEV1 faster than for SEV2', () => {
    expect(steps('default-sev1')).toEqual([
      [0, ['owner onCall', 'owner pagerduty']],
      [300, ['owner secondary']],
      [600, ['owner manager']],
    ]);
    expect(steps('default-sev2')).toEqual([
      [0, ['owner onCall', 'owner pagerduty']],
      [900, ['owner secondary']],
      [1_800, ['owner manager']],
    ]);
  });

  it('only tell the channel of SEV3 and SEV4 at first, and on-call of SEV3 after four hours', () => {
    expect(steps('default-sev3')).toEqual([
      [0, ['owner channel']],
      [14_400, ['owner onCall']],
    ]);
    expect(steps('default-sev4')).toEqual([[0, ['owner channel']]]);
  });

  it('repeat for SEV1 and SEV2 only', () => {
    expect(repeats).toEqual([
      ['default-sev1', 900],
      ['default-sev2', 900],
      ['default-sev3', null],
      ['default-sev4', null],
    ]);
  });
});
