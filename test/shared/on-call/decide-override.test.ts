import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/kernel/instant.ts';
import { type ChangeContext, cancelOverride, makeOverride } from '#shared/on-call/decide-override.ts';
import { swapShifts } from '#shared/on-call/swap-shifts.ts';
import { noon } from '#test/support/decision-builders.ts';
import { anOverride, aSchedule, carol, onCallPolicy } from '#test/support/on-call-kit.ts';

const evening = { startsAt: '2026-03-02T18:00:00.000Z', endsAt: '2026-03-02T22:00:00.000Z' };
const draft = { schedule: 'primary', person: 'carol', replaces: null, ...evening };
const context = (override: Partial<ChangeContext> = {}): ChangeContext => ({
  policy: onCallPolicy(),
  overrides: [],
  now: noon,
  actor: carol,
  id: '0123456789',
  ...override,
});

describe('making an override', () => {
  it('keeps who made it, when and why', () => {
    expect(makeOverride(draft, ' dentist\n', context())).toEqual({
      outcome: 'accepted',
      overrides: [anOverride({ id: '0123456789', reason: 'dentist', createdAt: noon })],
      takes: [{ ...evening, onCall: { person: 'alice', by: { kind: 'layer', layer: 'day by day' } } }],
      covers: [],
    });
  });

  it('is later than every other one, even when the clock that made another runs ahead', () => {
    const ahead = anOverride({ id: 'ahead', createdAt: addSeconds(noon, 2) });
    const decision = makeOverride({ ...draft, person: 'bob' }, '', context({ overrides: [ahead] }));
    expect(decision).toMatchObject({
      outcome: 'accepted',
      overrides: [{ createdAt: addSeconds(noon, 2.001) }],
      covers: [ahead],
    });
  });

  it('is done once for one command, also when it is over or cancelled by then', () => {
    const made = anOverride({ id: '0123456789', startsAt: addSeconds(noon, -600), endsAt: addSeconds(noon, -60) });
    for (const before of [made, { ...made, cancelledAt: noon }]) {
      expect(makeOverride(draft, '', context({ overrides: [before] }))).toEqual({
        outcome: 'unchanged',
        reason: 'command repeated',
        overrides: [before],
      });
    }
  });

  it('is refused when so many are there that every step would read pages of them', () => {
    const overrides = Array.from({ length: 1_000 }, (_, index) => anOverride({ id: `${index}` }));
    expect(makeOverride(draft, '', context({ overrides }))).toMatchObject({ reason: 'too many overrides' });
    const [, ...fewer] = overrides;
    expect(makeOverride(draft, '', context({ overrides: fewer })).outcome).not.toBe('rejected');
    expect(makeOverride(draft, 'x'.repeat(501), context())).toMatchObject({ reason: 'reason is too long' });
  });
});

describe('cancelling an override', () => {
  it('ends it now and leaves what it did', () => {
    const running = anOverride({ startsAt: addSeconds(noon, -600) });
    expect(cancelOverride(running.id, context({ overrides: [running] }))).toEqual({
      outcome: 'accepted',
      overrides: [{ ...running, version: 2, cancelledAt: noon, cancelledBy: carol }],
      takes: [],
      covers: [],
    });
  });

  it('takes both halves of a swap by its own id, and what was cancelled only once', () => {
    const halves = [1, 2].map((half) => anOverride({ id: `swap-${half}`, swapId: 'swap' }));
    const both = cancelOverride('swap', context({ overrides: halves }));
    expect(both).toMatchObject({ outcome: 'accepted', overrides: [{ id: 'swap-1' }, { id: 'swap-2' }] });
    const again = cancelOverride('swap', context({ overrides: both.outcome === 'accepted' ? both.overrides : [] }));
    expect(again).toMatchObject({ outcome: 'unchanged', reason: 'cancelled already' });
  });

  it('is too late for one that is over', () => {
    const over = anOverride({ startsAt: addSeconds(noon, -600), endsAt: noon });
    expect(cancelOverride(over.id, context({ overrides: [over] }))).toMatchObject({ reason: 'no such override' });
  });
});

describe('a swap of the next shifts', () => {
  it('does not take the shift that runs for the next one, when its owner comes back to it', () => {
    const covered = anOverride({ startsAt: addSeconds(noon, -60), endsAt: addSeconds(noon, 600) });
    const swap = { schedule: aSchedule(), people: ['alice', 'bob'] as const, from: noon, isRunningToo: false };
    expect(swapShifts(swap, '', context({ overrides: [covered] }))).toMatchObject({
      outcome: 'accepted',
      overrides: [
        { person: 'bob', replaces: 'alice', startsAt: '2026-03-04T08:00:00.000Z', swapId: '0123456789' },
        { person: 'alice', replaces: 'bob', startsAt: '2026-03-03T08:00:00.000Z', swapId: '0123456789' },
      ],
    });
  });

  it('takes the shift that runs at an instant when it is told to', () => {
    const swap = { schedule: aSchedule(), people: ['bob', 'alice'] as const, from: noon, isRunningToo: true };
    expect(swapShifts(swap, '', context())).toMatchObject({
      overrides: [
        { person: 'alice', replaces: 'bob', startsAt: '2026-03-03T08:00:00.000Z', endsAt: '2026-03-04T08:00:00.000Z' },
        { person: 'bob', replaces: 'alice', startsAt: noon, endsAt: '2026-03-03T08:00:00.000Z' },
      ],
    });
  });
});
