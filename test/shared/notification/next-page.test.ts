import { describe, expect, it } from 'vitest';
import type { StepTarget } from '#shared/escalation/escalation-policy.ts';
import type { Incident } from '#shared/incident/incident.ts';
import { describeStepTarget, nextPage } from '#shared/notification/next-page.ts';
import { anIncident } from '#test/support/incident-builders.ts';
import { anOverride, onCallPolicy, schedule, team } from '#test/support/on-call-builders.ts';

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

/** Begins when the page is due, so that who asks before that must look ahead. */
const takesOver = anOverride({ person: 'carol', startsAt: dueAt, endsAt: '2026-11-22T00:00:00.000Z' });

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

  it.each([
    [
      'brings the next step forward',
      incident(done(1), { acknowledgeWithinSeconds: 60 }),
      2,
      '2026-11-21T01:01:00.000Z',
    ],
    ['changes nothing when it comes later', incident(done(1), { acknowledgeWithinSeconds: 600 }), 2, dueAt],
    [
      'brings the last step again where nothing repeats',
      incident(
        { ...done(2), dueAt: null },
        { acknowledgeWithinSeconds: 600, escalation: { ...escalation, repeatEverySeconds: null } },
      ),
      2,
      '2026-11-21T01:10:00.000Z',
    ],
    ['does not shorten the hold after a re-opening', incident(done(0), { acknowledgeWithinSeconds: 60 }), 1, dueAt],
  ] as const)('follows a missed acknowledgement that pages: it %s', (_, state, step, at) => {
    const pinned = { ...state.pinned, missedDeadline: 'page' as const, updateEverySeconds: null };
    const next = nextPage({ ...state, pinned });
    expect([next?.step, next?.at]).toEqual([step, at]);
    const missed = { ...state, pinned, deadlines: { acknowledgeMissed: true as const } };
    expect(nextPage(missed)?.at ?? null).toBe(state.dueAt);
  });

  it('begins with the first step again where all steps repeat', () => {
    const all = { ...escalation, repeats: 'all steps' as const };
    expect(nextPage(incident(done(2), { escalation: all }))).toEqual({
      at: dueAt,
      step: 1,
      repeated: true,
      targets: ['alice'],
    });
  });

  it('is, where people are at hand, whoever is on call at that instant', () => {
    const policy = onCallPolicy();
    const { payments } = policy.teams;
    if (!payments) throw new Error('no team');
    const roles = { onCall: 'platform', secondary: 'bob', manager: null };
    const live = { policy: { ...policy, teams: { payments: { ...payments, roles } } }, overrides: [takesOver] };
    const targets = [
      schedule('platform'),
      schedule('deserted'),
      schedule('gone'),
      team('onCall'),
      team('secondary'),
      team('manager'),
      team('everyone'),
    ];
    const steps = [{ afterSeconds: 0, targets }];
    expect(nextPage(incident(done(0), { escalation: { ...escalation, steps } }), live)?.targets).toEqual([
      'carol (on-call of platform)',
      'nobody (on-call of deserted)',
      'on-call of gone',
      'carol (on-call of payments)',
      'bob (secondary on-call of payments)',
      'manager of payments',
      'everyone of payments',
    ]);
  });

  it.each<readonly [StepTarget, string]>([
    [{ kind: 'person', person: 'alice' }, 'alice'],
    [{ kind: 'schedule', schedule: 'platform' }, 'on-call of platform'],
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
