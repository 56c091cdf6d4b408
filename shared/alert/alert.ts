import type { Instant } from '../kernel/instant.ts';
import type { InhibitorPlace } from '../route/inhibition.ts';
import type { FlapRecord } from './flapping.ts';
import type { Labels } from './labels.ts';
import type { Suppression } from './suppression.ts';

export type AlertStatus = 'firing' | 'resolved';

/** Identity of an alert: one source is one Alertmanager cluster, not one peer. Never startsAt (PROTOCOLS 0, fact 3). */
export interface AlertId {
  readonly source: string;
  /** 16 lower-case hex digits, as Alertmanager computes it (fingerprint.ts). */
  readonly fingerprint: string;
}

/** One alert as a message brings it: parsed, instants normalised, oversized texts shortened with a mark. */
export interface IncomingAlert {
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: Instant;
  /** Null while firing (Alertmanager sends year 1). */
  readonly endsAt: Instant | null;
  readonly generatorURL: string;
}

/** One accepted webhook of an alert group. `id` is ours, given at the door, and the same on each redelivery. */
export interface AlertGroupMessage {
  readonly id: string;
  readonly source: string;
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  /** Differs between the peers of an HA pair. */
  readonly externalURL: string;
  /** Above 0, absence of an alert means nothing (PROTOCOLS 1.3). */
  readonly truncatedAlerts: number;
  readonly alerts: readonly IncomingAlert[];
  readonly receivedAt: Instant;
  readonly notificationReason: string | null;
  /**
   * When it was said, by one clock. Set where the way here keeps no order (SNS): what is old news is then judged by this
   * and not by when it came to the door.
   */
  readonly saidAt?: Instant;
  /** Its source says each change once (CloudWatch): silence means nothing, and its alerts end by their resolve alone. */
  readonly repeats?: false;
}

/** Why a firing alert ended. */
export type AlertEndReason = 'resolved' | 'source went quiet';

/** What is stored of an alert, one item under its own partition key. Invariant: firing means attached or suppressed. */
export interface AlertRecord extends AlertId {
  readonly schema: 1;
  /** Optimistic lock; grows by one with each write. */
  readonly version: number;
  readonly status: AlertStatus;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly generatorURL: string;
  readonly startsAt: Instant;
  /** When we stored that it ended; null while firing. */
  readonly resolvedAt: Instant | null;
  /** When its source says that it ended; tells a late copy of what ended from a new beginning. Absent while firing. */
  readonly endsAt?: Instant | null;
  readonly endReason: AlertEndReason | null;
  /** Last change of status, by our clock. */
  readonly changedAt: Instant;
  /**
   * When the message of that change came to the door: what came clearly before it is old news, in whatever order the
   * queue gives it. Absent on records of earlier code.
   */
  readonly heardAt?: Instant;
  /** Last time annotations were stored (an annotation-only change is stored at most every 5 minutes). */
  readonly annotationsAt: Instant;
  /** Of the copy that made the last change of status: tells a late HA copy from a refire. */
  readonly externalURL: string;
  /** Group ids that hold it as a firing member; it ends when the last of them lets it go. */
  readonly groups: readonly string[];
  /** When it ends by itself, unless its source posts it again; absent when only alert groups hold it. */
  readonly leaseUntil?: Instant;
  /** The source named no end: its resolve timeout counts. */
  readonly leaseIsDefault?: true;
  /** The end before the present beginning, as the source told it: a posted resolve is repeated for minutes. */
  readonly endedBefore?: Instant;
  /** The incidents that it belongs to while firing (two only through `continue` to different incident keys). */
  readonly incidentIds: readonly string[];
  /** The incidents that it belonged to before its last end or suppression: tells a member that returns from a new one. */
  readonly lastIncidentIds?: readonly string[];
  /** The group that it was judged in: with it, it is judged again when a silence changes. */
  readonly judgedIn?: { readonly receiver: string; readonly groupKey: string };
  readonly suppressedBy: Suppression | null;
  /** Told by one route while another that takes it was muted: judged again then. Absent: none was. */
  readonly mutedUntil?: Instant;
  /** Where it is filed as an inhibitor while it fires, whatever the policy file says meanwhile. Absent: nowhere. */
  readonly inhibits?: readonly InhibitorPlace[];
  /** Of an alert that fired more than once lately: its beginnings, and whether it flaps. */
  readonly flap?: FlapRecord;
  /** The path of the route that judged it, for people who ask why. */
  readonly routePath: string | null;
  /** True when only the catch-all took it. */
  readonly unrouted: boolean;
}

/** What is stored of an alert group: who fires in it, and until when its silence means nothing. */
export interface GroupRecord {
  readonly schema: 1;
  readonly version: number;
  readonly groupId: string;
  readonly source: string;
  readonly receiver: string;
  readonly groupKey: string;
  /** Fingerprints of the firing members, sorted. */
  readonly members: readonly string[];
  /** Members missing from a complete message, with the instant of the first such message. */
  readonly absentSince: Readonly<Record<string, Instant>>;
  readonly seenAt: Instant;
  /** The group is quiet from this instant on, unless extended. */
  readonly leaseUntil: Instant;
}

/** One row of the intake ledger: what became of one accepted change of one alert, closed in the deciding transaction. */
export interface IntakeRow extends AlertId {
  readonly schema: 1;
  /** Deterministic: hash of message id, fingerprint and status, so that a redelivery cannot count twice. */
  readonly changeId: string;
  readonly at: Instant;
  readonly status: AlertStatus;
  readonly outcome: IntakeOutcome;
  readonly incidentNumbers: readonly number[];
  /** A sentence that a person can read: which rule decided. */
  readonly why: string;
  readonly policyHash: string;
  readonly routePath: string | null;
  readonly suppressedBy: Suppression | null;
  readonly correlationId: string;
}

export type IntakeOutcome = 'opened' | 'joined' | 'updated' | 'resolved' | 'suppressed' | 'late copy' | 'quarantined';
