import type { AlertRecord } from '../alert/alert.ts';
import type { Instant } from '../kernel/instant.ts';
import { activeSilencesFor, type SilenceIndex } from '../silence/silence-index.ts';

/** Alertmanager's words for what holds an alert back. */
export interface AlertStatusView {
  readonly state: 'unprocessed' | 'active' | 'suppressed';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly mutedBy: readonly string[];
}

/**
 * The status of a firing alert at an instant. Silences are asked anew, as Alertmanager does: all that match are named, and a
 * silence shows from the moment when it is stored. What else holds the alert back is told as it was decided. An alert whose
 * group waits is active, one whose source is settling has not been judged yet.
 */
export function alertStatusAt(alert: AlertRecord, silences: SilenceIndex, now: Instant): AlertStatusView {
  const silencedBy = activeSilencesFor(silences, alert.labels, now, alert).map(({ id }) => id);
  const by = alert.suppressedBy;
  const inhibitedBy = by?.kind === 'inhibition' ? [by.inhibitor.fingerprint] : [];
  const mutedBy = by?.kind === 'interval' ? [by.interval] : [];
  const held = silencedBy.length + inhibitedBy.length + mutedBy.length > 0;
  const state = held ? 'suppressed' : by?.kind === 'settling' ? 'unprocessed' : 'active';
  return { state, silencedBy, inhibitedBy, mutedBy };
}
