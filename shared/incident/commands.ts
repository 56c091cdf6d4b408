import type { AlertId } from '../alert/alert.ts';
import type { Suppression } from '../alert/suppression.ts';
import type { Policy } from '../config/policy.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { Override } from '../on-call/override.ts';
import type { RoutedAlert } from '../route/route.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { Actor, AlertSummary, PublicStatus } from './incident.ts';
import type { Severity } from './severity.ts';

/** Without a source it means the alert of that fingerprint from whichever source. */
interface LeavingAlert {
  readonly source?: string;
  readonly fingerprint: string;
}

export type FlappingChange = AlertId &
  (
    | { readonly change: 'began'; readonly since: Instant; readonly transitions: number }
    | { readonly change: 'ended'; readonly cause: 'calm' | 'suppressed'; readonly transitions: number }
  );

/** What alerts did to one incident, after silences and routing were judged: one batch of one message. */
export interface ApplyAlerts {
  readonly type: 'ApplyAlerts';
  /** How these alerts were routed (the most severe of the batch); null when nothing fires in the batch. */
  readonly routed: RoutedAlert | null;
  /** Began to fire: `fresh` for alerts never attached here before. */
  readonly joined: readonly { readonly summary: AlertSummary; readonly fresh: boolean; readonly released?: string }[];
  readonly resolved: readonly (LeavingAlert & { readonly wentQuiet: boolean })[];
  readonly suppressed: readonly (LeavingAlert & { readonly suppression: Suppression })[];
  /** Alerts that began to flap with this, or ceased to. Absent: none. */
  readonly flapping?: readonly FlappingChange[];
  /** `routed` is how an alert that is here already is routed now: a route of it was muted until now. Absent: not so. */
  readonly isRerouted?: boolean;
  /** Taken from the counter before an incident opens; unused when it exists. */
  readonly number: number;
}

export type IncidentCommand =
  | ApplyAlerts
  | {
      readonly type: 'AcknowledgeIncident';
      readonly seenSeverity: Severity | null;
      readonly seenGeneration: number | null;
    }
  | { readonly type: 'ResolveIncident'; readonly reason: 'by a person' | 'by PagerDuty' }
  | { readonly type: 'EscalateIncident' }
  /** From timer or sweep: do what is due. The expectation makes one of two racers win. */
  | {
      readonly type: 'AdvanceIncident';
      readonly generation: number;
      readonly timerPart: number | null;
      readonly dueAt: Instant | null;
      readonly startNewPart: boolean;
    }
  | { readonly type: 'ChangeSeverity'; readonly severity: Severity }
  | { readonly type: 'AddNote'; readonly text: string }
  | { readonly type: 'PublishStatus'; readonly status: PublicStatus; readonly text: string }
  | { readonly type: 'RecordPostmortem' }
  /** By a person, for an open incident: today's policy file. The hash of what they saw it compared with; null: nothing. */
  | { readonly type: 'MoveToPolicy'; readonly seenHash: string | null }
  /** By a person: the postmortem is done or not needed. */
  | { readonly type: 'CloseIncident' };

/** Everything a decision may look at beside command and state. No clock, no randomness: they are in here. */
export interface DecisionContext {
  readonly now: Instant;
  readonly actor: Actor;
  readonly policy: Policy;
  /** Those that have not ended, of every schedule. */
  readonly overrides: readonly Override[];
  /** Deduplicates a retried command of a person; null for machine commands, which carry their own expectation. */
  readonly commandId: string | null;
  /** Of one step, where one transaction holds several incidents with pages. Absent: the limit of pages of one step. */
  readonly pagesAtMost?: number | undefined;
}

export type UnchangedReason =
  | 'already acknowledged'
  | 'already resolved'
  | 'already closed'
  | 'command repeated'
  | 'nothing changed'
  | 'same severity'
  | 'not due yet'
  | 'timer is stale'
  | 'nothing is due';

export type RejectedReason =
  | 'no such incident'
  | 'incident is resolved'
  | 'incident is closed'
  | 'incident is not resolved'
  | 'alerts still fire'
  | 'severity has risen'
  | 'button is of an earlier generation'
  | 'no further step'
  | 'policy file has changed'
  | 'severity never pages'
  | 'text is empty';

export type IncidentDecision = Outcome<{ readonly events: readonly IncidentEvent[] }, UnchangedReason, RejectedReason>;
