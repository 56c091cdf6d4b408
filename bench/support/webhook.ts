import { sourceToken } from './product.ts';
import { nowMillis } from './statistics.ts';

export type Labels = Readonly<Record<string, string>>;

export interface BenchAlert {
  readonly labels: Labels;
  readonly startsAt: string;
}

/** One alert group as Alertmanager's webhook tells it (payload version 4): all of its firing alerts. */
export const webhookOf = (groupLabels: Labels, alerts: readonly BenchAlert[]) => ({
  version: '4',
  groupKey: `{}:{${Object.entries(groupLabels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`,
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'tocsin',
  groupLabels,
  commonLabels: groupLabels,
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.com:9093',
  alerts: alerts.map(({ labels, startsAt }) => ({
    status: 'firing',
    labels,
    annotations: annotationsOf(labels),
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.com:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    fingerprint: '0000000000000000',
  })),
});

export const annotationsOf = (labels: Labels): Labels => ({
  summary: `${labels.alertname} on ${labels.instance}`,
  description: 'The job answers fewer than one in two requests since five minutes.',
  runbook_url: 'https://runbooks.example.com/checkout',
});

export interface Posted {
  readonly sentAt: number;
  /** When the answer had been read. */
  readonly answeredAt: number;
  readonly status: number;
}

/** Posts JSON and times it. A connection that breaks counts as status 0: the sender must try again, as after a 5xx. */
export async function postJson(url: string, body: unknown, token: string | null): Promise<Posted> {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const sentAt = nowMillis();
  try {
    const response = await fetch(url, { method: 'POST', headers, body: text });
    await response.arrayBuffer();
    return { sentAt, answeredAt: nowMillis(), status: response.status };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { sentAt, answeredAt: nowMillis(), status: 0 };
  }
}

export const postWebhook = (url: string, body: ReturnType<typeof webhookOf>): Promise<Posted> =>
  postJson(`${url}/v1/alertmanager`, body, sourceToken);
