import { readFileSync } from 'node:fs';
import type { FunctionBundle } from '#infra/bundle.ts';
import { type QueueName, queueNames } from '#shared/runtime/messages.ts';
import { deadLetterUrlVariable, queueUrlVariable } from '#shared/runtime/queue-settings.ts';
import { type FunctionName, queueConsumers } from '#shared/runtime/wiring.ts';

/** The variables of deps.ts Settings, which are read when they are used. */
const settingVariables: Readonly<Record<string, string>> = {
  environment: 'ENVIRONMENT',
  publicUrl: 'PUBLIC_URL',
  eventsTopic: 'EVENTS_TOPIC_ARN',
  fallbackTopic: 'FALLBACK_TOPIC_ARN',
};

const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].flatMap((match) => match.slice(1).filter((group) => group !== undefined));

/** Queues that a source file sends to or asks about, by the names it says. */
function queuesOf(source: string, text: string): readonly QueueName[] {
  const literal = matches(text, /queues\s*\.(?:send|sendAll|probe)\(\s*'([\w-]+)'/g);
  // The one file that works out which queue: pages by lane, updates by a table.
  const computed = source.endsWith('runtime/dispatch-commit.ts')
    ? [...matches(text, /'([\w]+-updates)'/g), 'slack-pages', 'pagerduty-pages', 'sns-pages']
    : [];
  return queueNames.filter((name) => literal.includes(name) || computed.includes(name));
}

/** What one source file requires, whoever calls it. */
function variablesOf(source: string): readonly string[] {
  const text = readFileSync(source, 'utf8');
  // The settings are listed there, and each is required by whoever uses it.
  const required = source.endsWith('runtime/basic-deps.ts') ? [] : matches(text, /requireEnv\('(\w+)'\)/g);
  const settings = matches(text, /\bsettings\.(\w+)/g).flatMap((setting) => settingVariables[setting] ?? []);
  const secrets = matches(text, /(?:secrets|awsSecrets\(\))\.get\('(\w+)'/g);
  return [
    ...required,
    ...settings,
    ...secrets.map((secret) => `SECRET_ID_${secret.toUpperCase()}`),
    ...queuesOf(source, text).map(queueUrlVariable),
  ];
}

/**
 * The environment variables that a function can come to read: those that the sources left in its bundle require, and the
 * queues that it consumes. Found in the text, because each is read only when it is used.
 */
export function neededVariables(name: FunctionName, bundle: FunctionBundle): ReadonlySet<string> {
  const consumed = queueConsumers.filter((consumer) => consumer.function === name);
  return new Set([
    ...bundle.sources.filter((source) => /^(shared|functions)\//.test(source)).flatMap(variablesOf),
    ...consumed.flatMap(({ queue }) => [queueUrlVariable(queue), deadLetterUrlVariable(queue)]),
  ]);
}
