import type { AlertGroupMessage, IncomingAlert } from '../../alert/alert.ts';
import { fingerprintOf } from '../../alert/fingerprint.ts';
import type { Labels } from '../../alert/labels.ts';
import { ownSource } from '../../config/defaults.ts';
import { groupIdOf } from '../../store/keys.ts';
import type { Deps } from '../deps.ts';

/** What Tocsin has to say about one thing that it watches. */
export interface OwnAlerts {
  /** The label that names the thing, and its name: one alert group each. */
  readonly label: string;
  readonly name: string;
  readonly firing: readonly Labels[];
  readonly ending: readonly Labels[];
  readonly annotations: Labels;
}

/** Sends alerts of our own the way of every alert, so that they page like any incident. Sent again, they change nothing. */
export async function sendOwnAlerts(
  { queues, ids, clock }: Pick<Deps, 'queues' | 'ids' | 'clock'>,
  { label, name, firing, ending, annotations }: OwnAlerts,
): Promise<void> {
  if (firing.length + ending.length === 0) return;
  const now = clock.now();
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
    groupKey: `{}:{${label}=${JSON.stringify(name)}}`,
    groupLabels: { [label]: name },
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
