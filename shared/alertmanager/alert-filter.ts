import type { Labels } from '../alert/labels.ts';
import { type CompiledMatcher, matchesAll } from '../alert/matcher.ts';
import type { AlertStatusView } from './alert-status.ts';

/** What GET /alerts and GET /alerts/groups were asked for. */
export interface AlertFilter {
  readonly active: boolean;
  readonly silenced: boolean;
  readonly inhibited: boolean;
  readonly unprocessed: boolean;
  readonly muted: boolean;
  /** ANDed. */
  readonly matchers: readonly CompiledMatcher[];
  /** Accepts the name of a receiver; null: every one. */
  readonly receiver: CompiledMatcher | null;
  /** About labels of receivers, which ours do not have: each reads as "". */
  readonly receiverMatchers: readonly CompiledMatcher[];
}

export const takesLabels = ({ matchers }: AlertFilter, labels: Labels): boolean => matchesAll(matchers, labels);

export const takesReceiver = ({ receiver, receiverMatchers }: AlertFilter, name: string): boolean =>
  (receiver === null || receiver.accepts(name)) && matchesAll(receiverMatchers, {});

/**
 * As Alertmanager: `silenced=false` leaves out what a silence holds, whatever else holds it too. What only a time interval holds
 * back counts as active there, so `active=false` leaves it out as well.
 */
export function takesStatus(
  filter: AlertFilter,
  { state, silencedBy, inhibitedBy, mutedBy }: AlertStatusView,
): boolean {
  const isOnlyMuted = mutedBy.length > 0 && silencedBy.length + inhibitedBy.length === 0;
  return (
    (filter.active || (state !== 'active' && !isOnlyMuted)) &&
    (filter.unprocessed || state !== 'unprocessed') &&
    (filter.silenced || silencedBy.length === 0) &&
    (filter.inhibited || inhibitedBy.length === 0) &&
    (filter.muted || mutedBy.length === 0)
  );
}
