import type { Matcher } from '../alert/matcher.ts';
import type { Severity } from '../incident/severity.ts';

/**
 * Something that must keep arriving: any request of a source, or an alert that always fires (Prometheus' Watchdog). It is late after
 * `everySeconds`, missing after `everySeconds + graceSeconds`, and recovered when it arrives again.
 */
export interface HeartbeatRule {
  readonly name: string;
  /** Key of `sources`. */
  readonly source: string;
  /** The alert that must keep arriving; empty: any request of the source counts. */
  readonly matchers: readonly Matcher[];
  readonly everySeconds: number;
  readonly graceSeconds: number;
  /** Null: being late is shown and tells nobody. */
  readonly lateSeverity: Severity | null;
  readonly missingSeverity: Severity;
  /** Team that is told; null: the root route's. */
  readonly owner: string | null;
}
