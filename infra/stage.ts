import type { FunctionName } from '#shared/runtime/wiring.ts';

/** What differs between environments. A new one is one object in here and one file in config/. */
export interface StageSettings {
  /** Where it is deployed; null: wherever the credentials of the deploy point to. */
  readonly account: string | null;
  readonly region: string | null;
  /** Production: stacks refuse to be deleted, and data stays when its resource goes. */
  readonly isProtected: boolean;
  /** Who is told of every alarm. Not the address of the policy file's fallback: that one is paged, this one repairs. */
  readonly alarmEmail: string;
  /** A retention that CloudWatch Logs knows. */
  readonly logRetentionDays: 7 | 14 | 30 | 60 | 90 | 180 | 365;
  /**
   * Reserved concurrency by function; a function that is not named takes what the account has. Empty by default, because a new
   * account has 10 in all and AWS refuses to reserve any of them.
   */
  readonly reservedConcurrency: Partial<Readonly<Record<FunctionName, number>>>;
  /** Most invocations at once per queue (2 to 1000), so that no backlog takes the doors' share; null: no limit. */
  readonly queueConcurrency: number | null;
  /** Per second, and in a burst; the account's own limits (10,000 and 5,000 by default) hold all the same. */
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  /** A name of your own in front of the doors, with its certificate in the same region. */
  readonly domain: { readonly name: string; readonly certificateArn: string } | null;
  /** The address that people and vendors use, when something else stands in front; null: the domain, or API Gateway's own. */
  readonly publicUrl: string | null;
  readonly isTraced: boolean;
  /**
   * API Gateway writes logs with one role per account and region. True: this deployment sets it. False: somebody else has.
   * Without the role the deploy fails with "CloudWatch Logs role ARN must be set".
   */
  readonly setsGatewayLogRole: boolean;
  /** Every alarm's description links into it. */
  readonly runbook: string;
}

export interface Stage extends StageSettings {
  readonly environment: string;
}

const runbook = 'infra/RUNBOOK.md';

/** Addresses of example.com are yours to replace, as the ids in config/ are. */
export const stages: Readonly<Record<string, StageSettings>> = {
  dev: {
    account: null,
    region: null,
    isProtected: false,
    alarmEmail: 'tocsin-dev-alarms@example.com',
    logRetentionDays: 14,
    reservedConcurrency: {},
    // The least that SQS takes: ten in all is what a new account has.
    queueConcurrency: 2,
    throttle: { requestsPerSecond: 1000, burst: 1000 },
    domain: null,
    publicUrl: null,
    isTraced: true,
    setsGatewayLogRole: true,
    runbook,
  },
  prod: {
    account: null,
    region: null,
    isProtected: true,
    alarmEmail: 'tocsin-alarms@example.com',
    logRetentionDays: 90,
    reservedConcurrency: {},
    // Eight queues: 400 of the 1,000 that an account has by default.
    queueConcurrency: 50,
    throttle: { requestsPerSecond: 10_000, burst: 5000 },
    domain: null,
    publicUrl: null,
    isTraced: true,
    setsGatewayLogRole: true,
    runbook,
  },
};

const settingNames = Object.keys({
  account: 0,
  region: 0,
  isProtected: 0,
  alarmEmail: 0,
  logRetentionDays: 0,
  reservedConcurrency: 0,
  queueConcurrency: 0,
  throttle: 0,
  domain: 0,
  publicUrl: 0,
  isTraced: 0,
  setsGatewayLogRole: 0,
  runbook: 0,
} satisfies Record<keyof StageSettings, 0>);

/** A setting is wrong: the message says which one and what to write. */
export class StageRefused extends Error {
  override readonly name = 'StageRefused';
}

/** The CDK's own context: feature flags of cdk.json, what its command line passes on, its switch for telemetry. */
const isToolkitKey = (key: string): boolean => /^(@aws-cdk|aws:|aws-cdk|cli-telemetry$)/.test(key);

/**
 * The settings of the environment that `-c environment=<name>` names.
 * @throws StageRefused for an unknown environment, context key or setting
 */
export function readStage(
  context: Readonly<Record<string, unknown>>,
  all: Readonly<Record<string, StageSettings>> = stages,
): Stage {
  for (const key of Object.keys(context)) {
    if (key !== 'environment' && !isToolkitKey(key)) {
      throw new StageRefused(
        `There is no context key "${key}". Settings stand in infra/stage.ts; -c takes environment only.`,
      );
    }
  }
  const { environment } = context;
  const names = Object.keys(all).join(', ');
  if (typeof environment !== 'string' || environment === '') {
    throw new StageRefused(`Say which environment: -c environment=<name>, one of ${names}.`);
  }
  const settings = Object.hasOwn(all, environment) ? all[environment] : undefined;
  if (settings === undefined) {
    throw new StageRefused(
      `There is no environment "${environment}": infra/stage.ts has ${names}. A new one is an object there and config/${environment}.yaml.`,
    );
  }
  checkSettings(environment, settings);
  return { ...settings, environment };
}

/** What the types cannot say. Names of resources are made of the environment's name. */
function checkSettings(environment: string, settings: StageSettings): void {
  const refuse = (sentence: string): never => {
    throw new StageRefused(`infra/stage.ts, ${environment}: ${sentence}`);
  };
  if (!/^[a-z][a-z0-9]{0,11}$/.test(environment)) refuse('the name must be 1 to 12 lower-case letters and digits.');
  for (const name of Object.keys(settings)) {
    if (!settingNames.includes(name)) refuse(`there is no setting ${name}. Settings are ${settingNames.join(', ')}.`);
  }
  for (const name of settingNames) {
    if (!Object.hasOwn(settings, name)) refuse(`the setting ${name} is missing.`);
  }
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(settings.alarmEmail)) {
    refuse(`alarmEmail must be the e-mail address of whoever repairs Tocsin, not "${settings.alarmEmail}".`);
  }
  const { queueConcurrency, publicUrl } = settings;
  if (queueConcurrency !== null && !(queueConcurrency >= 2 && queueConcurrency <= 1000)) {
    refuse(`queueConcurrency must be from 2 to 1000 (what SQS event sources take), or null, not ${queueConcurrency}.`);
  }
  if (publicUrl !== null && !/^https:\/\/[^/\s]+(\/[^\s]*[^/\s])?$/.test(publicUrl)) {
    refuse(`publicUrl must be an https address without a slash at its end, not "${publicUrl}".`);
  }
}
