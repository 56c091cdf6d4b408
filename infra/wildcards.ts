import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/**
 * Every `*` that may stand in a policy, with its reason: a test refuses any other, and any here that stands nowhere.
 * In `text` a part that is known only at deploy is `…`.
 */
export interface Wildcard {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** The element of the policy that has the `*`. */
  readonly text: string;
  readonly reason: string;
}

export const wildcards = {
  spillWrite: {
    effect: 'Allow',
    actions: ['s3:PutObject'],
    text: '…/spill/*',
    reason: 'Each alert group too large for its queue is an object of its own.',
  },
  spillRead: {
    effect: 'Allow',
    actions: ['s3:GetObject'],
    text: '…/spill/*',
    reason: 'Ingest reads whichever alert group the queue names.',
  },
  statusWrite: {
    effect: 'Allow',
    actions: ['s3:PutObject'],
    text: '…/status/*',
    reason: 'The status page is several files, and may get more.',
  },
  statusRead: {
    effect: 'Allow',
    actions: ['s3:GetObject'],
    text: '…/status/*',
    reason: 'The public may read every file of the status page, and nothing else of the bucket.',
  },
  tracing: {
    effect: 'Allow',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    text: '*',
    reason: 'X-Ray knows no resources for these actions (service authorization reference).',
  },
  timerTracing: {
    effect: 'Allow',
    actions: ['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    text: '*',
    reason: 'X-Ray knows no resources for these actions (service authorization reference).',
  },
  listStreams: {
    effect: 'Allow',
    actions: ['dynamodb:ListStreams'],
    text: '*',
    reason: 'The event source of a stream needs it, and it knows no resources (service authorization reference).',
  },
  textMessages: {
    effect: 'Allow',
    actions: ['sns:Publish'],
    text: 'NotResource arn:…:sns:*:*:*',
    reason:
      'A text message has no ARN: everything but topics is allowed, and only when the policy file has a phone contact.',
  },
  gatewayCall: {
    effect: 'Allow',
    actions: ['lambda:InvokeFunction'],
    text: 'arn:…:execute-api:…/*/*/*',
    reason: 'One permission per function for all its doors: stage, method and path of our own API, and of no other.',
  },
  bucketTls: {
    effect: 'Deny',
    actions: ['s3:*'],
    text: '*',
    reason: 'Nobody may do anything to the bucket without TLS 1.2: a refusal, which a wildcard makes narrower.',
  },
  bucketTlsObjects: {
    effect: 'Deny',
    actions: ['s3:*'],
    text: '…/*',
    reason: 'Nobody may do anything to its objects without TLS 1.2: the same refusal.',
  },
  bucketTlsActions: {
    effect: 'Deny',
    actions: ['s3:*'],
    text: 's3:*',
    reason: 'The action of the refusal: whatever is done to the bucket.',
  },
  queueTls: {
    effect: 'Deny',
    actions: ['sqs:*'],
    text: '*',
    reason: 'Nobody may do anything to a queue without TLS.',
  },
  queueTlsActions: {
    effect: 'Deny',
    actions: ['sqs:*'],
    text: 'sqs:*',
    reason: 'The action of the refusal: whatever is done to a queue.',
  },
  topicTls: {
    effect: 'Deny',
    actions: ['sns:Publish'],
    text: '*',
    reason: 'Nobody may publish to a topic without TLS.',
  },
} as const satisfies Readonly<Record<string, Wildcard>>;

export type WildcardName = keyof typeof wildcards;

/** The statement of an allowed wildcard. `resource` ends as its `text` says. */
export const wildcardStatement = (name: WildcardName, resource: string): PolicyStatement =>
  new PolicyStatement({ actions: [...wildcards[name].actions], resources: [resource] });

/** Answers cdk-nag's finding about a wildcard with the reason of the list, at the construct whose policy holds it. */
export function acknowledgeWildcard(scope: IConstruct, name: WildcardName, resource: string): void {
  const flat = flattenCfnReference(Stack.of(scope).resolve(resource));
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${flat}]`, wildcards[name].reason);
}

/** A finding of cdk-nag that is right about the resource and wrong for us. */
export function acknowledge(scope: IConstruct | CfnElement, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}
