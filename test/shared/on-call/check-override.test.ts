import { describe, expect, it } from 'vitest';
import type { Person } from '#shared/config/policy.ts';
import { checkOverride, type OverrideContext, type OverrideDraft } from '#shared/on-call/check-override.ts';
import { aLayer, anOverride, aPerson, aSchedule, at, show } from './schedule-builders.ts';

const people = Object.fromEntries(['ann', 'ben', 'cem', 'zoe', 'yun'].map((name) => [name, aPerson(name)]));
const context = (fields: Partial<OverrideContext> = {}): OverrideContext => ({
  policy: { schedules: { web: aSchedule([aLayer()]) }, people },
  overrides: [],
  now: at('01-02T10:00'),
  ...fields,
});
const draft = (fields: Partial<OverrideDraft> = {}): OverrideDraft => ({
  schedule: 'web',
  person: 'zoe',
  replaces: null,
  startsAt: at('01-02T12:00'),
  endsAt: at('01-03T12:00'),
  ...fields,
});
const reasonOf = (fields: Partial<OverrideDraft>, given = context()) => {
  const check = checkOverride(draft(fields), given);
  return check.outcome === 'accepted' ? 'accepted' : check.reason;
};
const withZoe = (fields: Partial<Person>) => {
  const { policy } = context();
  return context({ policy: { ...policy, people: { ...people, zoe: { ...aPerson('zoe'), ...fields } } } });
};

describe('an override is made', () => {
  it('and names the shifts that it takes over', () => {
    const check = checkOverride(draft(), context());
    expect(check).toMatchObject({ outcome: 'accepted', draft: draft(), covers: [] });
    expect(check.outcome === 'accepted' && show(check.takes)).toEqual(['01-02T12:00 ben', '01-03T09:00 cem']);
  });

  it('over others, and names those that it covers: not what they had covered before, nor what ends before it starts', () => {
    const hidden = anOverride({ id: 'hidden', person: 'cem', createdAt: at('01-01T08:00') });
    const covered = anOverride({ id: 'covered', person: 'yun' });
    const early = anOverride({ id: 'early', startsAt: at('01-02T11:00'), endsAt: at('01-02T12:00') });
    const check = checkOverride(draft(), context({ overrides: [hidden, covered, early] }));
    expect(check).toMatchObject({ outcome: 'accepted', covers: [covered] });
  });

  it('from now on when its start is over, so that who was on call stays what it was', () => {
    const check = checkOverride(draft({ startsAt: at('01-02T06:00') }), context());
    expect(check).toMatchObject({ draft: { startsAt: at('01-02T10:00'), endsAt: at('01-03T12:00') } });
  });

  it('for one person only, and takes only the shifts of this person', () => {
    const check = checkOverride(draft({ replaces: 'cem' }), context());
    expect(check.outcome === 'accepted' && show(check.takes)).toEqual(['01-03T09:00 cem']);
  });

  it('where nobody is on call', () => {
    const { policy } = context();
    const ended = aSchedule([aLayer({ end: '2026-01-02T09:00' })]);
    const check = checkOverride(draft(), context({ policy: { ...policy, schedules: { web: ended } } }));
    expect(check.outcome === 'accepted' && show(check.takes)).toEqual(['01-02T12:00 nobody']);
  });

  it('for the longest month, in which clocks are set back', () => {
    const times = { startsAt: '2026-09-30T22:00:00.000Z', endsAt: '2026-10-31T23:00:00.000Z' };
    expect(reasonOf(times)).toBe('accepted');
    expect(reasonOf({ ...times, endsAt: '2026-10-31T23:00:00.001Z' })).toBe('too long');
  });
});

describe('an override changes nothing', () => {
  it('for somebody who is on call all that time already', () => {
    expect(reasonOf({ person: 'ben', endsAt: at('01-03T09:00') })).toBe('is on call already');
    expect(reasonOf({ person: 'ben', endsAt: at('01-03T09:01') })).toBe('accepted');
    expect(reasonOf({ person: 'cem', replaces: 'cem' })).toBe('is on call already');
  });
});

describe('an override is refused', () => {
  it.each<readonly [string, Partial<OverrideDraft>]>([
    ['no such schedule', { schedule: 'wbe' }],
    ['no such person', { person: 'zeo' }],
    ['ends before it starts', { endsAt: at('01-02T11:00') }],
    ['ends before it starts', { endsAt: at('01-02T12:00') }],
    ['is over already', { startsAt: at('01-02T06:00'), endsAt: at('01-02T10:00') }],
    ['too long', { endsAt: '2026-02-03T12:00:00.000Z' }],
    ['replaces nobody', { replaces: 'ann' }],
  ])('%s: %o', (reason, fields) => {
    expect(reasonOf(fields)).toBe(reason);
  });

  it('with the place and the fix', () => {
    expect(checkOverride(draft({ schedule: 'wbe' }), context())).toEqual({
      outcome: 'rejected',
      reason: 'no such schedule',
      problem: 'There is no schedule wbe. The policy file has: web.',
    });
  });

  it('with a later end as the fix, where it ends before it starts or is over', () => {
    const problemOf = (fields: Partial<OverrideDraft>) => {
      const check = checkOverride(draft(fields), context());
      return check.outcome === 'rejected' ? check.problem : check.outcome;
    };
    expect(problemOf({ endsAt: at('01-02T11:00') })).toBe(
      `It would end at ${at('01-02T11:00')}, not after its start at ${at('01-02T12:00')}. Write a later end.`,
    );
    expect(problemOf({ startsAt: at('01-02T06:00'), endsAt: at('01-02T10:00') })).toBe(
      `It would end at ${at('01-02T10:00')}, and it is ${at('01-02T10:00')} already. Write an end that lies ahead.`,
    );
  });

  it('for a person who cannot be paged', () => {
    const nothing = { slackUserId: null, sns: null };
    const onlySlack = { SEV1: [{ kind: 'slack', afterSeconds: 0 }] } as const;
    const pager = { SEV1: [{ kind: 'pagerduty', service: 'web', afterSeconds: 0 }] } as const;
    expect(reasonOf({}, withZoe(nothing))).toBe('cannot be paged');
    expect(reasonOf({}, withZoe({ ...nothing, contact: onlySlack }))).toBe('cannot be paged');
    expect(reasonOf({}, withZoe({ ...nothing, contact: pager }))).toBe('accepted');
    expect(reasonOf({}, withZoe({ ...nothing, sns: 'zoe' }))).toBe('accepted');
  });
});
