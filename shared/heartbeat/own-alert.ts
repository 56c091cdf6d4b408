import type { Labels } from '../alert/labels.ts';
import { heartbeatLabel, ownAlertLabel } from '../config/defaults.ts';
import type { Severity } from '../incident/severity.ts';
import { type HeartbeatRecord, lateAt, missingAt } from './heartbeat.ts';
import type { HeartbeatRule } from './heartbeat-rule.ts';

/** Our own alert about a heartbeat; its route takes the severity from the label, and the heartbeat is its incident's key. */
export const heartbeatLabels = (rule: HeartbeatRule, state: 'late' | 'missing', severity: Severity): Labels => ({
  alertname: state === 'late' ? 'HeartbeatLate' : 'HeartbeatMissing',
  [heartbeatLabel]: rule.name,
  source: rule.source,
  severity,
  [ownAlertLabel]: 'true',
});

/** What people read of it. */
export function heartbeatAnnotations(rule: HeartbeatRule, record: HeartbeatRecord): Labels {
  const what =
    rule.matchers.length === 0 ? `Source ${rule.source}` : `Alert ${record.matchers} of source ${rule.source}`;
  const seen = record.lastSeenAt === undefined ? `never since ${record.namedAt}` : `last at ${record.lastSeenAt}`;
  return {
    summary: `Heartbeat ${rule.name} is ${record.state}`,
    description:
      `${what} must arrive every ${rule.everySeconds} s and was seen ${seen}: ` +
      `late from ${lateAt(rule, record)}, missing from ${missingAt(rule, record)}. It recovers by itself when it arrives.`,
  };
}
