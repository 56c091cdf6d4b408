import { describe, expect, it } from 'vitest';
import { silenceStateAt } from '#shared/silence/silence-state.ts';
import { one, silence, three, two } from './silence-builders.ts';

describe('the state of a silence is half-open', () => {
  it.each([
    ['2026-11-20T12:59:59.999Z', 'pending'],
    [one, 'active'],
    ['2026-11-20T13:59:59.999Z', 'active'],
    [two, 'expired'],
    [three, 'expired'],
  ])('at %s it is %s', (now, state) => {
    expect(silenceStateAt(silence(), now)).toBe(state);
  });

  it('and one without length was never active', () => {
    expect(silenceStateAt(silence({ startsAt: one, endsAt: one }), one)).toBe('expired');
  });
});
