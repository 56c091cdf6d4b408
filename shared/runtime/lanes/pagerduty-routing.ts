import type { Bucket } from '../../store/rate-limit-store.ts';
import type { Deps } from '../deps.ts';

export type PagerDutyDeps = Pick<
  Deps,
  'table' | 'pagerduty' | 'secrets' | 'clock' | 'policy' | 'settings' | 'log' | 'metrics' | 'queues' | 'random'
>;

export interface Routing {
  readonly service: string;
  /** The key's name, which is no secret. */
  readonly keyName: string;
  readonly routingKey: string;
  readonly region: 'us' | 'eu';
}

/**
 * Where a PagerDuty service of the policy file is reached; null when the file no longer names it or the secret does not
 * hold its key, also after a fresh look.
 * @throws AdapterError when the secret cannot be read
 */
export async function routingOf(deps: PagerDutyDeps, service: string): Promise<Routing | null> {
  const named = deps.policy.pagerduty[service];
  if (named === undefined) return null;
  const keyName = named.routingKeySecret;
  const cached = (await deps.secrets.get('pagerduty'))[keyName];
  const routingKey = isKey(cached) ? cached : (await deps.secrets.get('pagerduty', { fresh: true }))[keyName];
  return isKey(routingKey) ? { service, keyName, routingKey, region: named.region } : null;
}

const isKey = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The limit is one routing key's. */
export const eventBucket = (routing: Routing): Bucket => ({ call: 'pagerduty event', name: routing.keyName });
