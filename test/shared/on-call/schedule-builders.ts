import type { Person } from '#shared/config/policy.ts';
import type { Actor } from '#shared/incident/incident.ts';
import type { Shift } from '#shared/on-call/on-call.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Layer, Restriction, Schedule } from '#shared/on-call/schedule.ts';

const dora: Actor = { kind: 'person', id: 'U1', name: 'Dora' };

/** Daily turns of ann, ben and cem, at 09:00. 1 January 2026 is a Thursday. */
export const aLayer = (fields: Partial<Layer> = {}): Layer => ({
  name: 'primary',
  members: ['ann', 'ben', 'cem'],
  shiftMinutes: 1440,
  start: '2026-01-01T09:00',
  end: null,
  restrictions: [],
  ...fields,
});

export const aSchedule = (layers: readonly Layer[], timeZone = 'UTC'): Schedule => ({
  name: 'web',
  timeZone,
  layers,
  handOffChannel: null,
});

/** Each day from 20:00 to 08:00. */
export const aRestriction = (fields: Partial<Restriction> = {}): Restriction => ({
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  dates: [],
  startMinute: 20 * 60,
  endMinute: 8 * 60,
  ...fields,
});

export const aPerson = (name: string): Person => ({ name, slackUserId: `U-${name}`, sns: null });

/** `at('01-02T09:00')`: UTC, in 2026. */
export const at = (time: string): string => `2026-${time}:00.000Z`;

export const anOverride = (fields: Partial<Override> = {}): Override => ({
  schema: 1,
  version: 1,
  id: 'override-1',
  schedule: 'web',
  person: 'zoe',
  replaces: null,
  startsAt: at('01-02T12:00'),
  endsAt: at('01-02T18:00'),
  reason: 'dentist',
  createdBy: dora,
  createdAt: at('01-01T10:00'),
  swapId: null,
  cancelledAt: null,
  cancelledBy: null,
  ...fields,
});

/** `01-01T09:00 ann`: when whose shift begins; a gap has nobody. */
export const show = (shifts: readonly Shift[]): string[] =>
  shifts.map(({ startsAt, onCall }) => `${startsAt.slice(5, 16)} ${onCall?.person ?? 'nobody'}`);
