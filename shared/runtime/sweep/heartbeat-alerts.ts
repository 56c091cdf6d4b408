import { heartbeatLabel } from '../../config/defaults.ts';
import type { HeartbeatRecord } from '../../heartbeat/heartbeat.ts';
import type { HeartbeatRule } from '../../heartbeat/heartbeat-rule.ts';
import { heartbeatAnnotations } from '../../heartbeat/own-alert.ts';
import type { Deps } from '../deps.ts';
import { sendOwnAlerts } from './own-alerts.ts';

/** Tells what is late or missing about one heartbeat, and what ended. */
export const sendHeartbeatAlerts = (
  deps: Pick<Deps, 'queues' | 'ids' | 'clock'>,
  rule: HeartbeatRule | null,
  record: HeartbeatRecord,
): Promise<void> =>
  sendOwnAlerts(deps, {
    label: heartbeatLabel,
    name: record.name,
    firing: record.firing,
    ending: record.ending,
    annotations: rule === null ? {} : heartbeatAnnotations(rule, record),
  });
