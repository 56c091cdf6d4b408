import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import {
  type CoverageInput,
  type CoverageRecord,
  decideCoverage,
  toldCoverage,
} from '#shared/on-call/coverage-look.ts';
import { gapAnnotations } from '#shared/on-call/gap-alert.ts';
import { aLayer, anOverride, aSchedule, at } from './schedule-builders.ts';

const web = aSchedule([aLayer()]);
/** The last turn ends on 12 January at 09:00. */
const ending = aSchedule([aLayer({ end: '2026-01-12T09:00' })]);
const now = at('01-01T12:00');
const day = 86_400;

const look = (before: CoverageRecord | null, given: Partial<CoverageInput> = {}) =>
  decideCoverage(before, { name: 'web', schedule: web, overrides: [], policy: { hash: 'p1' }, now, ...given });
const recordOf = (...given: Parameters<typeof look>): CoverageRecord => {
  const decision = look(...given);
  if (decision.outcome !== 'accepted') throw new Error(decision.reason);
  return decision.after;
};
const notDue = { outcome: 'unchanged', reason: 'not due' };

describe('the daily look at a schedule', () => {
  const calm = recordOf(null);
  const gap = recordOf(null, { schedule: ending });

  it('finds nothing to tell where somebody is on call for two weeks', () => {
    expect(calm).toEqual({
      schema: 1,
      version: 1,
      schedule: 'web',
      lookedAt: now,
      policyHash: 'p1',
      gap: null,
      alert: 'none',
      toldAt: now,
    });
  });

  it('comes once a day, and at once under another policy file', () => {
    expect(look(calm, { now: addSeconds(now, day - 1) })).toEqual(notDue);
    expect(look(calm, { now: addSeconds(now, day) })).toMatchObject({ outcome: 'accepted' });
    expect(look(calm, { policy: { hash: 'p2' } })).toMatchObject({ outcome: 'accepted' });
  });

  it('tells the first gap, also one whose end it does not see', () => {
    expect(gap).toMatchObject({
      gap: { startsAt: at('01-12T09:00'), endsAt: null },
      alert: 'firing',
      toldAt: null,
    });
    expect(gapAnnotations(ending, { startsAt: at('01-12T09:00'), endsAt: null })).toEqual({
      summary: 'Nobody is on call in schedule web from 2026-01-12 09:00',
      description:
        'From 2026-01-12 09:00 for as far as can be seen (UTC), which is from 2026-01-12T09:00:00.000Z on, pages to this ' +
        'schedule would go to the next step or to the fallback. Have somebody take the time by an override, or add a layer to ' +
        'the policy file; this ends by itself within an hour.',
    });
  });

  it('tells it in local time and in UTC', () => {
    const berlin = { ...ending, timeZone: 'Europe/Berlin' };
    const { description } = gapAnnotations(berlin, { startsAt: at('03-29T00:30'), endsAt: at('03-29T01:00') });
    expect(description).toContain(
      'From 2026-03-29 01:30 to 2026-03-29 03:00 (Europe/Berlin), which is from 2026-03-29T00:30:00.000Z to 2026-03-29T01:00:00.000Z,',
    );
  });

  it('does not see beyond two weeks', () => {
    const later = aSchedule([aLayer({ end: '2026-01-15T12:00' })]);
    expect(recordOf(null, { schedule: later }).gap).toBeNull();
    expect(recordOf(null, { schedule: later, now: addSeconds(now, 60) }).gap).not.toBeNull();
  });

  it('is told again until it was told, and looked at every hour while it lasts', () => {
    expect(recordOf(gap, { schedule: ending, now: addSeconds(now, 60) })).toMatchObject({
      alert: 'firing',
      toldAt: null,
    });
    const told = toldCoverage(gap, now);
    expect(look(told, { schedule: ending, now: addSeconds(now, 3_599) })).toEqual(notDue);
    expect(recordOf(told, { schedule: ending, now: addSeconds(now, 3_600) })).toMatchObject({ toldAt: null });
  });

  it('ends when the gap is filled by an override, and says so once', () => {
    const told = toldCoverage(gap, now);
    const filled = [anOverride({ startsAt: at('01-12T09:00'), endsAt: at('02-12T09:00') })];
    const ended = recordOf(told, { schedule: ending, overrides: filled, now: addSeconds(now, 3_600) });
    expect(ended).toMatchObject({ gap: null, alert: 'ending', toldAt: null });
    expect(toldCoverage(ended, now)).toMatchObject({ alert: 'none', toldAt: now });
  });

  it('ends when the schedule is gone or nobody uses it any more, and then leaves it alone', () => {
    const ended = recordOf(toldCoverage(gap, now), { schedule: null });
    expect(ended).toMatchObject({ gap: null, alert: 'ending', toldAt: null });
    const unchanged = { outcome: 'unchanged', reason: 'nothing changed' };
    expect(look(toldCoverage(ended, now), { schedule: null, now: addSeconds(now, 2 * day) })).toEqual(unchanged);
    expect(look(null, { schedule: null })).toEqual(unchanged);
  });
});
