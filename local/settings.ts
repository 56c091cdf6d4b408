import { resolve } from 'node:path';

/** A setting or a prerequisite is wrong: the message is one sentence with the fix, printed without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** What `npm start` can be told (DESIGN section 9). */
export interface LocalSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly configPath: string;
  /** Null: the address that it listens on. */
  readonly publicUrl: string | null;
  readonly slack: VendorChoice;
  readonly slackBotToken: string;
  readonly slackSigningSecret: string;
  readonly pagerduty: VendorChoice;
  /** One routing key for all PagerDuty services of the policy file; null: made up, for the stand-in. */
  readonly pagerdutyRoutingKey: string | null;
  readonly sourceToken: string;
  readonly operatorToken: string;
}

/** Whom the product talks to: our stand-in, the vendor itself, or an address that the caller gave. */
export type VendorChoice =
  | { readonly kind: 'stand-in' }
  | { readonly kind: 'real' }
  | { readonly kind: 'given'; readonly address: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings from environment variables. @throws StartError naming the variable that is wrong */
export function readSettings(env: Environment, cwd: string): LocalSettings {
  const text = (name: string, otherwise: string) => env[name]?.trim() || otherwise;
  const optional = (name: string) => env[name]?.trim() || null;
  const slackBotToken = optional('SLACK_BOT_TOKEN');
  const pagerdutyRoutingKey = optional('PAGERDUTY_ROUTING_KEY');
  return {
    host: text('HOST', '127.0.0.1'),
    port: readPort(text('PORT', '8080')),
    dataDir: resolve(cwd, text('DATA_DIR', '.data')),
    configPath: resolve(cwd, text('CONFIG', 'config/local.yaml')),
    publicUrl: readPublicUrl(optional('PUBLIC_URL')),
    slack: chooseVendor(optional('SLACK_API_URL'), slackBotToken !== null),
    slackBotToken: slackBotToken ?? 'xoxb-local-sandbox',
    slackSigningSecret: text('SLACK_SIGNING_SECRET', 'local-signing-secret'),
    pagerduty: chooseVendor(optional('PAGERDUTY_EVENTS_SERVER'), pagerdutyRoutingKey !== null),
    pagerdutyRoutingKey,
    sourceToken: text('SOURCE_TOKEN', 'local-source'),
    operatorToken: text('OPERATOR_TOKEN', 'local-operator'),
  };
}

function chooseVendor(address: string | null, hasCredential: boolean): VendorChoice {
  if (address !== null) return { kind: 'given', address };
  return hasCredential ? { kind: 'real' } : { kind: 'stand-in' };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new StartError(`PORT must be a number from 0 to 65535, not "${text}".`);
  }
  return port;
}

function readPublicUrl(text: string | null): string | null {
  if (text === null) return null;
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new StartError(`PUBLIC_URL must be an http or https address, not "${text}".`);
  }
  return text.replace(/\/+$/, '');
}
