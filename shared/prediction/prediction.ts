import type { Labels } from '../alert/labels.ts';
import type { Matcher } from '../alert/matcher.ts';
import type { IncidentStatus } from '../incident/incident.ts';
import type { Severity } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Lane } from '../notification/page.ts';
import type { Override } from '../on-call/override.ts';
import type { Silence } from '../silence/silence.ts';
import type { IncidentEvent } from '../timeline/events.ts';

/** What somebody asks: this alert begins to fire then; who is told? */
export interface Question {
  readonly labels: Labels;
  /** When Tocsin decides on the alert. */
  readonly at: Instant;
  readonly source: string;
  /** `webhook`: an alert group of Alertmanager brings it. `posted`: it is posted to us, and waits with its group first. */
  readonly arrival: 'webhook' | 'posted';
  /** In place of the one that the route gives it; null: the route's. */
  readonly severity: Severity | null;
  /** How far to look. Null: until the second repeat, and a day at most. */
  readonly horizonSeconds: number | null;
  /** When somebody acknowledges; null: nobody ever does. */
  readonly acknowledgedAt: Instant | null;
}

/** What is not in the policy file. What fires elsewhere, and so inhibits, is not known. */
export interface LiveFacts {
  readonly overrides: readonly Override[];
  /** As stored, the ended ones too: an occurrence of a maintenance window that somebody has ended is one of them. */
  readonly silences: readonly Silence[];
}

/** The answer: what production would do, as its own decision functions say. */
export type Prediction = {
  readonly at: Instant;
  readonly labels: Labels;
  readonly source: string;
  readonly policyHash: string;
  /** Sentence of the judgement: silences, routes, time intervals. */
  readonly why: string;
  /** Rules by which an alert that fires elsewhere may hold this one back: nobody knows whether one will. */
  readonly inhibitedBy: readonly string[];
} & (
  | { readonly outcome: 'suppressed'; readonly by: string; readonly until: Instant }
  | { readonly outcome: 'told'; readonly incidents: readonly PredictedIncident[] }
);

/** One incident that the alert opens. */
export interface PredictedIncident extends PredictedCourse {
  readonly routePath: string;
  /** Of the route and all above it: what the alert met to come there. */
  readonly matchers: readonly Matcher[];
  /** When it opens: later than asked about only for a posted alert, whose group waits. */
  readonly openedAt: Instant;
  readonly service: string | null;
  readonly owner: string | null;
  readonly slackChannelId: string | null;
  /** Null: the alert group that brings it decides, and nobody knows it beforehand. */
  readonly incidentKey: string | null;
  /** The incident that has this key now: the alert would join it instead, and page only by being worse. Absent: none is known. */
  readonly joins?: { readonly name: string; readonly status: IncidentStatus; readonly severity: Severity };
}

/** What an incident goes through when nobody acts, by its timer alone. */
export interface PredictedCourse {
  readonly severity: Severity;
  readonly policyHash: string;
  readonly escalationPolicy: string;
  /** Why this escalation policy, as a sentence. */
  readonly chosenBy: string;
  /** In order. */
  readonly moments: readonly PredictedMoment[];
  /** Up to when `moments` is complete; null: nothing comes after them. */
  readonly knownUntil: Instant | null;
  /** The step that waits for working hours beyond `knownUntil`; absent: none does. */
  readonly waits?: { readonly step: number; readonly round: number; readonly until: Instant };
  /** People of the schedules and teams concerned who get no page, each with the reason. */
  readonly notTold: readonly NotTold[];
}

export type PredictedMoment =
  | PredictedStep
  | {
      readonly kind: 'fallback';
      readonly at: Instant;
      readonly generation: number;
      readonly sentence: string;
    }
  /** Everything else that the timeline will say: deadlines, reminders, an expiring acknowledgement. */
  | {
      readonly kind: 'event';
      readonly at: Instant;
      readonly generation: number;
      readonly type: IncidentEvent['type'];
      readonly sentence: string;
    };

export interface PredictedStep {
  readonly kind: 'step';
  readonly at: Instant;
  readonly generation: number;
  readonly step: number;
  readonly round: number;
  readonly pages: readonly PredictedPage[];
  /** Slack channels that hear of it without a mention: `#name`, or the id of one that the file does not name. */
  readonly informs: readonly string[];
  readonly skipped: readonly { readonly who: string; readonly reason: string }[];
}

export interface PredictedPage {
  /** In words: a person, everybody in a channel, a PagerDuty service, a contact. */
  readonly who: string;
  /** As the page ledger identifies it. */
  readonly target: string;
  readonly lane: Lane;
  /** How it reaches them, in words. */
  readonly by: string;
  /** By which layer or override this person; null: the policy names the target itself. */
  readonly because: string | null;
  /** When it is sent: later than the step for a later contact method. */
  readonly sentAt: Instant;
  /** When the fallback is paged in its place. */
  readonly deadlineAt: Instant;
  /** An acknowledgement before `sentAt`: it is owed, and never sent. Absent: none is predicted. */
  readonly cancelledAt?: Instant;
}

export interface NotTold {
  readonly person: string;
  readonly because: string;
}
