import { devNull } from 'node:os';
import { queueNames } from '#shared/runtime/messages.ts';
import { deadLetterUrlVariable, queueUrlVariable } from '#shared/runtime/queue-settings.ts';
import { stateMachineArn } from './aws/wire-server.ts';
import { deadLetterName, wireName } from './engines/queue-names.ts';
import { bucketName, type QueueEngine, region } from './engines/queues.ts';

export const tableName = 'tocsin-local';
export const environmentName = 'local';

/** Where the parts of one run listen. */
export interface EngineAddresses {
  readonly queues: QueueEngine;
  readonly dynamoEndpoint: string;
  readonly accessKeyId: string;
  readonly wireEndpoint: string;
  /** Null: the vendor's own address. */
  readonly slackApiUrl: string | null;
  readonly pagerdutyServer: string | null;
  readonly pagerdutyCaFile: string | null;
  readonly snsServer: string;
}

export interface EnvironmentParts extends EngineAddresses {
  readonly publicUrl: string;
  readonly policyPath: string;
}

/**
 * What the functions read, as infra/ sets it on AWS, plus where the SDK finds the engines. A null removes the variable:
 * nothing of the caller's own AWS settings may lead out of this machine.
 */
export function functionEnvironment(parts: EnvironmentParts): Readonly<Record<string, string | null>> {
  const { queues } = parts;
  const variables: Record<string, string | null> = {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: parts.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: null,
    AWS_PROFILE: null,
    AWS_ENDPOINT_URL: null,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: null,
    AWS_ENDPOINT_URL_DYNAMODB: parts.dynamoEndpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_S3: queues.endpoint,
    AWS_ENDPOINT_URL_SNS: parts.wireEndpoint,
    AWS_ENDPOINT_URL_SFN: parts.wireEndpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: parts.wireEndpoint,
    TABLE_NAME: tableName,
    BUCKET_NAME: bucketName,
    STATE_MACHINE_ARN: stateMachineArn,
    EVENTS_TOPIC_ARN: queues.topicArn('events'),
    FALLBACK_TOPIC_ARN: queues.topicArn('fallback'),
    ALARM_TOPIC_ARN: queues.topicArn('alarms'),
    SECRET_ID_SOURCES: secretId('sources'),
    SECRET_ID_OPERATORS: secretId('operators'),
    SECRET_ID_SLACK: secretId('slack'),
    SECRET_ID_PAGERDUTY: secretId('pagerduty'),
    PUBLIC_URL: parts.publicUrl,
    ENVIRONMENT: environmentName,
    POLICY_PATH: parts.policyPath,
    SLACK_API_URL: parts.slackApiUrl,
    PAGERDUTY_EVENTS_SERVER: parts.pagerdutyServer,
    SNS_SUBSCRIPTION_SERVER: parts.snsServer,
    POWERTOOLS_SERVICE_NAME: 'tocsin',
    POWERTOOLS_METRICS_DISABLED: 'true',
    // A terminal is for people, and what goes right is on the timeline. The caller's wish wins.
    POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? 'ERROR',
  };
  // A stand-in's certificate; what the caller trusts for an address of their own stays.
  if (parts.pagerdutyCaFile !== null) variables.PAGERDUTY_EVENTS_CA = parts.pagerdutyCaFile;
  for (const queue of queueNames) {
    variables[queueUrlVariable(queue)] = queues.queueUrl(wireName(queue));
    variables[deadLetterUrlVariable(queue)] = queues.queueUrl(deadLetterName(queue));
  }
  return variables;
}

export const secretId = (name: string): string => `tocsin-local/${name}`;

/** Puts the variables into this process, where the functions and the SDK read them. Answers how to put back what was there. */
export function applyEnvironment(variables: Readonly<Record<string, string | null>>): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name] ?? null]));
  setVariables(variables);
  return () => setVariables(before);
}

function setVariables(variables: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  }
}
