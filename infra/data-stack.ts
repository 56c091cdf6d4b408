import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ServiceSecrets } from './constructs/secrets.ts';
import { ServiceTable } from './constructs/table.ts';
import type { Stage } from './stage.ts';
import { acknowledge } from './wildcards.ts';

export interface DataStackProps extends StackProps {
  readonly stage: Stage;
}

/** What must survive a rebuild of the service: table, bucket, secrets, and the account's role for gateway logs. */
export class DataStack extends Stack {
  readonly table: ServiceTable;
  readonly bucket: Bucket;
  /** As other stacks import it. Said here, so that a policy's resource is known before synthesis has linked the stacks. */
  readonly bucketArn: string;
  readonly secrets: ServiceSecrets;

  constructor(scope: Construct, id: string, { stage, ...props }: DataStackProps) {
    super(scope, id, props);
    const removalPolicy = stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.table = new ServiceTable(this, 'Table', { isProtected: stage.isProtected, removalPolicy });
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy,
      lifecycleRules: [
        // Longer than the 14 days that the ingest queue and its dead-letter queue keep the message that names the object.
        { id: 'spilled-alerts', prefix: 'spill/', expiration: Duration.days(30) },
        {
          id: 'earlier-versions',
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    this.bucketArn = this.exportValue(this.bucket.bucketArn);
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'It holds a public page and, for hours, alerts too large for a queue; who reads the page is in the access log of the doors.',
    );
    this.secrets = new ServiceSecrets(this, 'Secrets', { environment: stage.environment, removalPolicy });
    if (stage.setsGatewayLogRole) this.#setGatewayLogRole();
  }

  /** Stays when the stack goes: other APIs of the account write logs by it too. */
  #setGatewayLogRole(): void {
    const role = new Role(this, 'GatewayLogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'API Gateway writes the logs of every API of this account and region by it.',
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    acknowledge(
      role,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'API Gateway checks the account role against this policy when it is set, and one role serves all APIs.',
    );
    const account = new CfnAccount(this, 'GatewayAccount', { cloudWatchRoleArn: role.roleArn });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
