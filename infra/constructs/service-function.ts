import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Policy } from '#shared/config/policy.ts';
import { metricsServiceOf } from '#shared/runtime/metrics.ts';
import { type FunctionName, functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import type { FunctionBundles } from '../bundle.ts';
import type { Stage } from '../stage.ts';
import { acknowledgeWildcard, type WildcardName, wildcardStatement } from '../wildcards.ts';
import type { Monitoring } from './monitoring.ts';

/** What every construct of the service stands on. */
export interface Foundation {
  readonly stage: Stage;
  readonly policy: Policy;
  readonly bundles: FunctionBundles;
  readonly monitoring: Monitoring;
}

export interface ServiceFunctionProps {
  readonly foundation: Foundation;
  readonly name: FunctionName;
  /** Megabytes. A share of the processor comes with it: 1,769 MB are one. @default 256 */
  readonly memorySize?: number;
  /** Added to what every function gets; a name that is set already is refused. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One function of functions/: its role, its log group, its alarms. It may do nothing until a capability grants it. */
export class ServiceFunction extends Construct {
  readonly name: FunctionName;
  readonly lambda: LambdaFunction;
  readonly #role: Role;
  readonly #variables = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    { foundation, name, memorySize = 256, environment = {} }: ServiceFunctionProps,
  ) {
    super(scope, id);
    const { stage, bundles } = foundation;
    this.name = name;
    const functionName = `tocsin-${stage.environment}-${name}`;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What functions/${name}.ts may do in ${stage.environment}.`,
    });
    const reserved = stage.reservedConcurrency[name];
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName,
      description: `functions/${name}.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundles[name].directory),
      memorySize,
      timeout: Duration.seconds(functionTimeoutSeconds[name]),
      role: this.#role,
      logGroup,
      tracing: stage.isTraced ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    });
    this.lambda.node.addDependency(logGroup);

    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    if (stage.isTraced) acknowledgeWildcard(this, 'tracing', '*');

    const everywhere = {
      ENVIRONMENT: stage.environment,
      // Two environments of one account share the namespace of metrics; this keeps them apart.
      POWERTOOLS_SERVICE_NAME: metricsServiceOf(stage.environment),
      POWERTOOLS_LOG_LEVEL: 'INFO',
    };
    for (const [variable, value] of Object.entries({ ...everywhere, ...environment }))
      this.setVariable(variable, value);
    this.#addAlarms(foundation.monitoring);
  }

  /** @throws when the variable has a value already: two capabilities would mean different things by it */
  setVariable(name: string, value: string): void {
    if (this.#variables.has(name)) throw new Error(`${this.name}: ${name} is set twice`);
    this.#variables.add(name);
    this.lambda.addEnvironment(name, value);
  }

  /** Lets the function do these on exactly these resources. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.#role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  /** The same for a resource with a `*`, which must stand in wildcards.ts. */
  allowWildcard(name: WildcardName, resource: string): void {
    this.addStatement(wildcardStatement(name, resource));
    acknowledgeWildcard(this, name, resource);
  }

  addStatement(statement: PolicyStatement): void {
    this.#role.addToPolicy(statement);
  }

  #addAlarms(monitoring: Monitoring): void {
    const period = Duration.minutes(5);
    monitoring.addAlarm({
      id: `errors-${this.name}`,
      heading: 'errors',
      says: `${this.name} ended with an error or ran out of time.`,
      metric: this.lambda.metricErrors({ period, statistic: 'Sum' }),
      above: 0,
    });
    monitoring.addAlarm({
      id: `throttles-${this.name}`,
      heading: 'throttles',
      says: `${this.name} was refused an invocation: no concurrency was left.`,
      metric: this.lambda.metricThrottles({ period, statistic: 'Sum' }),
      above: 0,
    });
  }
}
