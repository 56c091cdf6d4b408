import type { AlertRecord } from '../alert/alert.ts';
import type { Labels } from '../alert/labels.ts';
import { defaultResolveTimeoutSeconds } from '../config/defaults.ts';
import type { Policy } from '../config/policy.ts';
import { addSeconds, type Instant, latest } from '../kernel/instant.ts';
import type { AlertStatusView } from './alert-status.ts';

/** An alert as API v2 shows it (PROTOCOLS 3.2). */
export interface GettableAlert {
  readonly annotations: Labels;
  readonly endsAt: Instant;
  readonly fingerprint: string;
  readonly receivers: readonly { readonly name: string }[];
  readonly startsAt: Instant;
  readonly status: AlertStatusView;
  readonly updatedAt: Instant;
  /** Absent when empty. */
  readonly generatorURL?: string;
  readonly labels: Labels;
}

export interface AlertViewContext {
  readonly policy: Pick<Policy, 'sources'>;
  readonly now: Instant;
}

/**
 * When a firing alert ends unless it is heard of again: its lease. One that came by webhook has none, and is shown as Alertmanager
 * shows what was posted without an end; so is one whose lease is over, while its end is not decided: until then it fires.
 */
export function endOfAlert(
  { source, leaseUntil }: Pick<AlertRecord, 'source' | 'leaseUntil'>,
  { policy, now }: AlertViewContext,
): Instant {
  if (leaseUntil !== undefined && leaseUntil > now) return leaseUntil;
  return addSeconds(now, policy.sources[source]?.resolveTimeoutSeconds ?? defaultResolveTimeoutSeconds);
}

export function viewAlert(
  alert: AlertRecord,
  status: AlertStatusView,
  receivers: readonly string[],
  context: AlertViewContext,
): GettableAlert {
  return {
    annotations: alert.annotations,
    endsAt: endOfAlert(alert, context),
    fingerprint: alert.fingerprint,
    receivers: receivers.map((name) => ({ name })),
    startsAt: alert.startsAt,
    status,
    updatedAt: latest(alert.changedAt, alert.annotationsAt),
    ...(alert.generatorURL === '' ? {} : { generatorURL: alert.generatorURL }),
    labels: alert.labels,
  };
}
