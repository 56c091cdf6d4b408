import type { Incident } from '../incident/incident.ts';
import type { OwedPage } from '../notification/page.ts';
import type { SkippedTarget } from '../timeline/events.ts';
import type { Live } from './live-people.ts';

/** What decides whom a step tells. */
export interface StepInput extends Live {
  /** 1-based. */
  readonly step: number;
  readonly round: number;
  readonly cause: 'timer' | 'manual' | 'deadline';
  readonly incident: Pick<Incident, 'severity' | 'pinned' | 'escalation' | 'pagedPeople'>;
  /** Absent: the limit of pages of one step. */
  readonly pagesAtMost?: number | undefined;
}

/** Whom a step tells. */
export interface StepPlan {
  readonly pages: readonly OwedPage[];
  /** Slack channel ids that get the incident without a mention. */
  readonly informedChannels: readonly string[];
  readonly skipped: readonly SkippedTarget[];
  /** Page targets in whose place the fallback must be paged; null: none. */
  readonly unreachable: Unreachable | null;
}

export interface Unreachable {
  readonly named: readonly string[];
  /** `target is gone` when that is so for any of them. */
  readonly reason: 'target is gone' | 'nobody on call';
}

/** What a step does about one of its targets. */
export interface TargetPlan {
  readonly pages: readonly OwedPage[];
  readonly skipped: readonly SkippedTarget[];
  /** It was to interrupt somebody and does not; null: it does, or somebody knows already. */
  readonly missed: { readonly named: string; readonly gone: boolean } | null;
}
