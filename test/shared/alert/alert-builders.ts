import type { AlertGroupMessage, AlertRecord, IncomingAlert } from '#shared/alert/alert.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';

/** One override each; the rest is one ordinary alert of one ordinary group. */
export const peerA = 'http://alertmanager-0.example:9093';
export const peerB = 'http://alertmanager-1.example:9093';
export const noon = '2026-11-20T12:00:00.000Z';

export const fingerprintOfDisk = fingerprintOf({ alertname: 'Disk' });

export const incoming = (changes: Partial<IncomingAlert> = {}): IncomingAlert => ({
  fingerprint: fingerprintOf(changes.labels ?? { alertname: 'Disk' }),
  status: 'firing',
  labels: { alertname: 'Disk' },
  annotations: { summary: 'full' },
  startsAt: '2026-11-20T11:59:00.000Z',
  endsAt: null,
  generatorURL: 'http://prometheus.example/graph',
  ...changes,
});

export const record = (changes: Partial<AlertRecord> = {}): AlertRecord => ({
  schema: 1,
  version: 7,
  source: 'prod',
  fingerprint: fingerprintOfDisk,
  status: 'firing',
  labels: { alertname: 'Disk' },
  annotations: { summary: 'full' },
  generatorURL: 'http://prometheus.example/graph',
  startsAt: '2026-11-20T11:59:00.000Z',
  resolvedAt: null,
  endsAt: null,
  endReason: null,
  changedAt: noon,
  annotationsAt: noon,
  externalURL: peerA,
  groups: ['group-1'],
  incidentIds: ['incident-1'],
  suppressedBy: null,
  routePath: 'root/disks',
  unrouted: false,
  ...changes,
});

/** Resolved by peer A: ended at 12:04:30 by its source, stored at 12:05:00. */
export const resolvedRecord = (changes: Partial<AlertRecord> = {}): AlertRecord =>
  record({
    status: 'resolved',
    resolvedAt: '2026-11-20T12:05:00.000Z',
    endsAt: '2026-11-20T12:04:30.000Z',
    endReason: 'resolved',
    changedAt: '2026-11-20T12:05:00.000Z',
    groups: [],
    incidentIds: [],
    ...changes,
  });

export const message = (changes: Partial<AlertGroupMessage> = {}): AlertGroupMessage => ({
  id: 'message-1',
  source: 'prod',
  receiver: 'hook',
  groupKey: '{}:{alertname="Disk"}',
  groupLabels: { alertname: 'Disk' },
  externalURL: peerA,
  truncatedAlerts: 0,
  alerts: [incoming()],
  receivedAt: noon,
  notificationReason: null,
  ...changes,
});
