import type { Instant } from '../kernel/instant.ts';
import type { AlertId } from './alert.ts';

/** What waits for one incident key: posted alerts are told together (`group_wait`, `group_interval`). */
export interface GroupWait {
  readonly schema: 1;
  readonly version: number;
  readonly incidentKey: string;
  /** They are told from this instant on. */
  readonly until: Instant;
  /** Who waits, so that an incident is not told resolved while some of its group fire. At most `maxWaiting`. */
  readonly alerts: readonly AlertId[];
}

/** Alerts that wait for one key at most; what comes beyond is told at once: so many are news by themselves. */
export const maxWaiting = 100;
