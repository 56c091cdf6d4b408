import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import type { Override } from '#shared/on-call/override.ts';
import { predict } from '#shared/prediction/predict.ts';
import type { Question } from '#shared/prediction/prediction.ts';
import { at } from '#test/support/decision-builders.ts';
import {
  aLayer,
  anOverride,
  aSchedule,
  onCallPolicy,
  person,
  schedule,
  stepAfter,
  team,
  withSteps,
} from '#test/support/on-call-builders.ts';
import { asked, linesOf, onlyCourse, pagingPolicy } from '#test/support/prediction-kit.ts';

/** Alice, bob and carol take turns of a day from 09:00 UTC; at noon of 2 March 2026 it is carol. */
const turns: Policy = {
  ...onCallPolicy(),
  route: pagingPolicy.route,
  schedules: {
    platform: aSchedule('platform', aLayer('days', ['alice', 'bob', 'carol'], { start: '2026-02-28T09:00' })),
  },
};

function ask(policy: Policy, question: Partial<Question> = {}, overrides: readonly Override[] = []) {
  const { notTold, ...course } = onlyCourse(predict(policy, asked(question), { overrides, silences: [] }));
  return {
    others: Object.fromEntries(notTold.map((each) => [each.person, each.because])),
    lines: linesOf(course),
  };
}

describe('B29: why not the others', () => {
  it('names until when each member of a schedule is not on call', () => {
    expect(ask(withSteps(turns, [stepAfter(0, schedule('platform'))]))).toEqual({
      lines: ['0 step 1.1: carol by Slack message'],
      others: {
        alice: 'not on call of platform until 2026-03-03T09:00:00.000Z',
        bob: 'not on call of platform until 2026-03-04T09:00:00.000Z',
      },
    });
  });

  it('names the override that covers somebody, and who made it', () => {
    const { lines, others } = ask(withSteps(turns, [stepAfter(0, schedule('platform'))]), {}, [anOverride()]);
    expect(lines[0]).toBe('0 step 1.1: bob by SNS contact bob-phone');
    expect(others.carol).toBe(`bob covers for them on platform until ${at(8 * 3600)}, by an override of carol`);
  });

  it('names the quiet time of somebody who is spared, and pages the next step at once', () => {
    const quiet = { severities: ['SEV2'], outsideWorkingHours: false, during: ['always'] } as const;
    const always = [{ times: null, weekdays: null, daysOfMonth: null, months: null, years: null, timeZone: 'UTC' }];
    const policy = withSteps(
      { ...onCallPolicy({ alice: { quiet } }), route: pagingPolicy.route, timeIntervals: { always } },
      [stepAfter(0, person('alice')), stepAfter(300, person('carol'))],
    );
    const { lines, others } = ask(policy, { labels: { severity: 'error' } });
    expect(lines).toContain('0 step 2.1: carol by Slack message');
    expect(others).toEqual({ alice: expect.stringMatching(/^quiet during always.*, at step 1$/) });
    expect(ask(policy, { labels: { severity: 'critical' } }).others).toEqual({});
  });

  it('names the step that comes too late for an acknowledgement', () => {
    const policy = withSteps({ ...onCallPolicy(), route: pagingPolicy.route }, [
      stepAfter(0, team('onCall')),
      stepAfter(300, team('manager')),
    ]);
    expect(ask(policy, { acknowledgedAt: at(60), horizonSeconds: 600 }).others).toEqual({
      bob: 'no step pages them in their role',
      carol: 'step 2 would page them, and does not run in this time',
    });
  });
});
