import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import type { Escalation } from './escalation.ts';
import type { Ingest } from './ingest.ts';
import type { Lanes } from './lanes.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';
import type { Topics } from './topics.ts';

export interface SweepProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
  readonly ingest: Ingest;
  readonly lanes: Lanes;
  readonly escalation: Escalation;
  readonly topics: Topics;
  readonly publicUrl: string;
}

/** The second path: every minute, what is due and not done. It needs neither stream nor state machine. */
export class Sweep extends Construct {
  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const { foundation, data, ingest, lanes, escalation, topics, publicUrl } = props;
    const { stage, monitoring } = foundation;
    const fn = new ServiceFunction(this, 'Function', {
      foundation,
      name: 'sweep',
      memorySize: 512,
      environment: { PUBLIC_URL: publicUrl },
    });
    // The next minute does what this one did not: a failed run is not tried again beside it.
    fn.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, 'EveryMinute', {
      ruleName: `tocsin-${stage.environment}-sweep`,
      description: 'Starts the sweep',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(fn.lambda, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });

    data.table.grant(fn, ['get', 'query', 'put', 'update', 'check'], ['open', 'due']);
    ingest.grantSend(fn);
    escalation.grantStart(fn);
    topics.grantPublishEvents(fn);
    lanes.grantSend(fn, [
      'slack-pages',
      'slack-updates',
      'pagerduty-pages',
      'pagerduty-updates',
      'sns-pages',
      'status-updates',
    ]);

    monitoring.addAlarm({
      id: 'sweep-missing',
      heading: 'sweep-missing',
      says: 'The sweep has not run for five minutes: nobody repairs what the main path leaves behind.',
      metric: fn.lambda.metricInvocations({ period: Duration.minutes(5), statistic: 'Sum' }),
      below: 1,
      ringsWithoutData: true,
    });
    monitoring.addAlarm({
      id: 'sweep-repairs',
      heading: 'sweep-repairs',
      says: 'The sweep did the main path’s work more than 20 times in 15 minutes.',
      metric: monitoring.sumOf('SweepRepairs', Duration.minutes(15)),
      above: 20,
    });
  }
}
