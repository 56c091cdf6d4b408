import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMillis, fromEpochMillis, type Instant, toEpochMillis } from '#shared/kernel/instant.ts';
import {
  holdSlots,
  limitFor,
  postponeSeconds,
  type RateState,
  rateLimits,
  takeSlot,
  unusedRate,
} from '#shared/notification/rate-limit.ts';

const now: Instant = '2026-03-02T10:00:00.000Z';
const nowMillis = toEpochMillis(now);
const limit = { intervalMillis: 1_000, burst: 3 };

/** Takes as many slots as are granted at one instant. */
function drain(state: RateState, at: Instant): { readonly taken: number; readonly state: RateState } {
  let seen = state;
  for (let taken = 0; ; taken += 1) {
    const slot = takeSlot(seen, at, limit);
    if (slot.slot === 'wait') return { taken, state: seen };
    seen = slot.next;
  }
}

describe('the rate limit of a vendor', () => {
  it('grants a burst at once and then one slot an interval', () => {
    const first = drain(unusedRate, now);

    expect(first).toEqual({ taken: 3, state: { tatMillis: nowMillis + 3_000, heldUntilMillis: 0 } });
    expect(takeSlot(first.state, now, limit)).toEqual({ slot: 'wait', millis: 1_000 });
    expect(takeSlot(first.state, addMillis(now, 999), limit)).toEqual({ slot: 'wait', millis: 1 });
    expect(drain(first.state, addMillis(now, 1_000)).taken).toBe(1);
  });

  it('grants nothing to anybody while the vendor asked for silence', () => {
    const held = holdSlots(unusedRate, now, 30);

    expect(takeSlot(held, now, limit)).toEqual({ slot: 'wait', millis: 30_000 });
    expect(takeSlot(held, addMillis(now, 30_000), limit).slot).toBe('taken');
  });

  it('leaves room for a page however many updates went before', () => {
    const update = limitFor(rateLimits['slack post'], 'update');
    const afterUpdate = takeSlot(unusedRate, now, update);
    if (afterUpdate.slot !== 'taken') throw new Error('the first slot was refused');

    expect(takeSlot(afterUpdate.next, now, update)).toEqual({ slot: 'wait', millis: 1_000 });
    expect(takeSlot(afterUpdate.next, now, limitFor(rateLimits['slack post'], 'page')).slot).toBe('taken');
  });

  it('never grants PagerDuty more than 120 events in any 60 seconds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 200, maxLength: 400 }), (gaps) => {
        const granted: number[] = [];
        let state = unusedRate;
        let at = nowMillis;
        for (const gap of gaps) {
          at += gap % 7 === 0 ? gap : gap % 50;
          const slot = takeSlot(state, fromEpochMillis(at), rateLimits['pagerduty event']);
          if (slot.slot === 'wait') continue;
          state = slot.next;
          granted.push(at);
        }
        const busiest = Math.max(
          ...granted.map((from) => granted.filter((time) => time >= from && time < from + 60_000).length),
        );
        expect(busiest).toBeLessThanOrEqual(120);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a postponed message', () => {
  it('comes back no earlier than it was asked to, and spread over twice the time at each return', () => {
    expect(postponeSeconds(3_000, 0, 'update', 0)).toBe(3);
    expect(postponeSeconds(3_000, 3, 'update', 0.999)).toBe(11);
    expect(postponeSeconds(0, 0, 'page', 0)).toBe(1);
  });

  it('waits seconds when it is a page and at most two minutes more when it is an update', () => {
    expect(postponeSeconds(1_000, 50, 'page', 0.999)).toBe(6);
    expect(postponeSeconds(1_000, 50, 'update', 0.999)).toBe(121);
  });

  it('is never delayed by more than SQS can', () => {
    expect(postponeSeconds(3_600_000, 50, 'update', 0.5)).toBe(900);
  });
});
