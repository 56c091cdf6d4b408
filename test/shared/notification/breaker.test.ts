import { describe, expect, it } from 'vitest';
import { defaultSeverities } from '#shared/config/defaults.ts';
import { addMillis, type Instant } from '#shared/kernel/instant.ts';
import { admitCall, afterFailure, afterSuccess, type Breaker, closedBreaker } from '#shared/notification/breaker.ts';

const now: Instant = '2026-03-02T10:00:00.000Z';
const failTimes = (times: number, from: Breaker): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((breaker) => afterFailure(breaker, now), from);

describe('the circuit breaker of a vendor', () => {
  it('lets calls through while fewer than five failed in a row', () => {
    const breaker = failTimes(4, closedBreaker);

    expect(breaker).toEqual({ state: 'closed', failures: 4 });
    expect(admitCall(breaker, now)).toEqual({ admission: 'pass' });
  });

  it('opens for 30 seconds at the fifth failure in a row', () => {
    const breaker = failTimes(5, closedBreaker);

    expect(breaker).toEqual({ state: 'open', openings: 1, until: '2026-03-02T10:00:30.000Z' });
    expect(admitCall(breaker, now)).toEqual({ admission: 'wait', millis: 30_000 });
    expect(admitCall(breaker, '2026-03-02T10:00:29.999Z')).toEqual({ admission: 'wait', millis: 1 });
  });

  it('counts failures in a row only: an answer between them starts again', () => {
    expect(afterFailure(afterSuccess(), now)).toEqual({ state: 'closed', failures: 1 });
  });

  it('lets exactly one probe through when its time is over, the end included', () => {
    const until = '2026-03-02T10:00:30.000Z';
    const first = admitCall({ state: 'open', openings: 1, until }, until);

    expect(first).toEqual({
      admission: 'probe',
      next: { state: 'half-open', openings: 1, probeUntil: '2026-03-02T10:01:05.000Z' },
    });
    if (first.admission !== 'probe') return;
    expect(admitCall(first.next, until)).toEqual({ admission: 'wait', millis: 35_000 });
  });

  it('lets another probe through when the first never came back', () => {
    const crashed: Breaker = { state: 'half-open', openings: 1, probeUntil: now };

    expect(admitCall(crashed, now)).toEqual({
      admission: 'probe',
      next: { state: 'half-open', openings: 1, probeUntil: addMillis(now, 35_000) },
    });
  });

  it('stays open longer after a failed probe, but never as long as a page has', () => {
    const waits = [1, 2, 3].map((openings) => afterFailure({ state: 'half-open', openings, probeUntil: now }, now));

    expect(waits).toEqual([
      { state: 'open', openings: 2, until: addMillis(now, 45_000) },
      { state: 'open', openings: 3, until: addMillis(now, 45_000) },
      { state: 'open', openings: 4, until: addMillis(now, 45_000) },
    ]);
    expect(45).toBeLessThan(defaultSeverities.SEV1.pageDeadlineSeconds);
  });

  it('is not moved by the late failure of a call that began before it opened', () => {
    const open: Breaker = { state: 'open', openings: 1, until: addMillis(now, 30_000) };

    expect(afterFailure(open, addMillis(now, 8_000))).toBe(open);
  });
});
