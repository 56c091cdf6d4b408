import type { FlappingRule } from '../alert/flapping-rule.ts';
import type { Matcher } from '../alert/matcher.ts';
import type { EscalationChoice } from '../escalation/escalation-choice.ts';
import type { EscalationPolicy, TeamRole } from '../escalation/escalation-policy.ts';
import type { HeartbeatRule } from '../heartbeat/heartbeat-rule.ts';
import type { Severity } from '../incident/severity.ts';
import type { LocalDate } from '../kernel/local-time.ts';
import type { ContactMethod, QuietPreference } from '../on-call/person.ts';
import type { Schedule } from '../on-call/schedule.ts';
import type { InhibitRule } from '../route/inhibit-rule.ts';
import type { TimeInterval } from '../route/time-interval.ts';
import type { MaintenanceWindow } from '../silence/maintenance-window.ts';

/** The policy file in its compiled form: every default filled in, every name known to exist. Plain data. */
export interface Policy {
  /** First 12 hex digits of the SHA-256 of the file's bytes: named by every page and non-page. */
  readonly hash: string;
  readonly environment: string;
  /** Slack team id that commands must come from; null accepts any signed request (local sandbox). */
  readonly slackTeamId: string | null;
  readonly sources: Readonly<Record<string, SourcePolicy>>;
  readonly severities: Readonly<Record<Severity, SeverityRow>>;
  readonly services: Readonly<Record<string, Service>>;
  readonly people: Readonly<Record<string, Person>>;
  readonly teams: Readonly<Record<string, Team>>;
  /** The root is the catch-all. */
  readonly route: RouteNode;
  readonly escalationPolicies: Readonly<Record<string, EscalationPolicy>>;
  readonly fallback: Fallback;
  /** Channel names of the file (without `#`) to Slack channel ids. */
  readonly slackChannels: Readonly<Record<string, string>>;
  /** PagerDuty services by name. */
  readonly pagerduty: Readonly<Record<string, PagerDutyService>>;
  /** SNS contacts by name. */
  readonly snsContacts: Readonly<Record<string, SnsContact>>;
  readonly statusComponents: Readonly<Record<string, StatusComponent>>;
  readonly workingHours: WorkingHours;
  /** By name. No schedule has the name of a person, because a role of a team may be either. */
  readonly schedules: Readonly<Record<string, Schedule>>;
  /** Holiday calendars by name: their dates, in order. */
  readonly holidays: Readonly<Record<string, readonly LocalDate[]>>;
  /** By name; routes refer to them. */
  readonly timeIntervals: Readonly<Record<string, readonly TimeInterval[]>>;
  readonly inhibitRules: readonly InhibitRule[];
  readonly maintenanceWindows: readonly MaintenanceWindow[];
  readonly heartbeats: Readonly<Record<string, HeartbeatRule>>;
  readonly flapping: FlappingRule;
  /** After a person resolves while members fire: how long before the incident re-opens. */
  readonly resolveHoldSeconds: number;
  /** A refire within this time of the resolve re-opens the incident instead of opening another. */
  readonly reopenWithinSeconds: number;
  /** A re-opened incident pages its first step again at most once in this time (flapping hold). */
  readonly repageAtMostEverySeconds: number;
  readonly retentionDays: number;
}

export interface SourcePolicy {
  readonly name: string;
  /** A group that says nothing for this long has gone quiet; default 2 x repeat_interval (4 h). */
  readonly quietAfterSeconds: number;
  /** An alert posted without an end (API v2) ends by itself after this long; Alertmanager's resolve_timeout. */
  readonly resolveTimeoutSeconds: number;
  /** How long what a restarted source sends again waits for what inhibits it. */
  readonly settleSeconds: number;
  /** ARNs of SNS topics whose messages are this source's (CloudWatch alarms, Amazon Managed Prometheus). */
  readonly snsTopics: readonly string[];
}

export interface SeverityRow {
  readonly meaning: string;
  readonly acknowledgeWithinSeconds: number;
  /** Counted from its opening. Absent or null: no deadline. */
  readonly resolveWithinSeconds?: number | null;
  /** What a missed deadline does: a reminder in Slack, or pages besides. Absent: remind. */
  readonly missedDeadline?: 'remind' | 'page';
  readonly updateEverySeconds: number | null;
  readonly pages: 'always' | 'working hours' | 'never';
  /** An acknowledgement lasts this long, then a new generation pages again; null: for ever. */
  readonly acknowledgementExpiresSeconds: number | null;
  /** A page of this severity that is not handed over within this time goes to the fallback. */
  readonly pageDeadlineSeconds: number;
  /** The escalation policy used when the route names none. */
  readonly escalationPolicy: string;
  /** A resolved incident of this severity closes by itself after this time; null: when its postmortem is done. */
  readonly closesAfterSeconds: number | null;
}

export interface Service {
  readonly name: string;
  /** Team name. */
  readonly owner: string;
  readonly tier: number | null;
  readonly runbook: string | null;
  readonly dashboard: string | null;
  readonly statusComponent: string | null;
  /** Absent: the severity's. */
  readonly escalationPolicy?: EscalationChoice;
}

export interface Person {
  readonly name: string;
  readonly slackUserId: string | null;
  /** Name of an SNS contact that reaches this person. */
  readonly sns: string | null;
  /** How this person is paged for a severity, in order. Absent, or absent for a severity: Slack, or else `sns`, at once. */
  readonly contact?: Readonly<Partial<Record<Severity, readonly ContactMethod[]>>>;
  /** Absent: the organisation's. */
  readonly workingHours?: WorkingHours;
  readonly quiet?: QuietPreference;
  /** An alert that fires again pages this person again only after so long, unless it is SEV1. Absent: at once. */
  readonly cooldownSeconds?: number;
}

export interface Team {
  readonly name: string;
  /** Name of a person or of a schedule, by role. */
  readonly roles: Readonly<Record<TeamRole, string | null>>;
  readonly members: readonly string[];
  /** Channel name (key of slackChannels). */
  readonly slackChannel: string | null;
  /** Key of `pagerduty`. */
  readonly pagerduty: string | null;
}

/** Where severity or service comes from: a fixed value, or a label looked up in a map. */
export type FromLabel<T extends string> =
  | { readonly kind: 'fixed'; readonly value: T }
  | {
      readonly kind: 'label';
      readonly label: string;
      readonly map: Readonly<Record<string, T>>;
      readonly otherwise: T;
    };

/** `service: {label: service}` names the service by the label's value, when the policy file knows that service. */
export type ServiceRule =
  | { readonly kind: 'fixed'; readonly value: string }
  | { readonly kind: 'label'; readonly label: string; readonly otherwise: string | null };

/** A node with everything inherited already filled in (not inherited: matchers, continue). */
export interface RouteNode {
  /** Such as `root`, `root/0`, `root/0/2`, or with the node's name: `root/payments`. */
  readonly path: string;
  readonly matchers: readonly Matcher[];
  readonly continue: boolean;
  readonly severity: FromLabel<Severity>;
  readonly service: ServiceRule | null;
  /** Null: the service's, else the severity's. */
  readonly escalationPolicy: EscalationChoice | null;
  /** Team that owns what has no service; a key of teams. */
  readonly owner: string | null;
  /** `['group']`: the alert group; else label names whose values make the incident's key. */
  readonly incidentKey: readonly string[];
  /** Channel name of the incident message; null: the owner team's. */
  readonly slackChannel: string | null;
  /** An alert that was told pages again only after this long, unless it is SEV1. Absent: no longer than repageAtMostEvery. */
  readonly cooldownSeconds?: number;
  /** What Alertmanager's clients see as the receiver; the node's path unless the file names one. */
  readonly receiver: string;
  /** Labels that make the groups of alerts that are posted to us; `['...']`: every label. */
  readonly groupBy: readonly string[];
  readonly groupWaitSeconds: number;
  readonly groupIntervalSeconds: number;
  /** Kept for those who paste their tree: repeats are the escalation policy's. */
  readonly repeatIntervalSeconds: number;
  /** Names of timeIntervals; not inherited. */
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly RouteNode[];
}

/** Who is told when Tocsin itself cannot tell anybody. Subscribed to the fallback topic at deploy. */
export interface Fallback {
  readonly email: string | null;
  readonly sms: string | null;
}

export interface PagerDutyService {
  readonly name: string;
  /** Key inside the PagerDuty secret that holds the 32-character routing key. */
  readonly routingKeySecret: string;
  readonly region: 'us' | 'eu';
}

export interface SnsContact {
  readonly name: string;
  /** Either a topic ARN (or the name of a topic of this deployment), or an E.164 phone number. */
  readonly topic: string | null;
  readonly phone: string | null;
}

export interface StatusComponent {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** When severities that page in working hours do: half-open local times on the named days, in an IANA zone. */
export interface WorkingHours {
  readonly timeZone: string;
  /** ISO weekdays, 1 is Monday. */
  readonly weekdays: readonly number[];
  /** `HH:MM`. */
  readonly start: string;
  /** `HH:MM`, after start, `24:00` allowed. */
  readonly end: string;
  /** Dates that are no working days. Absent: none. */
  readonly holidays?: readonly LocalDate[];
}
