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

/** As Alertmanager: `silenced=false` leaves out what a silence holds, whatever else holds it too. */
export const takesStatus = (filter: AlertFilter, status: AlertStatusView): boolean =>
  (filter.active || status.state !== 'active') &&
  (filter.unprocessed || status.state !== 'unprocessed') &&
  (filter.silenced || status.silencedBy.length === 0) &&
  (filter.inhibited || status.inhibitedBy.length === 0) &&
  (filter.muted || status.mutedBy.length === 0);
