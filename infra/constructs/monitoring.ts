import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { metricsNamespace, metricsServiceOf } from '#shared/runtime/metrics.ts';
import type { MetricName } from '#shared/runtime/observe.ts';
import type { Stage } from '../stage.ts';

export interface AlarmProps {
  /** The name behind `tocsin-<environment>-`; its section of the runbook names it in a table. */
  readonly id: string;
  /** Anchor of the section of infra/RUNBOOK.md that explains it. */
  readonly heading: string;
  /** What has happened, as a sentence. */
  readonly says: string;
  readonly metric: IMetric;
  /** Rings above this. One of `above` and `below` is given. */
  readonly above?: number;
  readonly below?: number;
  /** Periods in a row that must ring. @default 1 */
  readonly periods?: number;
  /** Whether no data at all rings. @default false */
  readonly ringsWithoutData?: boolean;
}

/** Where alarms go, and the dashboard. Each capability adds its own alarms. */
export class Monitoring extends Construct {
  readonly topic: Topic;
  readonly #stage: Stage;
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.#stage = stage;
    this.topic = new Topic(this, 'Alarms', {
      topicName: `tocsin-${stage.environment}-alarms`,
      displayName: `Tocsin ${stage.environment}: alarms`,
      enforceSSL: true,
    });
    this.topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    // A topic policy takes the place of the default one, by which CloudWatch could publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.#action = new SnsAction(this.topic);
  }

  addAlarm({ id, heading, says, metric, above, below, periods = 1, ringsWithoutData = false }: AlarmProps): void {
    const threshold = above ?? below;
    if (threshold === undefined) throw new Error(`the alarm ${id} has no threshold`);
    const alarm = new Alarm(this, id, {
      alarmName: `tocsin-${this.#stage.environment}-${id}`,
      alarmDescription: `${says} What to do: ${this.#stage.runbook}#${heading}`,
      metric,
      threshold,
      comparisonOperator:
        above === undefined ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: ringsWithoutData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
  }

  /**
   * Sum of one of our metrics over all its other dimensions, for alarms: a Metrics Insights query, because an alarm can neither
   * search nor add up more than ten metrics.
   */
  sumOf(name: MetricName, period: Duration): IMetric {
    const service = metricsServiceOf(this.#stage.environment);
    return new MathExpression({
      expression: `SELECT SUM(${name}) FROM "${metricsNamespace}" WHERE service = '${service}'`,
      usingMetrics: {},
      label: name,
      period,
    });
  }

  /** Largest value of one of our metrics that has no other dimension. */
  largest(name: MetricName, period: Duration): IMetric {
    return new Metric({
      namespace: metricsNamespace,
      metricName: name,
      dimensionsMap: { service: metricsServiceOf(this.#stage.environment) },
      statistic: 'Maximum',
      period,
    });
  }

  /** The rows from top to bottom. */
  addDashboard(rows: readonly (readonly IWidget[])[]): void {
    new Dashboard(this, 'Dashboard', {
      dashboardName: `tocsin-${this.#stage.environment}`,
      defaultInterval: Duration.hours(24),
      widgets: rows.map((row) => [...row]),
    });
  }
}
