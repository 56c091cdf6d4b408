import type { Instant } from '../kernel/instant.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule.ts';

/** Who is on call, and by which rule. */
export interface OnCall {
  readonly person: string;
  readonly by:
    | { readonly kind: 'layer'; readonly layer: string }
    | {
        readonly kind: 'override';
        readonly id: string;
        readonly madeBy: string;
        /** Who would be on call without it; null: nobody. */
        readonly replaced: string | null;
      };
}

/** A time in which one person, by one rule, or nobody is on call. Half-open. */
export interface Shift {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** Null: a gap. */
  readonly onCall: OnCall | null;
}

/**
 * Who is on call at an instant? The topmost layer that has somebody, then every override that counts then, in the order in
 * which they were made, so that the later made wins; null: nobody.
 */
export function onCallAt(_schedule: Schedule, _overrides: readonly Override[], _at: Instant): OnCall | null {
  throw new Error('built by the next commit');
}

/** The shifts and gaps from one instant to before another: without a hole, in order, equal neighbours are one. */
export function shiftsBetween(
  _schedule: Schedule,
  _overrides: readonly Override[],
  _from: Instant,
  _to: Instant,
): readonly Shift[] {
  throw new Error('built by the next commit');
}
