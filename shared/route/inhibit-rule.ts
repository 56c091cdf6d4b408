import type { Matcher } from '../alert/matcher.ts';

/**
 * While an alert that the source matchers take fires, alerts that the target matchers take are suppressed, where the values of
 * all `equal` labels agree; a missing label equals "" (PROTOCOLS 4.4). Empty matcher lists take every alert.
 */
export interface InhibitRule {
  /** From the file, or its position: `inhibit_rules[0]`. Named by every suppressed alert. */
  readonly name: string;
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  readonly equal: readonly string[];
}
