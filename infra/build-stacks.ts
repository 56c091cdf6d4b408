import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Policy } from '#shared/config/policy.ts';
import type { FunctionBundles } from './bundle.ts';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Stage } from './stage.ts';

export interface StackInputs {
  readonly stage: Stage;
  readonly policy: Policy;
  readonly bundles: FunctionBundles;
}

/** Both stacks of an environment. Synthesis fails on any finding of cdk-nag that is not acknowledged with its reason. */
export function buildStacks(app: App, { stage, policy, bundles }: StackInputs) {
  const { environment, account, region, isProtected } = stage;
  const common = {
    stage,
    terminationProtection: isProtected,
    env: { ...(account !== null && { account }), ...(region !== null && { region }) },
  };
  const data = new DataStack(app, `tocsin-${environment}-data`, {
    ...common,
    description: `Tocsin ${environment}: table, bucket, secrets. Survives a rebuild of the service.`,
  });
  const service = new ServiceStack(app, `tocsin-${environment}-service`, {
    ...common,
    policy,
    bundles,
    data,
    description: `Tocsin ${environment}: doors, functions, queues, timer, alarms. Can be rebuilt.`,
  });
  Tags.of(app).add('application', 'tocsin');
  Tags.of(app).add('environment', environment);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  return { data, service };
}
