import { describe, expect, it } from 'vitest';
import type { OverrideContext } from '#shared/on-call/check-override.ts';
import { shiftsBetween } from '#shared/on-call/on-call.ts';
import { planSwap } from '#shared/on-call/plan-swap.ts';
import { aLayer, anOverride, aPerson, aRestriction, aSchedule, at, show } from './schedule-builders.ts';

const night = aLayer({ name: 'night', members: ['nia'], restrictions: [aRestriction()] });
const web = aSchedule([aLayer({ shiftMinutes: 7 * 1440 }), night]);
const database = { ...aSchedule([aLayer({ members: ['dan', 'eve'] })]), name: 'database' };
const people = Object.fromEntries(['ann', 'ben', 'cem', 'dan', 'eve', 'nia'].map((name) => [name, aPerson(name)]));
const context = (fields: Partial<OverrideContext> = {}): OverrideContext => ({
  policy: { schedules: { web, database }, people },
  overrides: [],
  now: at('01-01T10:00'),
  ...fields,
});
const shiftOf = (person: string, time: string, schedule = 'web') => ({ schedule, person, at: at(time) });

describe('a swap of shifts', () => {
  const plan = planSwap(shiftOf('ben', '01-08T09:00'), shiftOf('cem', '01-15T09:00'), context());

  it('gives each person the whole turn of the other', () => {
    expect(plan).toEqual({
      outcome: 'accepted',
      drafts: [
        { schedule: 'web', person: 'cem', replaces: 'ben', startsAt: at('01-08T09:00'), endsAt: at('01-15T09:00') },
        { schedule: 'web', person: 'ben', replaces: 'cem', startsAt: at('01-15T09:00'), endsAt: at('01-22T09:00') },
      ],
      covers: [],
    });
  });

  it('leaves the nights of another layer to whom they belong', () => {
    const drafts = plan.outcome === 'accepted' ? plan.drafts : [];
    const overrides = drafts.map((draft, index) => anOverride({ ...draft, id: `half-${index}`, swapId: 'swap' }));
    const shifts = shiftsBetween(web, overrides, at('01-14T12:00'), at('01-16T12:00'));
    expect(show(shifts)).toEqual([
      '01-14T12:00 cem',
      '01-14T20:00 nia',
      '01-15T08:00 cem',
      '01-15T09:00 ben',
      '01-15T20:00 nia',
      '01-16T08:00 ben',
    ]);
  });

  it('does not swap back where the turns of two layers lie over each other', () => {
    const crossed = planSwap(shiftOf('ben', '01-08T09:00'), shiftOf('nia', '01-09T20:00'), context());
    const drafts = crossed.outcome === 'accepted' ? crossed.drafts : [];
    const overrides = drafts.map((draft, index) => anOverride({ ...draft, id: `half-${index}`, swapId: 'swap' }));
    expect(show(shiftsBetween(web, overrides, at('01-08T12:00'), at('01-11T12:00')))).toEqual([
      '01-08T12:00 nia',
      '01-08T20:00 nia',
      '01-09T08:00 nia',
      '01-09T20:00 ben',
      '01-10T08:00 nia',
      '01-10T20:00 nia',
      '01-11T08:00 nia',
    ]);
  });

  it('finds the shift that begins in the day after the time that is named', () => {
    expect(planSwap(shiftOf('ben', '01-08T00:00'), shiftOf('cem', '01-14T21:00'), context())).toEqual(plan);
  });

  it('of a shift that runs takes what is left of it', () => {
    const now = at('01-09T12:00');
    const running = planSwap(shiftOf('ben', '01-08T09:00'), shiftOf('cem', '01-15T09:00'), context({ now }));
    expect(running).toMatchObject({ drafts: [{ person: 'cem', startsAt: now, endsAt: at('01-15T09:00') }, {}] });
  });

  it('is possible between two schedules', () => {
    expect(planSwap(shiftOf('ben', '01-08T09:00'), shiftOf('eve', '01-12T09:00', 'database'), context())).toMatchObject(
      {
        drafts: [
          { schedule: 'web', person: 'eve', replaces: 'ben' },
          {
            schedule: 'database',
            person: 'ben',
            replaces: 'eve',
            startsAt: at('01-12T09:00'),
            endsAt: at('01-13T09:00'),
          },
        ],
      },
    );
  });

  it('of what an override gave a person takes the time of the override, and says that it covers it', () => {
    const taken = anOverride({ id: 'taken', person: 'dan', startsAt: at('01-10T09:00'), endsAt: at('01-11T09:00') });
    const given = context({ overrides: [taken] });
    const swap = planSwap(shiftOf('dan', '01-10T12:00'), shiftOf('cem', '01-15T09:00'), given);
    expect(swap).toMatchObject({
      drafts: [{ person: 'cem', replaces: 'dan', startsAt: at('01-10T09:00'), endsAt: at('01-11T09:00') }, {}],
      covers: [taken],
    });
  });

  it.each([
    ['no such shift', shiftOf('ann', '01-09T09:00'), shiftOf('cem', '01-15T09:00')],
    ['no such shift', shiftOf('ben', '01-08T09:00'), shiftOf('cem', '01-23T09:00')],
    ['no such shift', shiftOf('ben', '01-08T09:00', 'wbe'), shiftOf('cem', '01-15T09:00')],
    ['the same person', shiftOf('ben', '01-08T09:00'), shiftOf('ben', '01-29T09:00')],
    ['is over already', shiftOf('ann', '01-01T09:00'), shiftOf('cem', '01-15T09:00')],
  ])('is refused: %s', (reason, one, other) => {
    const now = at(reason === 'is over already' ? '01-08T09:00' : '01-01T10:00');
    expect(planSwap(one, other, context({ now }))).toMatchObject({ outcome: 'rejected', reason });
  });

  it('is refused when who takes over cannot be paged', () => {
    const { policy } = context();
    const mute = { ...people, cem: { ...aPerson('cem'), slackUserId: null } };
    const swap = planSwap(
      shiftOf('ben', '01-08T09:00'),
      shiftOf('cem', '01-15T09:00'),
      context({ policy: { ...policy, people: mute } }),
    );
    expect(swap).toMatchObject({ outcome: 'rejected', reason: 'cannot be paged' });
  });
});
