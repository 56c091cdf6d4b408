import { type Instant, parseRfc3339 } from '../../kernel/instant.ts';
import type { AlertGroupMessage, IncomingAlert } from '../alert.ts';
import { boundAlertText, boundGroupLabels, boundIdentity } from '../bound-alert.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { Labels } from '../labels.ts';
import { formatMatcher } from '../matcher.ts';
import type { JsonObject } from '../parse-alert.ts';
import { alarmMetric, describeAlarm } from './cloudwatch-text.ts';
import type { SnsArrival, SnsBodyReading } from './sns-arrival.ts';

/** By its fields, as CloudWatch publishes it to SNS for a metric alarm and for a composite one. */
export const isCloudWatchAlarm = (body: JsonObject): boolean =>
  typeof body.AlarmName === 'string' && body.NewStateValue !== undefined;

/**
 * A change of a CloudWatch alarm is one alert in a group of its own. Its identity is the alarm's (name, account, region) and
 * not its metric's: an alarm that was edited while it rings must still be ended by its OK. CloudWatch says each change once.
 * INSUFFICIENT_DATA neither rings nor ends: who wants to hear of missing data sets `TreatMissingData: breaching`, and then
 * CloudWatch says ALARM.
 */
export function readCloudWatchAlarm(body: JsonObject, arrival: SnsArrival): SnsBodyReading {
  const { AlarmName: name, NewStateValue: state } = body;
  if (typeof name !== 'string' || name === '') return { ok: false, problem: 'the alarm has no AlarmName' };
  if (state === 'INSUFFICIENT_DATA') return { ok: 'no news', why: 'the alarm has no data, which changes nothing' };
  if (state !== 'ALARM' && state !== 'OK') {
    return { ok: false, problem: 'its NewStateValue is none of ALARM, OK and INSUFFICIENT_DATA' };
  }
  const identity = identityOf(body, name);
  const changedAt = readChangeTime(body.StateChangeTime) ?? arrival.sentAt;
  const { annotations, link } = describeAlarm(body, name);
  const alert: IncomingAlert = {
    fingerprint: fingerprintOf(identity),
    status: state === 'ALARM' ? 'firing' : 'resolved',
    ...boundAlertText({ ...alarmMetric(body), ...identity }, annotations, link),
    startsAt: changedAt,
    endsAt: state === 'ALARM' ? null : changedAt,
  };
  return { ok: true, message: groupOf(alert, identity, arrival), quarantined: [] };
}

/** `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:name`. `Region` is a name for people ("EU (Ireland)"). */
function identityOf({ AlarmArn, Region, AWSAccountId }: JsonObject, alertname: string): Labels {
  const [, , , region, account] = typeof AlarmArn === 'string' ? AlarmArn.split(':') : [];
  const labels = { alertname, account: account || text(AWSAccountId), region: region || text(Region) };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** CloudWatch writes the offset without its colon: `2026-11-21T01:00:00.640+0000`. */
const readChangeTime = (value: unknown): Instant | null =>
  typeof value === 'string' ? parseRfc3339(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : null;

function groupOf(alert: IncomingAlert, identity: Labels, arrival: SnsArrival): AlertGroupMessage {
  const { id, source, receivedAt, sentAt, topicArn } = arrival;
  const pairs = Object.keys(identity)
    .sort()
    .map((name) => formatMatcher({ name, operator: '=', value: identity[name] ?? '' }));
  return {
    id,
    source,
    receiver: boundIdentity(topicArn.split(':').at(-1) ?? topicArn),
    groupKey: boundIdentity(`{}:{${pairs.join(', ')}}`),
    groupLabels: boundGroupLabels(identity),
    externalURL: '',
    truncatedAlerts: 0,
    alerts: [alert],
    receivedAt,
    saidAt: sentAt,
    repeats: false,
    notificationReason: null,
  };
}
