import { isJsonObject } from '../parse-alert.ts';
import { parseWebhook } from '../parse-webhook.ts';
import { isCloudWatchAlarm, readCloudWatchAlarm } from './cloudwatch-alarm.ts';
import { managedPrometheusMessage } from './managed-prometheus.ts';
import type { SnsArrival, SnsBodyReading } from './sns-arrival.ts';

/**
 * What is published to a topic: a CloudWatch alarm, or the alert group of an Amazon Managed Prometheus whose template writes
 * JSON. SNS keeps no order and tries again for an hour, so that the order is that of its own timestamps.
 */
export function readSnsBody(text: string, arrival: SnsArrival): SnsBodyReading {
  const body = parseJson(text);
  if (!isJsonObject(body)) return { ok: false, problem: notJson };
  if (isCloudWatchAlarm(body)) return readCloudWatchAlarm(body, arrival);
  if (!Array.isArray(body.alerts)) {
    return { ok: false, problem: 'the message is neither a CloudWatch alarm nor an alert group of Managed Prometheus' };
  }
  const reading = parseWebhook(body, arrival, managedPrometheusMessage);
  if (!reading.ok) return reading;
  const { message } = reading;
  // The template is not told the group key, and two groups with the same labels may come under one name.
  const truncatedAlerts = Math.max(1, message.truncatedAlerts);
  return { ...reading, message: { ...message, truncatedAlerts, saidAt: arrival.sentAt } };
}

const notJson =
  'the message is not JSON: CloudWatch sends JSON, and Managed Prometheus does with the template of docs/cloudwatch.md (larger than 256 KB it is cut)';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
