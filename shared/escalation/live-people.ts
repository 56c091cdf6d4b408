import type { Policy } from '../config/policy.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Override } from '../on-call/override.ts';

/** What is live of a policy: steps are pinned, the people, schedules and addresses behind them are not. */
export type LivePeople = Pick<
  Policy,
  'people' | 'teams' | 'schedules' | 'slackChannels' | 'pagerduty' | 'snsContacts' | 'workingHours' | 'timeIntervals'
>;

/** Everything that decides who is meant at an instant. A context of a decision is one. */
export interface Live {
  readonly policy: LivePeople;
  /** Of every schedule. */
  readonly overrides: readonly Override[];
  readonly now: Instant;
}
