import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import { acknowledge, acknowledgeWildcard } from '../wildcards.ts';
import { type Foundation, ServiceFunction } from './service-function.ts';

/** The same file that the local run interprets. */
export const escalationDefinition = new URL('../escalation.asl.json', import.meta.url);

export interface EscalationProps {
  readonly foundation: Foundation;
  readonly data: DataStack;
}

/** Stage 5: the timer. It asks tick-escalation, waits until the instant that it answers, and asks again. */
export class Escalation extends Construct {
  readonly #timer: StateMachine;

  constructor(scope: Construct, id: string, { foundation, data }: EscalationProps) {
    super(scope, id);
    const { stage, monitoring } = foundation;
    const tick = new ServiceFunction(this, 'Tick', { foundation, name: 'tick-escalation' });
    // A step asks who is on call: overrides are found by a query.
    data.table.grant(tick, ['get', 'query', 'put']);

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `The timer of ${stage.environment} may call tick-escalation.`,
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [tick.lambda.functionArn] }));
    this.#timer = new StateMachine(this, 'Timer', {
      stateMachineName: `tocsin-${stage.environment}-escalation`,
      definitionBody: DefinitionBody.fromString(readFileSync(escalationDefinition, 'utf8')),
      definitionSubstitutions: { TickFunctionArn: tick.lambda.functionArn },
      role,
      tracingEnabled: stage.isTraced,
    });
    if (stage.isTraced) acknowledgeWildcard(role, 'timerTracing', '*');
    acknowledge(
      this.#timer,
      'AwsSolutions-SF1',
      'Step Functions keeps each execution for 90 days with all its events, and tick-escalation logs every round.',
    );

    const period = Duration.minutes(5);
    monitoring.addAlarm({
      id: 'timer-failed',
      heading: 'timer-failed',
      says: 'A timer of an incident ended in failure; the sweep escalates in its place.',
      metric: this.#timer.metricFailed({ period, statistic: 'Sum' }),
      above: 0,
    });
    monitoring.addAlarm({
      id: 'escalation-late',
      heading: 'escalation-late',
      says: 'An escalation ran more than two minutes after it was due.',
      metric: monitoring.largest('EscalationLateness', period),
      above: 120,
    });
  }

  /** Lets the function start timers. */
  grantStart(fn: ServiceFunction): void {
    fn.setVariable('STATE_MACHINE_ARN', this.#timer.stateMachineArn);
    fn.allow(['states:StartExecution'], [this.#timer.stateMachineArn]);
  }
}
