import type { AlertGroupMessage, IncomingAlert } from '../../alert/alert.ts';
import { fingerprintOf } from '../../alert/fingerprint.ts';
import type { Labels } from '../../alert/labels.ts';
import { heartbeatLabel, ownSource } from '../../config/defaults.ts';
import type { HeartbeatRecord } from '../../heartbeat/heartbeat.ts';
import type { HeartbeatRule } from '../../heartbeat/heartbeat-rule.ts';
import { heartbeatAnnotations } from '../../heartbeat/own-alert.ts';
import { groupIdOf } from '../../store/keys.ts';
import type { Deps } from '../deps.ts';

/**
 * Sends our own alerts about one heartbeat the way of every alert, so that they page like any incident: what is late or
 * missing fires, what ended is resolved. Sent again, they change nothing.
 */
export async function sendHeartbeatAlerts(
  { queues, ids, clock }: Pick<Deps, 'queues' | 'ids' | 'clock'>,
  rule: HeartbeatRule | null,
  record: HeartbeatRecord,
): Promise<void> {
  const { name, firing, ending } = record;
  if (firing.length + ending.length === 0) return;
  const now = clock.now();
  const annotations = rule === null ? {} : heartbeatAnnotations(rule, record);
  const alertOf = (labels: Labels): IncomingAlert => ({
    fingerprint: fingerprintOf(labels),
    status: 'firing',
    labels,
    annotations,
    startsAt: now,
    endsAt: null,
    generatorURL: '',
  });
  const id = ids.next();
  const message: AlertGroupMessage = {
    id,
    source: ownSource,
    receiver: ownSource,
    groupKey: `{}:{heartbeat=${JSON.stringify(name)}}`,
    groupLabels: { [heartbeatLabel]: name },
    externalURL: '',
    truncatedAlerts: 0,
    alerts: [
      ...firing.map(alertOf),
      ...ending.map((labels): IncomingAlert => ({ ...alertOf(labels), status: 'resolved', endsAt: now })),
    ],
    receivedAt: now,
    notificationReason: null,
  };
  const group = groupIdOf(message.source, message.receiver, message.groupKey);
  await queues.send('ingest', { kind: 'alerts', correlationId: id, message }, { group, dedup: id });
}
