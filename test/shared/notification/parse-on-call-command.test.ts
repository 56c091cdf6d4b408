import { describe, expect, it } from 'vitest';
import { parseSlackCommand } from '#shared/notification/parse-slack-command.ts';
import type { Moment } from '#shared/on-call/moment.ts';

const wishOf = (text: string) => {
  const command = parseSlackCommand(text);
  return command.kind === 'on-call' ? command.wish : command;
};
const local = (minute: number, day: Extract<Moment, { kind: 'local' }>['day'] = null): Moment => ({
  kind: 'local',
  day,
  minute,
});
const now: Moment = { kind: 'now' };
const override = (from: Moment, end: object, reason = '', person: object = { kind: 'name', name: 'carol' }) => ({
  kind: 'override',
  schedule: 'primary',
  person,
  period: { from, end },
  reason,
});
const evening = { to: local(22 * 60) };

describe('a command about schedules', () => {
  it.for([
    ['on-call', { kind: 'on-call', schedule: null }],
    ['oncall primary', { kind: 'on-call', schedule: 'primary' }],
    ['override', { kind: 'overrides' }],
    ['overrides', { kind: 'overrides' }],
    ['override list', { kind: 'overrides' }],
    ['override cancel 0123456789', { kind: 'cancel override', id: '0123456789' }],
    ['override cancel 0123456789-2', { kind: 'cancel override', id: '0123456789-2' }],
    ['override cancel mine', { kind: 'cancel override', id: 'mine' }],
    ['override primary carol 18:00 to 22:00', override(local(18 * 60), evening)],
    ['override primary carol 18:00-22:00', override(local(18 * 60), evening)],
    ['override primary carol from 8:00 until 22:00 dentist, again', override(local(480), evening, 'dentist, again')],
    ['override primary me for 2h', override(now, { seconds: 7_200 }, '', { kind: 'me' })],
    [
      'override primary <@U123|dora> for 2H',
      override(now, { seconds: 7_200 }, '', { kind: 'mention', userId: 'U123' }),
    ],
    ['override primary @carol until 24:00', override(now, { to: local(1_440) })],
    ['override primary carol now to 22:00', override(now, evening)],
    [
      'override primary carol tomorrow 18:00 for 90m',
      override(local(18 * 60, { kind: 'from today', days: 1 }), { seconds: 5_400 }),
    ],
    [
      'override primary carol fri 18:00 to monday 09:00',
      override(local(18 * 60, { kind: 'weekday', weekday: 5 }), {
        to: local(540, { kind: 'weekday', weekday: 1 }),
      }),
    ],
    [
      'override primary carol 2026-12-24T18:00 to 2026-12-25 09:00 Christmas',
      override(
        local(18 * 60, { kind: 'date', date: '2026-12-24' }),
        { to: local(540, { kind: 'date', date: '2026-12-25' }) },
        'Christmas',
      ),
    ],
    [
      'override primary carol 2026-10-25T02:30+02:00 to 2026-10-25T03:00:00Z',
      override(
        { kind: 'instant', at: '2026-10-25T00:30:00.000Z' },
        { to: { kind: 'instant', at: '2026-10-25T03:00:00.000Z' } },
      ),
    ],
    [
      'swap primary alice and bob',
      {
        kind: 'swap',
        schedule: 'primary',
        people: [
          { kind: 'name', name: 'alice' },
          { kind: 'name', name: 'bob' },
        ],
        from: now,
        isRunningToo: false,
      },
    ],
    [
      'swap primary me bob from monday 09:00',
      {
        kind: 'swap',
        schedule: 'primary',
        people: [{ kind: 'me' }, { kind: 'name', name: 'bob' }],
        from: local(540, { kind: 'weekday', weekday: 1 }),
        isRunningToo: false,
      },
    ],
    [
      'swap primary me bob at now',
      {
        kind: 'swap',
        schedule: 'primary',
        people: [{ kind: 'me' }, { kind: 'name', name: 'bob' }],
        from: now,
        isRunningToo: true,
      },
    ],
  ] as const)('%s is read', ([text, wish]) => {
    expect(wishOf(text)).toEqual(wish);
  });

  it.for([
    ['on-call primary backup', 'on-call cannot be read'],
    ['override primary', 'override cannot be read'],
    ['override primary carol', 'override cannot be read'],
    ['override primary carol tonight', 'override cannot be read'],
    ['override primary carol 18:00', 'override cannot be read'],
    ['override primary carol 25:00 to 26:00', 'override cannot be read'],
    ['override primary carol 18:61 to 19:00', 'override cannot be read'],
    ['override primary carol for 2 hours', 'override cannot be read'],
    ['override primary carol 2026-02-30T10:00 to 12:00', 'override cannot be read'],
    ['override primary carol 2026-12-24 to 2026-12-25', 'override cannot be read'],
    ['override primary carol 9999-12-31T23:00 to 24:00', 'override cannot be read'],
    ['swap primary alice', 'swap cannot be read'],
    ['swap primary alice bob tomorrow', 'swap cannot be read'],
    ['swap primary alice bob from tomorrow', 'swap cannot be read'],
    ['swap primary alice bob from 09:00 please', 'swap cannot be read'],
  ] as const)('%s is answered with how to write it', ([text, kind]) => {
    expect(wishOf(text)).toEqual({ kind: 'help', problem: { kind } });
  });
});
