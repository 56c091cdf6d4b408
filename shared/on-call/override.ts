import type { Actor } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';

/** Somebody takes over a schedule for a time, made while Tocsin runs. Of two that overlap the later made wins. */
export interface Override {
  readonly schema: 1;
  readonly version: number;
  readonly id: string;
  readonly schedule: string;
  /** Who is on call instead. */
  readonly person: string;
  /** Counts only while this person would be on call; null: whoever would be. */
  readonly replaces: string | null;
  /** Half-open. */
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly reason: string;
  readonly createdBy: Actor;
  readonly createdAt: Instant;
  /** The two overrides of a swap of shifts share this; null: it is none. */
  readonly swapId: string | null;
  /** From here on it does not count; null: nobody has cancelled it. */
  readonly cancelledAt: Instant | null;
  readonly cancelledBy: Actor | null;
}
