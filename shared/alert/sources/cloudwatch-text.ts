import type { Labels } from '../labels.ts';
import { isJsonObject, type JsonObject } from '../parse-alert.ts';

/** What a CloudWatch alarm says of itself beside who it is. */

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const objects = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

/** Labels to route by. A dimension is `dimension_<name>`, so that none can pretend to be an account or another metric. */
export function alarmMetric(alarm: JsonObject): Labels {
  const metric = metricOf(alarm.Trigger);
  const labels: [string, string][] = [
    ['alarm_type', text(alarm.AlarmRule) === '' ? 'metric' : 'composite'],
    ['namespace', text(metric.Namespace)],
    ['metric', text(metric.MetricName)],
    ...objects(metric.Dimensions).map((dimension): [string, string] => [
      `dimension_${text(dimension.name)}`,
      text(dimension.value),
    ]),
  ];
  return Object.fromEntries(labels.filter(([, value]) => value !== ''));
}

/** Of an alarm on an expression the metric is named only when there is one: with several none is the alarm's. */
function metricOf(trigger: unknown): JsonObject {
  if (!isJsonObject(trigger)) return {};
  const metrics = objects(trigger.Metrics).flatMap(({ MetricStat: stat }) =>
    isJsonObject(stat) && isJsonObject(stat.Metric) ? [stat.Metric] : [],
  );
  const [only] = metrics;
  return metrics.length === 1 && only !== undefined ? only : trigger;
}

/** Annotations as an incident shows them, and the alarm's page in the console. */
export function describeAlarm(
  alarm: JsonObject,
  name: string,
): { readonly annotations: Labels; readonly link: string } {
  const reason = text(alarm.NewStateReason);
  const children = objects(alarm.TriggeringChildren).flatMap(({ Arn }) => text(Arn) || []);
  const annotations = {
    summary: text(alarm.AlarmDescription) || `CloudWatch alarm ${name}`,
    description: reason,
    value: datapointOf(reason),
    alarm_rule: text(alarm.AlarmRule),
    triggering_alarms: children.join(', '),
  };
  return {
    annotations: Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== '')),
    link: consoleLink(text(alarm.AlarmArn), name),
  };
}

/** The newest of `... 1 datapoint [92.5 (10/11/21 02:40:00)] was greater ...`. */
const datapointOf = (reason: string): string => /\[(-?[\d.]+(?:E-?\d+)?) \(/.exec(reason)?.[1] ?? '';

const consoles: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The address that CloudWatch itself writes into its e-mails. */
function consoleLink(arn: string, name: string): string {
  const [, partition = '', , region = ''] = arn.split(':');
  const host = Object.hasOwn(consoles, partition) ? consoles[partition] : undefined;
  if (host === undefined || !/^[a-z0-9-]+$/.test(region)) return '';
  return `https://${region}.${host}/cloudwatch/deeplink.js?region=${region}#alarmsV2:alarm/${encodeURIComponent(name.toWellFormed())}`;
}
