import { setTimeout as wait } from 'node:timers/promises';
import { fromEpochMillis } from '../kernel/instant.ts';
import type { Clock } from './ports.ts';

/** The wall clock: the only place, with ids.ts, that reads it. */
export const systemClock: Clock = {
  now: () => fromEpochMillis(Date.now()),
  sleep: async (millis) => {
    await wait(millis);
  },
};
