import type { AlertRecord } from '../alert/alert.ts';
import type { Policy } from '../config/policy.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import type { RoutedAlert } from './route.ts';

/**
 * An alert that fires for so long before we hear of it was not sent by a source in health: that takes `group_wait` and, behind
 * another alert of its group, `group_interval`, 5.5 minutes by Alertmanager's defaults.
 */
export const heardLateSeconds = 600;

/**
 * After a restart a source sends all that fires in any order. Until when an alert waits for what may inhibit it; null: it does
 * not wait. SEV1 never waits: a page too many about an outage costs less than one that comes late (DECISIONS 51).
 */
export function settlesUntil(
  { source, startsAt, changedAt, heardAt }: Pick<AlertRecord, 'source' | 'startsAt' | 'changedAt' | 'heardAt'>,
  routes: readonly RoutedAlert[],
  policy: Pick<Policy, 'sources'>,
): Instant | null {
  if (routes.some(({ severity }) => severity === 'SEV1')) return null;
  if ((heardAt ?? changedAt) < addSeconds(startsAt, heardLateSeconds)) return null;
  const settleSeconds = Object.hasOwn(policy.sources, source) ? (policy.sources[source]?.settleSeconds ?? 0) : 0;
  return settleSeconds === 0 ? null : addSeconds(changedAt, settleSeconds);
}
