import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInstant } from '#shared/kernel/instant.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { makeIds } from '#shared/runtime/ids.ts';

const idAt = (millis: number, byte = 0) =>
  makeIds({ nowMillis: () => millis, randomBytes: (count) => new Uint8Array(count).fill(byte) }).next();

describe('ids', () => {
  it('hold the time in ten letters and chance in sixteen', () => {
    expect(idAt(0)).toBe('00000000000000000000000000');
    expect(idAt(2 ** 48 - 1, 255)).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
    expect(idAt(Date.parse('2026-03-01T10:00:00.000Z'), 33)).toBe('01KJMDEB801111111111111111');
  });

  it('sort by the time of their making', () => {
    const millis = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(fc.property(millis, millis, (a, b) => a >= b || idAt(a, 255) < idAt(b, 0)));
  });

  it('are unique and of letters and digits', () => {
    const ids = makeIds();
    const made = Array.from({ length: 2000 }, () => ids.next());
    expect(new Set(made).size).toBe(2000);
    expect(made.filter((id) => !/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toEqual([]);
  });
});

const uuidAt = (millis: number, byte = 0) =>
  makeIds({ nowMillis: () => millis, randomBytes: (count) => new Uint8Array(count).fill(byte) }).uuid();

describe('ids of silences', () => {
  it('are UUIDs of version 7, which hold the time', () => {
    expect(uuidAt(0)).toBe('00000000-0000-7000-8000-000000000000');
    expect(uuidAt(2 ** 48 - 1, 255)).toBe('ffffffff-ffff-7fff-bfff-ffffffffffff');
    expect(uuidAt(Date.parse('2026-03-01T10:00:00.000Z'), 0x21)).toBe('019ca8d7-2d00-7121-a121-212121212121');
  });

  it('sort by the time of their making and are unique', () => {
    const millis = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(fc.property(millis, millis, (a, b) => a >= b || uuidAt(a, 255) < uuidAt(b, 0)));
    const ids = makeIds();
    expect(new Set(Array.from({ length: 2000 }, () => ids.uuid())).size).toBe(2000);
  });
});

describe('the wall clock', () => {
  it('tells instants that do not go back over a sleep', async () => {
    const before = systemClock.now();
    await systemClock.sleep(5);
    const after = systemClock.now();
    expect([isInstant(before), isInstant(after), after > before]).toEqual([true, true, true]);
  });
});
