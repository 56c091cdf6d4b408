import { fromEpochMillis } from '#shared/kernel/instant.ts';

/** The two peers of one cluster: one source, told apart by this only. */
export const peerUrls = ['http://alertmanager-0:9093', 'http://alertmanager-1:9093'] as const;

/** A time in which an alert fired; what ended it decides how the product can learn of the end. */
export interface Period {
  readonly from: number;
  until: number | null;
  /** Vanished: Alertmanager drops it without a resolve, as it does with what is muted there, or after a restart. */
  vanished: boolean;
}

/** One alert as Prometheus knows it: the truth that the product must come to know. */
export interface TrueAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  readonly group: number;
  firing: boolean;
  startsAt: number;
  endsAt: number | null;
  readonly periods: Period[];
}

export interface WebhookBody {
  readonly groupKey: string;
  readonly externalURL: string;
  readonly alerts: readonly {
    readonly fingerprint: string;
    readonly status: 'firing' | 'resolved';
    readonly startsAt: string;
  }[];
}

/** A webhook of payload version 4 as Alertmanager sends it (PROTOCOLS 1.2). */
export function webhookBody(group: number, alerts: readonly TrueAlert[], externalURL: string): WebhookBody {
  const service = alerts[0]?.labels.service ?? '';
  const payload = {
    version: '4',
    receiver: 'tocsin',
    status: alerts.some((alert) => alert.firing) ? 'firing' : 'resolved',
    groupKey: `{}:{service="${service}", group="${group}"}`,
    groupLabels: { service },
    commonLabels: {},
    commonAnnotations: {},
    externalURL,
    truncatedAlerts: 0,
    alerts: alerts.map((alert) => ({
      status: alert.firing ? ('firing' as const) : ('resolved' as const),
      labels: alert.labels,
      annotations: { summary: `${alert.labels.alertname} on ${alert.labels.instance}` },
      startsAt: fromEpochMillis(alert.startsAt),
      endsAt: alert.endsAt === null ? '0001-01-01T00:00:00Z' : fromEpochMillis(alert.endsAt),
      generatorURL: 'http://prometheus.example/graph',
      fingerprint: alert.fingerprint,
    })),
  };
  return payload;
}
