import type { Actor } from '#shared/incident/incident.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Schedule } from '#shared/on-call/schedule.ts';

export const carol: Actor = { kind: 'person', id: 'U0CAROL', name: 'carol' };

/** Alice and bob take turns of a day, from 09:00 in Berlin; on 2 March 2026 it is alice. */
export const aSchedule = (override: Partial<Schedule> = {}): Schedule => ({
  name: 'primary',
  timeZone: 'Europe/Berlin',
  layers: [
    {
      name: 'day by day',
      members: ['alice', 'bob'],
      shiftMinutes: 1_440,
      start: '2026-03-02T09:00',
      end: null,
      restrictions: [],
    },
  ],
  handOffChannel: null,
  ...override,
});

export const anOverride = (override: Partial<Override> = {}): Override => ({
  schema: 1,
  version: 1,
  id: 'override-1',
  schedule: 'primary',
  person: 'carol',
  replaces: null,
  startsAt: '2026-03-02T18:00:00.000Z',
  endsAt: '2026-03-02T22:00:00.000Z',
  reason: '',
  createdBy: carol,
  createdAt: '2026-03-02T08:00:00.000Z',
  swapId: null,
  cancelledAt: null,
  cancelledBy: null,
  ...override,
});
