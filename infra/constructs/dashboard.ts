import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IWidget, MathExpression, Metric, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { type QueueName, queueNames } from '#shared/runtime/messages.ts';
import { metricsNamespace, metricsServiceOf } from '#shared/runtime/metrics.ts';
import type { MetricName } from '#shared/runtime/observe.ts';
import { type FunctionName, functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import { queueNameOf } from './service-queue.ts';

/** CloudWatch lays widgets out on 24 columns. */
const full = 24;
const half = 12;

/** The dashboard's rows. First the two numbers that matter most: requests accepted, and pages handed over in time. */
export function dashboardRows(environment: string): readonly (readonly IWidget[])[] {
  const ours = (name: MetricName, dimensions: readonly string[]) => sumBySearch(environment, name, dimensions);
  const handedOver = ours('PagesHandedOverInTime', ['lane', 'severity']);
  return [
    [
      numberWidget('Requests accepted', [ours('RequestsAccepted', ['source'])]),
      numberWidget('Pages handed over in time', [handedOver]),
    ],
    [
      graphWidget('Pages', [
        ours('PagesOwed', ['severity']),
        handedOver,
        ours('PagesHandedOverLate', ['lane', 'severity']),
        ours('PagesCancelled', ['lane', 'severity']),
        ours('FallbackPaged', ['lane', 'severity']),
      ]),
      graphWidget('Alerts and incidents', [
        ours('AlertsChanged', []),
        ours('AlertsUnchanged', ['source']),
        ours('AlertsQuarantined', ['source']),
        ours('IncidentsOpened', ['severity']),
      ]),
    ],
    [
      graphWidget(
        'Age of the oldest message',
        queueNames.map((queue) => queueMetric(environment, queue, 'ApproximateAgeOfOldestMessage')),
      ),
      graphWidget('Requests refused, and repairs of the sweep', [
        ours('RequestsRefused', ['reason']),
        ours('SweepRepairs', ['kind']),
        ours('BreakerOpened', ['vendor']),
      ]),
    ],
    [
      graphWidget('Errors of functions', functionMetrics(environment, 'Errors', 'Sum')),
      graphWidget('Duration of functions, p99', functionMetrics(environment, 'Duration', 'p99')),
    ],
  ];
}

/** All series of a metric that have exactly these dimensions, added up. */
function sumBySearch(environment: string, name: MetricName, dimensions: readonly string[]): MathExpression {
  const schema = [metricsNamespace, 'service', ...dimensions].join(',');
  const search = `{${schema}} service="${metricsServiceOf(environment)}" MetricName="${name}"`;
  return new MathExpression({
    expression: `SUM(SEARCH('${search}', 'Sum'))`,
    usingMetrics: {},
    label: name,
    period: Duration.minutes(5),
  });
}

const queueMetric = (environment: string, queue: QueueName, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: queueNameOf(environment, queue) },
    statistic: 'Maximum',
    label: queue,
    period: Duration.minutes(1),
  });

const functionMetrics = (environment: string, metricName: string, statistic: string): readonly Metric[] =>
  (Object.keys(functionTimeoutSeconds) as FunctionName[]).map(
    (name) =>
      new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { FunctionName: `tocsin-${environment}-${name}` },
        statistic,
        label: name,
        period: Duration.minutes(5),
      }),
  );

const numberWidget = (title: string, metrics: readonly MathExpression[]): SingleValueWidget =>
  new SingleValueWidget({ title, metrics: [...metrics], width: half, height: 4, setPeriodToTimeRange: true });

const graphWidget = (title: string, metrics: readonly (MathExpression | Metric)[]): GraphWidget =>
  new GraphWidget({ title, left: [...metrics], width: full / 2, height: 6, leftYAxis: { min: 0 } });
