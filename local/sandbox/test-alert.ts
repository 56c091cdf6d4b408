import { createHash } from 'node:crypto';

export interface TestAlert {
  readonly alertname: string;
  /** As config/local.yaml maps it: critical, error, warning, info. */
  readonly severity: string;
  readonly service: string;
  readonly instance: string;
  readonly summary: string;
  /** RFC 3339. */
  readonly startsAt: string;
}

/** What Alertmanager's `webhook_configs` would post for one alert that is a group of its own (PROTOCOLS 1). */
export function alertmanagerPayload(alert: TestAlert, status: 'firing' | 'resolved', at: string): string {
  const { alertname, severity, service, instance } = alert;
  const labels = { alertname, instance, service, severity };
  const annotations = {
    summary: alert.summary,
    description: `Sent from the sandbox to see Tocsin at work: ${alertname} on ${instance}.`,
  };
  const groupLabels = { alertname, service };
  return JSON.stringify({
    version: '4',
    groupKey: `{}:{alertname="${alertname}", service="${service}"}`,
    truncatedAlerts: 0,
    status,
    receiver: 'tocsin',
    groupLabels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'http://alertmanager.example:9093',
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: alert.startsAt,
        endsAt: status === 'resolved' ? at : '0001-01-01T00:00:00Z',
        generatorURL: 'http://prometheus.example:9090/graph',
        fingerprint: createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16),
      },
    ],
  });
}

/** Posts it to the product as Alertmanager would. Answers the HTTP status and, when refused, why. */
export async function sendTestAlert(
  product: string,
  token: string,
  alert: TestAlert,
  status: 'firing' | 'resolved',
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${product}/v1/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: alertmanagerPayload(alert, status, new Date().toISOString()),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, text: await response.text() };
}
