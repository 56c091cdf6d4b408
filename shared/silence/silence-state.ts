import { type Instant, isWithin } from '../kernel/instant.ts';
import type { Silence, SilenceState } from './silence.ts';

/** The one place that says what a silence is at an instant: active from its start on, no longer at its end. */
export function silenceStateAt(silence: Pick<Silence, 'startsAt' | 'endsAt'>, now: Instant): SilenceState {
  if (now >= silence.endsAt) return 'expired';
  return isWithin(now, silence.startsAt, silence.endsAt) ? 'active' : 'pending';
}
