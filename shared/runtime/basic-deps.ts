import { readFileSync } from 'node:fs';
import type { Policy } from '../config/policy.ts';
import { systemClock } from './clock.ts';
import type { Deps, Settings } from './deps.ts';
import { once, optionalEnv, requireEnv } from './env.ts';
import { makeIds } from './ids.ts';
import { makeLog } from './logger.ts';
import { makeMetrics } from './metrics.ts';
import { powertoolsLogger, powertoolsMetrics } from './powertools.ts';

/** What every function gets without asking, because none of it loads a client. */
export type BasicName = 'clock' | 'ids' | 'random' | 'log' | 'metrics' | 'policy' | 'settings';

/** Policy and settings are read at their first use: a function needs only the variables of what it uses. */
export function makeBasicDeps(): Pick<Deps, BasicName> {
  const policy = once(readPolicy);
  return {
    clock: systemClock,
    ids: makeIds(),
    random: Math.random,
    log: makeLog(powertoolsLogger()),
    metrics: makeMetrics(powertoolsMetrics()),
    settings: settingsOfEnvironment,
    get policy() {
      return policy();
    },
  };
}

const settingsOfEnvironment: Settings = {
  get environment() {
    return requireEnv('ENVIRONMENT');
  },
  get publicUrl() {
    return requireEnv('PUBLIC_URL').replace(/\/+$/, '');
  },
  get eventsTopic() {
    return requireEnv('EVENTS_TOPIC_ARN');
  },
  get fallbackTopic() {
    return requireEnv('FALLBACK_TOPIC_ARN');
  },
  statusPrefix: 'status/',
};

/** The compiled policy: checked when it was compiled, so it is not checked again. */
function readPolicy(): Policy {
  const path = optionalEnv('POLICY_PATH') ?? new URL('./policy.json', import.meta.url);
  const policy: Policy = JSON.parse(readFileSync(path, 'utf8'));
  return policy;
}
