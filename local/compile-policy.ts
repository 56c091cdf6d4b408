import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { checkPolicyDates } from '#shared/config/check-dates.ts';
import { parsePolicy } from '#shared/config/parse-policy.ts';
import type { Policy } from '#shared/config/policy.ts';
import { formatProblem, type PolicyProblem } from '#shared/config/problem.ts';
import { fromEpochMillis } from '#shared/kernel/instant.ts';
import { environmentName, secretId } from './environment.ts';
import { type LocalSettings, StartError } from './settings.ts';

/** Compiles the policy file into DATA_DIR/policy.json, as synth bundles it. @throws StartError with every problem found */
export function compilePolicy(settings: Pick<LocalSettings, 'configPath' | 'dataDir'>): {
  readonly policy: Policy;
  readonly path: string;
  readonly warnings: readonly string[];
} {
  const fileName = relative(process.cwd(), settings.configPath) || settings.configPath;
  const text = readPolicyFile(settings.configPath, fileName);
  const reading = parsePolicy(text, { environment: environmentName, fileName });
  if (!reading.ok) {
    throw new StartError(`The policy file has problems:\n${reading.problems.map(describe).join('\n')}`);
  }
  const path = join(settings.dataDir, 'policy.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(reading.policy));
  const dated = checkPolicyDates(text, reading.policy, fileName, fromEpochMillis(Date.now()));
  return { policy: reading.policy, path, warnings: [...reading.warnings, ...dated].map(describe) };
}

const describe = (problem: PolicyProblem): string => `  ${formatProblem(problem)}`;

function readPolicyFile(path: string, fileName: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new StartError(`There is no policy file ${fileName}: set CONFIG to one, for example config/local.yaml.`);
  }
}

/**
 * The credential of each source: the first of the policy file has SOURCE_TOKEN, every other one `<SOURCE_TOKEN>-<name>`,
 * because a credential is what tells sources apart.
 */
export const sourceTokens = (settings: Pick<LocalSettings, 'sourceToken'>, policy: Pick<Policy, 'sources'>) =>
  Object.keys(policy.sources).map((name, index) => ({
    name,
    token: index === 0 ? settings.sourceToken : `${settings.sourceToken}-${name}`,
  }));

/** The deployment's secrets, made from the settings. */
export function localSecrets(settings: LocalSettings, policy: Policy): Readonly<Record<string, string>> {
  const sources = sourceTokens(settings, policy).map(({ name, token }) => [
    name,
    { tokens: [token], basic: [{ username: name, password: token }] },
  ]);
  const keys = Object.values(policy.pagerduty).map((service) => [
    service.routingKeySecret,
    settings.pagerdutyRoutingKey ?? madeUpRoutingKey(service.routingKeySecret),
  ]);
  return {
    [secretId('sources')]: JSON.stringify(Object.fromEntries(sources)),
    [secretId('operators')]: JSON.stringify({ local: { token: settings.operatorToken, role: 'admin' } }),
    [secretId('slack')]: JSON.stringify({
      botToken: settings.slackBotToken,
      signingSecret: settings.slackSigningSecret,
    }),
    [secretId('pagerduty')]: JSON.stringify(Object.fromEntries(keys)),
  };
}

/** 32 characters, the same at every start, and known to nobody but the stand-in. */
export const madeUpRoutingKey = (name: string): string =>
  createHash('sha256').update(`tocsin-local ${name}`).digest('hex').slice(0, 32);
