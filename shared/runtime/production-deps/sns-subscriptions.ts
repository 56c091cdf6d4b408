import { makeSnsSubscriptions } from '../../adapters/sns-subscription/sns-subscriptions.ts';
import { optionalEnv } from '../env.ts';
import type { SnsSubscriptions } from '../ports.ts';

/** SNS gives a subscriber 15 s: 3 s to fetch, and what SQS takes at worst. */
export function snsSubscriptions(): SnsSubscriptions {
  const server = optionalEnv('SNS_SUBSCRIPTION_SERVER');
  return makeSnsSubscriptions({ timeoutMillis: 3_000, ...(server !== null && { server }) });
}
