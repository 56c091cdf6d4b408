import type { Matcher } from '../alert/matcher.ts';
import type { Instant } from '../kernel/instant.ts';

export type SilenceState = 'pending' | 'active' | 'expired';

/** A silence as stored. Its state is derived from an instant by `silenceStateAt`, never stored. */
export interface Silence {
  readonly schema: 1;
  readonly version: number;
  readonly id: string;
  /** ANDed. At least one, and not all may match the empty string (PROTOCOLS 2.3). */
  readonly matchers: readonly Matcher[];
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly createdBy: string;
  readonly comment: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}
