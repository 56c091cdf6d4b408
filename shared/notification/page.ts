import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';

/** A vendor's pair of queues, pages and updates. */
export type Lane = 'slack' | 'pagerduty' | 'sns';

/** Whom one page interrupts. Names only: addresses are looked up when it is sent, because people are live. */
export type PageTarget =
  /** `contact`: through this SNS contact. Absent: a direct message, or on the SNS lane the person's own contact. */
  | { readonly kind: 'person'; readonly person: string; readonly lane: 'slack' | 'sns'; readonly contact?: string }
  /** Mentioned by name in a Slack channel. */
  | { readonly kind: 'person mention'; readonly person: string; readonly channelId: string }
  | { readonly kind: 'slack mention'; readonly channelId: string; readonly mention: 'here' | 'channel' }
  | { readonly kind: 'pagerduty'; readonly service: string }
  | { readonly kind: 'sns'; readonly contact: string };

/** Identity of a page: one row of the ledger. A page is a notification meant to interrupt a person. */
export interface PageId {
  readonly incidentId: string;
  readonly generation: number;
  /** 1-based step of the escalation policy. */
  readonly step: number;
  /** 1 for the first time that a step is paged in a generation, then 2, 3, ... for repeats. */
  readonly round: number;
  /** `targetKey(target)`. */
  readonly target: string;
}

/** A page as the decision owes it. */
export interface OwedPage {
  readonly step: number;
  readonly round: number;
  readonly target: PageTarget;
  readonly deadlineAt: Instant;
  /** Nobody sends it earlier: a later contact method of the person. Absent: at once. */
  readonly notBeforeAt?: Instant;
  /** Why this person, such as `layer nights of schedule platform`. Absent: the policy names the target itself. */
  readonly because?: string;
  /** Whom it is for, where the target does not say it: a PagerDuty service that is somebody's contact method. */
  readonly person?: string;
}

/** The person whom a page is for; null: nobody by name. */
export const personPaged = ({ target, person }: Pick<OwedPage, 'target' | 'person'>): string | null =>
  target.kind === 'person' || target.kind === 'person mention' ? target.person : (person ?? null);

export type PageCancelReason = 'acknowledged' | 'resolved' | 'superseded' | 'severity never pages';
export type PageFallbackReason = 'deadline passed' | 'dead-lettered' | 'target is gone';

/**
 * pending -> claimed (lease) -> handed over | unknown (-> claimed again) ; or cancelled ; or fallback.
 * `pending`, `claimed` and `unknown` all count as pending in: owed = handed over + cancelled + fallback + pending.
 */
export type PageState = 'pending' | 'claimed' | 'unknown' | 'handed over' | 'cancelled' | 'fallback';

/** One row of the page ledger, written by the transaction that decides it. */
export interface PageRow extends PageId {
  readonly schema: 1;
  readonly version: number;
  readonly state: PageState;
  readonly pageTarget: PageTarget;
  /** Whom it is for, where the target does not say it. */
  readonly person?: string;
  readonly lane: Lane;
  readonly severity: Severity;
  readonly incidentNumber: number;
  readonly owedAt: Instant;
  readonly deadlineAt: Instant;
  readonly notBeforeAt?: Instant;
  readonly claimedAt: Instant | null;
  /** Nobody else sends it before this instant. */
  readonly leaseUntil: Instant | null;
  /** Claims so far: above 0 means that it may have reached the vendor. */
  readonly attempts: number;
  readonly endedAt: Instant | null;
  readonly endReason: PageCancelReason | PageFallbackReason | null;
  /** The vendor's name for it: Slack `channel/ts`, PagerDuty dedup key, SNS message id. */
  readonly vendorRef: string | null;
  /** A sentence: rule, policy hash and inputs that decided it. */
  readonly why: string;
  readonly policyHash: string;
  readonly correlationId: string;
}

/**
 * Pages of one step at most. They are written by the transaction that decides them, and DynamoDB takes 100 items in one:
 * so many leave room for a second incident of the same alert, with its own pages.
 */
export const pagesPerStepLimit = 40;
export const pageLeaseSeconds = 30;
/** The vendor gets this long to answer; so a page can arrive at most this long after an acknowledgement. */
export const vendorTimeoutMillis = 8_000;

export const laneOf = (target: PageTarget): Lane => {
  switch (target.kind) {
    case 'person':
      return target.lane;
    case 'person mention':
    case 'slack mention':
      return 'slack';
    case 'pagerduty':
      return 'pagerduty';
    case 'sns':
      return 'sns';
  }
};

/**
 * Stable text of a target, part of the page's identity: `person:alice`, `person:alice:sns:alice-phone`, `mention:C123`,
 * `mention:C123:alice`, `pagerduty:web`, `sns:ops`.
 */
export const targetKey = (target: PageTarget): string => {
  switch (target.kind) {
    case 'person':
      return `person:${target.person}${target.contact === undefined ? '' : `:sns:${target.contact}`}`;
    case 'person mention':
      return `mention:${target.channelId}:${target.person}`;
    case 'slack mention':
      return `mention:${target.channelId}`;
    case 'pagerduty':
      return `pagerduty:${target.service}`;
    case 'sns':
      return `sns:${target.contact}`;
  }
};
