import { describe, expect, it } from 'vitest';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { describeStepTarget, nextPage } from '#shared/notification/next-page.ts';
import { anIncident } from '#test/support/incident-builders.ts';

const dueAt = '2026-11-21T01:05:00.000Z';
const escalation = {
  name: 'default',
  steps: [
    { afterSeconds: 0, targets: [{ kind: 'person', person: 'alice' }] },
    { afterSeconds: 300, targets: [{ kind: 'person', person: 'bob' }] },
  ],
  repeatEverySeconds: 900,
} as const;
const incident = (override: Partial<Incident> = {}, pinned: Partial<Incident['pinned']> = {}) =>
  anIncident({ dueAt, ...override, pinned: { ...anIncident().pinned, escalation, ...pinned } });
const done = (stepsDone: number) => ({ escalation: { ...anIncident().escalation, stepsDone } });

describe('whom the incident pages next', () => {
  it.each([
    ['the first step', incident(done(0)), { at: dueAt, step: 1, repeated: false, targets: ['alice'] }],
    ['the step after the last one done', incident(done(1)), { at: dueAt, step: 2, repeated: false, targets: ['bob'] }],
    ['the last step again', incident(done(2)), { at: dueAt, step: 2, repeated: true, targets: ['bob'] }],
    ['nobody, without a repeat', incident(done(2), { escalation: { ...escalation, repeatEverySeconds: null } }), null],
    ['nobody, once acknowledged', incident({ ...done(1), status: 'acknowledged' }), null],
    ['nobody, once resolved', incident({ ...done(1), status: 'resolved' }), null],
    ['nobody, when nothing is due', incident({ ...done(1), dueAt: null }), null],
    ['nobody, of a severity that never pages', incident(done(1), { pages: 'never' }), null],
  ] as const)('is %s', (_name, state, expected) => {
    expect(nextPage(state)).toEqual(expected);
  });

  it.each<readonly [StepTarget, string]>([
    [{ kind: 'person', person: 'alice' }, 'alice'],
    [{ kind: 'team', team: 'web', role: 'onCall' }, 'on-call of web'],
    [{ kind: 'team', team: 'web', role: 'secondary' }, 'secondary on-call of web'],
    [{ kind: 'team', team: 'web', role: 'manager' }, 'manager of web'],
    [{ kind: 'team', team: 'web', role: 'everyone' }, 'everyone of web'],
    [{ kind: 'owner', role: 'onCall' }, 'on-call of the owner'],
    [{ kind: 'slack channel', channel: 'ops', mention: 'here' }, '#ops (mentions here)'],
    [{ kind: 'slack channel', channel: 'ops', mention: null }, '#ops'],
    [{ kind: 'owner channel', mention: 'channel' }, "the owner's channel (mentions channel)"],
    [{ kind: 'pagerduty', service: 'web' }, 'PagerDuty (web)'],
    [{ kind: 'owner pagerduty' }, "the owner's PagerDuty"],
    [{ kind: 'sns', contact: 'ops' }, 'ops'],
  ])('calls %j %j', (target, words) => {
    expect(describeStepTarget(target)).toBe(words);
  });
});
