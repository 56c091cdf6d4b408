import { fingerprintOf } from '../../alert/fingerprint.ts';
import { ownAlertLabel, ownSource } from '../../config/defaults.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { Deps } from '../deps.ts';
import type { Problem } from '../problem.ts';
import { sendAlerts } from './send-alerts.ts';

/**
 * A known source sent what cannot be read: somebody's alerts are not arriving. That is an alert of our own, one per source
 * and hour: the same labels have the same fingerprint, so every further request of that hour is an unchanged repeat.
 * @throws AdapterError when it is not surely stored
 */
export async function reportRejected(
  deps: Pick<Deps, 'queues' | 'blobs' | 'clock' | 'ids'>,
  source: string,
  { status, title, detail }: Problem,
): Promise<void> {
  const receivedAt = deps.clock.now();
  const hour = receivedAt.slice(0, 13);
  const labels = {
    alertname: 'AlertsRejected',
    source,
    hour,
    [ownAlertLabel]: 'true',
    severity: 'SEV3',
  };
  const annotations = {
    summary: `Alerts of source ${source} are not arriving`,
    description: `A request of source ${source} was answered ${status} (${title}): ${detail} What is refused is not sent again.`,
  };
  const id = deps.ids.next();
  const groupLabels = { alertname: labels.alertname, source, hour };
  const message = {
    id,
    source: ownSource,
    receiver: ownSource,
    groupKey: `{}:{alertname="AlertsRejected", hour="${hour}", source=${JSON.stringify(source)}}`,
    groupLabels,
    externalURL: '',
    truncatedAlerts: 0,
    alerts: [
      {
        fingerprint: fingerprintOf(labels),
        status: 'firing' as const,
        labels,
        annotations,
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
    { group: ownSource, dedup: hashOf('rejected', source, hour) },
  );
}
