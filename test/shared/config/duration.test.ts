import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '#shared/config/duration.ts';

describe('a duration', () => {
  it('is read as Prometheus reads it', () => {
    const texts = {
      '0s': 0,
      '30s': 30,
      '5m': 300,
      '4h': 14_400,
      '7d': 604_800,
      '1h30m': 5_400,
      '2w': 1_209_600,
      '1y': 31_536_000,
    };
    expect(Object.keys(texts).map(parseDuration)).toEqual(Object.values(texts));
  });

  it('is refused without a unit, out of order, twice, with a sign, a blank, a fraction or nothing in it', () => {
    const texts = ['', '5', 's', '30m1h', '1h1h', '-5m', '1 h', '1.5h', '5ms', '5M', ' 5m', '5m\n', '1e3s'];
    expect(texts.filter((text) => parseDuration(text) !== null)).toEqual([]);
  });

  it('is written so that it reads back as the same seconds', () => {
    expect([0, 60, 5_400, 86_400, 90_061].map(formatDuration)).toEqual(['0s', '1m', '1h30m', '1d', '1d1h1m1s']);
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 9 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});
