import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Labels } from '#shared/alert/labels.ts';
import { Random } from '#test/simulation/random.ts';

/** One alert group as Alertmanager would send it: its webhooks in order. */
export interface PlannedGroup {
  readonly name: string;
  readonly alerts: readonly Labels[];
  readonly webhooks: readonly PlannedWebhook[];
  /** Somebody acknowledges it once it is open. */
  readonly acknowledged: boolean;
  /** Its last webhook resolves everything. */
  readonly resolved: boolean;
}

export interface PlannedWebhook {
  /** When in the run it is sent: 0 the beginning, 1 the end. */
  readonly at: number;
  /** How many of the group's alerts it brings, from the first. */
  readonly alerts: number;
  readonly status: 'firing' | 'resolved';
}

const alertsInGroup = 4;

/**
 * `alerts` alerts in groups of four: each group fires in two webhooks, half of the groups end, a third is acknowledged. The last
 * one begins late and is answered by nobody, so that each run has pages that must reach the vendors.
 */
export function planRun(alerts: number, seed: number): readonly PlannedGroup[] {
  const random = new Random(seed);
  const groups = Math.ceil(alerts / alertsInGroup);
  return Array.from({ length: groups }, (_, index): PlannedGroup => {
    const isLast = index === groups - 1;
    const name = `KillNine${index + 1}`;
    const size = Math.min(alertsInGroup, alerts - index * alertsInGroup);
    const [first = 0, second = 0, third = 0] = [random.next(), random.next(), random.next()].sort();
    const resolved = random.chance(0.5) && !isLast;
    const severity = random.chance(0.5) ? 'critical' : 'error';
    return {
      name,
      alerts: Array.from({ length: size }, (__, one) => ({
        alertname: name,
        instance: `web-${one + 1}`,
        service: 'checkout',
        severity,
      })),
      webhooks: [
        { at: isLast ? Math.max(first, 0.6) : first, alerts: Math.ceil(size / 2), status: 'firing' },
        { at: isLast ? Math.max(second, 0.6) : second, alerts: size, status: 'firing' },
        ...(resolved ? [{ at: third, alerts: size, status: 'resolved' as const }] : []),
      ],
      acknowledged: random.chance(0.33) && !isLast,
      resolved,
    };
  });
}

/** The body that Alertmanager posts. */
export function webhookBody(group: PlannedGroup, webhook: PlannedWebhook, startedAt: string): string {
  const resolved = webhook.status === 'resolved';
  return JSON.stringify({
    version: '4',
    groupKey: `{}:{alertname="${group.name}"}`,
    truncatedAlerts: 0,
    status: webhook.status,
    receiver: 'tocsin',
    groupLabels: { alertname: group.name },
    commonLabels: { alertname: group.name },
    commonAnnotations: {},
    externalURL: 'http://127.0.0.1:9093',
    alerts: group.alerts.slice(0, webhook.alerts).map((labels) => ({
      status: webhook.status,
      labels,
      annotations: { summary: `${group.name} on ${labels.instance}` },
      startsAt: startedAt,
      endsAt: resolved ? new Date().toISOString() : '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: fingerprintOf(labels),
    })),
  });
}
