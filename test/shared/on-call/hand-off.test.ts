import { describe, expect, it } from 'vitest';
import { decideShift, type ShiftRecord } from '#shared/on-call/hand-off.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Schedule } from '#shared/on-call/schedule.ts';
import { aLayer, anOverride, aSchedule, at } from './schedule-builders.ts';

/** Ann from 1 January 09:00 UTC, then ben, then cem, a day each. */
const web: Schedule = { ...aSchedule([aLayer()]), handOffChannel: 'ops' };
const byLayer = (person: string) => ({ person, by: { kind: 'layer', layer: 'primary' } }) as const;

const ann: ShiftRecord = {
  schema: 1,
  version: 4,
  schedule: 'web',
  onCall: byLayer('ann'),
  since: at('01-01T09:00'),
  from: null,
  removedAt: null,
};
const decide = (
  before: ShiftRecord | null,
  now: string,
  given: Partial<{ schedule: Schedule | null; overrides: readonly Override[] }> = {},
) => decideShift(before, given.schedule === undefined ? web : given.schedule, given.overrides ?? [], now);

describe('a change of shift', () => {
  it('is none while the same person is on call', () => {
    expect(decide(ann, at('01-02T08:59'))).toEqual({ outcome: 'unchanged', reason: 'nothing changed' });
  });

  it('is to be told as of its own instant, however late it is noticed', () => {
    expect(decide(ann, at('01-02T09:07'))).toEqual({
      outcome: 'accepted',
      after: {
        schema: 1,
        version: 5,
        schedule: 'web',
        onCall: byLayer('ben'),
        since: at('01-02T09:00'),
        from: { person: 'ann', since: at('01-01T09:00') },
        untold: true,
        removedAt: null,
      },
    });
  });

  it('is one change when several were missed', () => {
    expect(decide(ann, at('01-03T09:00'))).toMatchObject({
      after: { onCall: { person: 'cem' }, since: at('01-03T09:00'), from: { person: 'ann' } },
    });
  });

  it('comes by an override as well, and names who made it and whom it replaced', () => {
    const { after } = decide(ann, at('01-01T12:00'), {
      overrides: [anOverride({ startsAt: at('01-01T11:59'), endsAt: at('01-01T18:00') })],
    }) as { readonly after: ShiftRecord };
    expect([after.since, after.onCall]).toEqual([
      at('01-01T11:59'),
      { person: 'zoe', by: { kind: 'override', id: 'override-1', madeBy: 'Dora', replaced: 'ann' } },
    ]);
  });

  it('comes back when an override ends', () => {
    const overridden = { ...ann, onCall: byLayer('zoe'), since: at('01-01T12:00') };
    const ended = anOverride({ startsAt: at('01-01T12:00'), endsAt: at('01-01T18:00') });
    expect(decide(overridden, at('01-01T18:01'), { overrides: [ended] })).toMatchObject({
      after: { onCall: { person: 'ann' }, since: at('01-01T18:00'), from: { person: 'zoe', since: at('01-01T12:00') } },
    });
  });

  it('is none when the same person stays by another rule', () => {
    const own = anOverride({ person: 'ann', startsAt: at('01-01T12:00'), endsAt: at('01-01T18:00') });
    expect(decide(ann, at('01-01T13:00'), { overrides: [own] })).toMatchObject({ outcome: 'unchanged' });
  });

  it('is one when nobody is on call any more, and when somebody is again', () => {
    const gone = { ...web, layers: [aLayer({ end: '2026-01-02T09:00' })] };
    expect(decide(ann, at('01-02T09:00'), { schedule: gone })).toMatchObject({
      after: { onCall: null, since: at('01-02T09:00'), from: { person: 'ann' }, untold: true },
    });
    expect(decide({ ...ann, onCall: null }, at('01-01T12:00'))).toMatchObject({
      after: { onCall: { person: 'ann' }, from: { person: null }, untold: true },
    });
  });

  it('counts from when it is seen if an edit of the policy file caused it', () => {
    const edited = { ...web, layers: [aLayer({ members: ['zoe'] })] };
    expect(decide(ann, at('01-01T12:00'), { schedule: edited })).toMatchObject({
      after: { onCall: { person: 'zoe' }, since: at('01-01T12:00') },
    });
  });

  it('is kept and not told where no channel hears of it', () => {
    const { after } = decide(ann, at('01-02T09:00'), { schedule: { ...web, handOffChannel: null } }) as {
      readonly after: ShiftRecord;
    };
    expect([after.onCall?.person, after.untold]).toEqual(['ben', undefined]);
  });
});

describe('a schedule', () => {
  it('that is new has nobody who hands over: nothing is told', () => {
    expect(decide(null, at('01-01T12:00'))).toEqual({
      outcome: 'accepted',
      after: {
        schema: 1,
        version: 1,
        schedule: 'web',
        onCall: byLayer('ann'),
        since: at('01-01T09:00'),
        from: null,
        removedAt: null,
      },
    });
  });

  it('that left the policy file is remembered as gone once, and is new when it comes back', () => {
    const removed = decide({ ...ann, untold: true }, at('01-01T10:00'), { schedule: null });
    expect(removed).toEqual({ outcome: 'accepted', after: { ...ann, version: 5, removedAt: at('01-01T10:00') } });
    const gone = { ...ann, version: 5, removedAt: at('01-01T10:00') };
    expect(decide(gone, at('01-02T10:00'), { schedule: null })).toMatchObject({ outcome: 'unchanged' });
    expect(decide(gone, at('01-02T10:00'))).toMatchObject({ after: { version: 6, from: null, removedAt: null } });
  });
});
