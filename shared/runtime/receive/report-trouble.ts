import { fingerprintOf } from '../../alert/fingerprint.ts';
import { ownAlertLabel, ownSource } from '../../config/defaults.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { Deps } from '../deps.ts';
import { sendAlerts } from './send-alerts.ts';

export interface SourceTrouble {
  readonly alertname: 'AlertsRejected' | 'SubscriptionEnded';
  readonly source: string;
  readonly summary: string;
  readonly description: string;
}

/**
 * Somebody's alerts are not arriving. That is an alert of our own, one per kind, source and hour: the same labels have the same
 * fingerprint, so every further one of that hour is an unchanged repeat.
 * @throws AdapterError when it is not surely stored
 */
export async function reportTrouble(
  deps: Pick<Deps, 'queues' | 'blobs' | 'clock' | 'ids'>,
  { alertname, source, summary, description }: SourceTrouble,
): Promise<void> {
  const receivedAt = deps.clock.now();
  const hour = receivedAt.slice(0, 13);
  const labels = { alertname, source, hour, [ownAlertLabel]: 'true', severity: 'SEV3' };
  const id = deps.ids.next();
  const message = {
    id,
    source: ownSource,
    receiver: ownSource,
    groupKey: `{}:{alertname="${alertname}", hour="${hour}", source=${JSON.stringify(source)}}`,
    groupLabels: { alertname, source, hour },
    externalURL: '',
    truncatedAlerts: 0,
    alerts: [
      {
        fingerprint: fingerprintOf(labels),
        status: 'firing' as const,
        labels,
        annotations: { summary, description },
        startsAt: receivedAt,
        endsAt: null,
        generatorURL: '',
      },
    ],
    receivedAt,
    notificationReason: null,
  };
  await sendAlerts(
    deps,
    { kind: 'alerts', correlationId: id, message },
    // The queue forgets this after 5 minutes: a flood of bad requests is one message in that time.
    { group: ownSource, dedup: hashOf(alertname, source, hour) },
  );
}
