import type { AlertId } from '../alert/alert.ts';
import type { Actor, AlertSummary, PinnedPolicy, PublicStatus, ResolveReason } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import type { OwedPage, PageCancelReason, PageFallbackReason, PageTarget } from '../notification/page.ts';

/**
 * The timeline: facts in the past tense, only ever added. The stored string equals the type name. Each event holds what
 * `evolve` needs, so that the timeline folds to the stored state.
 */
export type IncidentEvent =
  | {
      readonly type: 'IncidentTriggered';
      readonly number: number;
      readonly incidentKey: string;
      readonly title: string;
      readonly severity: Severity;
      readonly source: string;
      readonly service: string | null;
      readonly owner: string | null;
      readonly routePath: string;
      readonly slackChannelId: string | null;
      readonly pinned: PinnedPolicy;
    }
  /** Members that began to fire: joined, re-fired, or came back from a suppression. */
  | {
      readonly type: 'AlertsJoined';
      readonly count: number;
      readonly fresh: number;
      readonly sample: readonly AlertSummary[];
      /** What held them back until now, in words: `silence 01JS by alice, ended by bob`. Absent: nothing, or earlier code. */
      readonly released?: readonly string[];
    }
  /** Of one source: two can send alerts of equal labels, and so of equal fingerprints. Absent: written by earlier code. */
  | {
      readonly type: 'AlertsResolved';
      readonly count: number;
      readonly source?: string;
      readonly fingerprints: readonly string[];
      readonly wentQuiet: boolean;
    }
  | {
      readonly type: 'AlertsSuppressed';
      readonly count: number;
      readonly source?: string;
      readonly fingerprints: readonly string[];
      readonly silenceIds: readonly string[];
      /** Who made these silences. Absent: written by earlier code. */
      readonly silencedBy?: readonly string[];
      /** What is no silence, in words: `inhibition rule x by alert y`. Absent: nothing, or written by earlier code. */
      readonly otherwiseBy?: readonly string[];
    }
  /** Alerts that toggle too often: they hold the incident open, and their changes page nobody until they are calm. */
  | {
      readonly type: 'FlappingBegan';
      readonly since: Instant;
      /** Changes of status since then, of all of them. */
      readonly transitions: number;
      readonly alerts: readonly AlertId[];
    }
  | {
      readonly type: 'FlappingEnded';
      readonly cause: 'calm' | 'suppressed';
      readonly transitions: number;
      readonly alerts: readonly AlertId[];
    }
  /** A step of the escalation policy ran: pages are owed from here on. */
  | {
      readonly type: 'IncidentEscalated';
      readonly step: number;
      readonly round: number;
      readonly cause: 'timer' | 'manual' | 'deadline';
      readonly by: Actor;
      readonly pages: readonly OwedPage[];
      /** Slack channels that get the incident without a mention. */
      readonly informedChannels: readonly string[];
      /** Targets of the step that got no page, and why. */
      readonly skipped: readonly SkippedTarget[];
      readonly why: string;
    }
  /** The next thing due; always written when `dueAt` changes. A new part starts a new timer; the same part goes on waiting. */
  | {
      readonly type: 'TimerSet';
      readonly dueAt: Instant | null;
      readonly part: number;
      /** A deadline or a reminder that comes before `dueAt`, so that the timer waits for it. Absent: none does. */
      readonly reminderAt?: Instant;
    }
  | {
      readonly type: 'IncidentAcknowledged';
      readonly by: Actor;
      readonly expiresAt: Instant | null;
      /** It was acknowledged before, and lasts longer with this. Absent: it was not. */
      readonly renews?: true;
    }
  /** Said before it does, so that it can be renewed. */
  | { readonly type: 'AcknowledgementExpiring'; readonly expiresAt: Instant; readonly acknowledgedBy: Actor | null }
  /** Nobody acknowledged, or resolved, within the time of the severity. */
  | {
      readonly type: 'DeadlineMissed';
      readonly deadline: 'acknowledge' | 'resolve';
      readonly withinSeconds: number;
      /** False: people are only reminded. */
      readonly pages: boolean;
    }
  /** Neither a note nor a public update came for so long. */
  | { readonly type: 'UpdateDue'; readonly everySeconds: number; readonly acknowledgedBy: Actor | null }
  /** A person took today's policy file for an open incident. */
  | {
      readonly type: 'PolicyMoved';
      /** Hashes of the policy files. */
      readonly from: string;
      readonly to: string;
      readonly by: Actor;
      readonly pinned: PinnedPolicy;
      /** In words: what is another than it was. */
      readonly changes: readonly string[];
    }
  | { readonly type: 'AcknowledgementExpired' }
  | {
      readonly type: 'SeverityChanged';
      readonly from: Severity;
      readonly to: Severity;
      readonly by: Actor;
      readonly pinned: PinnedPolicy;
    }
  /** A new generation: triggered again, latch cleared, escalation from step 1 (from the next step when a person escalated). */
  | {
      readonly type: 'GenerationStarted';
      readonly generation: number;
      readonly cause: GenerationCause;
      /** Re-opened by alerts that it told before, so that cooldowns of people count. Absent: they do not. */
      readonly toldBefore?: true;
    }
  | {
      readonly type: 'IncidentReopened';
      readonly cause: 'alert fired again' | 'hold ended';
      readonly flapping: boolean;
      /** The cooldown of the route, which holds the next page back until then. Absent: it does not. */
      readonly cooldownUntil?: Instant;
    }
  | {
      readonly type: 'IncidentResolved';
      readonly by: Actor;
      readonly reason: ResolveReason;
      readonly stillFiring: number;
      readonly heldUntil: Instant | null;
    }
  | { readonly type: 'IncidentClosed'; readonly by: Actor }
  | { readonly type: 'NoteAdded'; readonly by: Actor; readonly text: string }
  | { readonly type: 'StatusPublished'; readonly by: Actor; readonly status: PublicStatus; readonly text: string }
  | { readonly type: 'PostmortemDrafted'; readonly by: Actor }
  /** The policy's last resort: a page to the fallback for the incident as a whole, or for one page that found nobody. */
  | {
      readonly type: 'FallbackPaged';
      readonly reason: FallbackReason;
      readonly target: string | null;
      readonly step: number;
      readonly round: number;
    }
  | {
      readonly type: 'PageHandedOver';
      readonly step: number;
      readonly round: number;
      readonly target: string;
      readonly generation: number;
      readonly claimedAt: Instant;
    }
  | {
      readonly type: 'PageCancelled';
      readonly step: number;
      readonly round: number;
      readonly target: string;
      readonly generation: number;
      readonly reason: PageCancelReason;
    };

export type GenerationCause =
  | 'acknowledgement expired'
  | 'severity rose'
  | 're-opened'
  | 'escalated by a person'
  | 'resolve deadline passed';

/** `nobody on call`: the step found nobody to page. Until there were schedules that was told as `target is gone`. */
export type FallbackReason = PageFallbackReason | 'nobody acknowledged' | 'nobody on call';

export interface SkippedTarget {
  readonly target: PageTarget | null;
  /** The target as the policy names it, for people. */
  readonly named: string;
  readonly reason:
    | 'already triggered in this generation'
    | 'nobody in this role'
    | 'nobody on call'
    | 'quiet hours'
    | 'cooldown'
    | 'target is gone'
    | 'severity never pages'
    | 'too many pages';
  /** Such as `quiet outside working hours until ...`. Absent: the reason says all. */
  readonly detail?: string;
}

/** What became of one page: a commit of its own (with `part`), which does not change the incident's state or version. */
export type PageOutcomeEvent = Extract<IncidentEvent, { type: 'PageHandedOver' | 'PageCancelled' | 'FallbackPaged' }>;

/** One commit: all that one transaction decided for one incident. */
export interface Commit {
  readonly schema: 1;
  readonly incidentId: string;
  readonly incidentNumber: number;
  /** The incident's version after it; page outcomes carry the version that they saw. */
  readonly version: number;
  /** Distinguishes page-outcome commits at the same version; '' for state commits. */
  readonly part: string;
  readonly generation: number;
  readonly severity: Severity;
  readonly at: Instant;
  readonly events: readonly IncidentEvent[];
  readonly policyHash: string;
  readonly correlationId: string;
  /** The command that caused it, if a person's. */
  readonly commandId: string | null;
}
