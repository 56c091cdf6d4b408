import type { Labels } from '../alert/labels.ts';
import type { EscalationPolicy } from '../escalation/escalation-policy.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Severity } from './severity.ts';

export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved' | 'closed';

/** Who did something, and through which door. */
export interface Actor {
  readonly kind: 'person' | 'tocsin' | 'source' | 'pagerduty' | 'operator';
  /** Slack user id, operator name, source name; `tocsin` for timers. */
  readonly id: string;
  readonly name: string;
}

/** What an incident shows of one alert. */
export interface AlertSummary {
  readonly source: string;
  readonly fingerprint: string;
  readonly labels: Labels;
  /** Only summary, description, value, runbook_url, dashboard_url of the annotations; each shortened. */
  readonly annotations: Labels;
  readonly generatorURL: string;
  readonly startsAt: Instant;
}

/** Fixed at opening: a later policy file does not change a running incident (schedules and people stay live). */
export interface PinnedPolicy {
  readonly policyHash: string;
  /** Owners already replaced by their team; an owner that nobody is stays, and is skipped with that reason. */
  readonly escalation: EscalationPolicy;
  readonly pages: 'always' | 'working hours' | 'never';
  /** Steps that inform and page are two in `escalation`. Absent: where pages wait for working hours. */
  readonly splitsSteps?: boolean;
  readonly pageDeadlineSeconds: number;
  readonly acknowledgeWithinSeconds: number;
  readonly acknowledgementExpiresSeconds: number | null;
  /** Absent or null: no deadline. */
  readonly resolveWithinSeconds?: number | null;
  /** Absent: remind. */
  readonly missedDeadline?: 'remind' | 'page';
  /** Null: never. Absent: pinned by earlier code, which knew no deadlines and no reminders, so that it has none. */
  readonly updateEverySeconds?: number | null;
  readonly closesAfterSeconds: number | null;
  /** Of the route, for what is not SEV1: how long a refire re-opens it without paging. Absent: none. */
  readonly cooldownSeconds?: number;
}

/** Where the escalation of the present generation stands. */
export interface EscalationProgress {
  /** Steps paged so far in this generation: 0 before the first. */
  readonly stepsDone: number;
  /** Times the last step has been repeated in this generation. */
  readonly repeats: number;
  readonly fallbackUsed: boolean;
  /** PagerDuty services triggered in this generation: a second trigger there would not notify again. */
  readonly pagerdutyTriggered: readonly string[];
  /** Those that are a later contact method of somebody: triggered from then on. Absent: none. */
  readonly pagerdutyLater?: readonly { readonly service: string; readonly notBeforeAt: Instant }[];
  /** Where all steps repeat: how many of them have run in the present round above 1. Absent: round 1. */
  readonly roundSteps?: number;
  /** The generation began because alerts that were told before fired again: cooldowns of people count. Absent: they do not. */
  readonly toldBefore?: true;
}

/** The latest page of an incident to one person. */
export interface PagedPerson {
  readonly person: string;
  readonly at: Instant;
  readonly severity: Severity;
}

/** What has been told of an incident's deadlines, and from when on they count. Each absent: nothing, or as the policy says. */
export interface DeadlineProgress {
  /** In the present generation. */
  readonly acknowledgeMissed?: true;
  /** The page that this brings waits for working hours: no step run since. */
  readonly pageWaits?: true;
  /** In the whole life of the incident. */
  readonly resolveMissed?: true;
  /** Instead of the start of the generation. */
  readonly acknowledgeFrom?: Instant;
  /** Instead of the opening. */
  readonly resolveFrom?: Instant;
  /** That the present acknowledgement will expire. */
  readonly expiryAnnounced?: true;
  /** The acknowledgement, or the latest note, public update or reminder after it. */
  readonly updatesFrom?: Instant;
}

/** The state of one incident: the fold of its timeline events by `evolve`, stored as one item. */
export interface Incident {
  readonly schema: 1;
  /** Optimistic lock and position in the timeline: grows by one with each commit. */
  readonly version: number;
  readonly id: string;
  /** People say INC-42. */
  readonly number: number;
  readonly incidentKey: string;
  readonly title: string;
  readonly status: IncidentStatus;
  readonly severity: Severity;
  /** Grows when the latch is cleared: expiry, severity rise, re-opening, escalation after an acknowledgement. Part of the PagerDuty key. */
  readonly generation: number;
  /** Which state machine execution of this generation is the present one; a tick of an earlier part ends. */
  readonly timerPart: number;
  /**
   * The next instant at which a step, a repeat, the expiry, the hold's end or the closing is due; null: none of them.
   * Deadlines and reminders have instants of their own (dues.ts).
   */
  readonly dueAt: Instant | null;
  readonly openedAt: Instant;
  /** Start of the present generation. */
  readonly triggeredAt: Instant;
  /** Latest acknowledgement of this generation: its first, or its renewal. */
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: Actor | null;
  /** First acknowledgement ever: time to acknowledge is counted to here. */
  readonly firstAcknowledgedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  readonly resolvedBy: Actor | null;
  readonly resolveReason: ResolveReason | null;
  /** Set when a person resolved while members fire: until then they are held, then the incident re-opens. */
  readonly heldUntil: Instant | null;
  readonly closedAt: Instant | null;
  /** Last time the first step ran: re-opening pages again at most once per `repageAtMostEverySeconds`. */
  readonly firstStepPagedAt: Instant | null;
  readonly reopenings: number;
  readonly source: string;
  readonly service: string | null;
  readonly owner: string | null;
  readonly routePath: string;
  readonly slackChannelId: string | null;
  readonly pinned: PinnedPolicy;
  readonly escalation: EscalationProgress;
  /** Absent: nothing of them was told yet. */
  readonly deadlines?: DeadlineProgress;
  /** Whom it has paged by name in its whole life, by name. Absent: nobody, or only earlier code. */
  readonly pagedPeople?: readonly PagedPerson[];
  /** Firing, unsuppressed members. */
  readonly firing: number;
  /** Members that flap: they hold it open until they are calm. Absent: none does. */
  readonly flapping?: IncidentFlapping;
  /** Alerts ever attached. */
  readonly alertsTotal: number;
  /** Up to `sampleLimit` firing members, earliest first. */
  readonly sample: readonly AlertSummary[];
  /** Last public update, if any. */
  readonly statusUpdate: { readonly status: PublicStatus; readonly text: string; readonly at: Instant } | null;
  /** Ids of the latest commands carried out, newest last, at most 20: a retried command is recognised. */
  readonly recentCommandIds: readonly string[];
}

export interface IncidentFlapping {
  readonly alerts: number;
  readonly since: Instant;
  /** Changes of status when they began to flap: what comes later is counted when they are calm. */
  readonly transitions: number;
}

export const sampleLimit = 10;

export type ResolveReason =
  | 'alerts resolved'
  | 'source went quiet'
  | 'alerts silenced'
  | 'by a person'
  | 'by PagerDuty';

/** What the public is told. */
export type PublicStatus = 'investigating' | 'identified' | 'monitoring' | 'resolved';

export const incidentName = (number: number): string => `INC-${number}`;
export const isOpen = (incident: Incident): boolean =>
  incident.status === 'triggered' || incident.status === 'acknowledged';
/** Open, or resolved by a person while members fire: those stay attached until the hold ends. */
export const keepsMembers = (incident: Incident): boolean => isOpen(incident) || incident.heldUntil !== null;
