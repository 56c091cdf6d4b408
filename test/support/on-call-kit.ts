import type { Person, Policy } from '#shared/config/policy.ts';
import type { Actor } from '#shared/incident/incident.ts';
import type { Override } from '#shared/on-call/override.ts';
import type { Schedule } from '#shared/on-call/schedule.ts';
import { aPolicy } from './decision-builders.ts';

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

const person = (name: string): Person => ({ name, slackUserId: `U${name.toUpperCase()}`, sns: null });

/** `primary` of alice and bob by days in Berlin, and `backup` that is always dora. Carol is in no rotation. */
export const onCallPolicy = (override: Partial<Policy> = {}): Policy =>
  aPolicy({
    people: { alice: person('alice'), bob: person('bob'), carol: person('carol'), dora: person('dora') },
    schedules: {
      primary: aSchedule(),
      backup: aSchedule({
        name: 'backup',
        timeZone: 'UTC',
        layers: [
          {
            name: 'always',
            members: ['dora'],
            shiftMinutes: 10_080,
            start: '2026-01-05T00:00',
            end: null,
            restrictions: [],
          },
        ],
      }),
    },
    ...override,
  });
