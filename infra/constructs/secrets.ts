import { CfnOutput, type RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SecretName } from '#shared/runtime/ports.ts';
import { secretIdVariable } from '#shared/runtime/production-deps/secrets.ts';
import { acknowledge } from '../wildcards.ts';
import type { ServiceFunction } from './service-function.ts';

const purposes: Readonly<Record<SecretName, string>> = {
  sources: 'Credentials by which Alertmanagers are known',
  operators: 'Tokens of people and tools, with their roles',
  slack: 'Bot token and signing secret of the Slack app',
  pagerduty: 'Routing keys of PagerDuty services',
};

export interface ServiceSecretsProps {
  readonly environment: string;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The four secrets, made empty and filled by hand (RUNBOOK, "Fill the secrets"). An empty one knows nobody: every door
 * refuses until it is filled. A later deploy leaves what was filled in alone, because the template's text does not change.
 */
export class ServiceSecrets extends Construct {
  readonly #secrets: Readonly<Record<SecretName, Secret>>;

  constructor(scope: Construct, id: string, { environment, removalPolicy }: ServiceSecretsProps) {
    super(scope, id);
    const make = (name: SecretName): Secret => {
      const secret = new Secret(this, name, {
        secretName: `tocsin/${environment}/${name}`,
        description: purposes[name],
        secretStringValue: SecretValue.unsafePlainText('{}'),
        removalPolicy,
      });
      acknowledge(
        secret,
        'AwsSolutions-SMG4',
        'Its values are given out by Slack and PagerDuty or stand in files of Alertmanagers: rotated by hand, two valid at once.',
      );
      new CfnOutput(this, `${name}SecretName`, { value: `tocsin/${environment}/${name}`, description: purposes[name] });
      return secret;
    };
    this.#secrets = {
      sources: make('sources'),
      operators: make('operators'),
      slack: make('slack'),
      pagerduty: make('pagerduty'),
    };
  }

  grantRead(fn: ServiceFunction, name: SecretName): void {
    const { secretArn } = this.#secrets[name];
    fn.setVariable(secretIdVariable(name), secretArn);
    fn.allow(['secretsmanager:GetSecretValue'], [secretArn]);
  }
}
