import type { Policy } from '../config/policy.ts';
import type { Ids } from '../kernel/id.ts';
import type { Table } from '../store/table.ts';
import type { Log, Metrics } from './observe.ts';
import type {
  Blobs,
  Clock,
  PagerDutyApi,
  Queues,
  Secrets,
  SlackApi,
  SlackResponder,
  SnsSubscriptions,
  Timers,
  Topics,
} from './ports.ts';

/**
 * Everything a handler may use. A handler names what it takes: `makeHandler(deps: Pick<Deps, 'table' | 'clock'>)`.
 * Production builds it from the environment (`production-deps.ts`), the simulation from its models.
 */
export interface Deps {
  readonly table: Table;
  readonly queues: Queues;
  readonly timers: Timers;
  readonly blobs: Blobs;
  readonly topics: Topics;
  readonly snsSubscriptions: SnsSubscriptions;
  readonly secrets: Secrets;
  readonly slack: SlackApi;
  readonly slackResponder: SlackResponder;
  readonly pagerduty: PagerDutyApi;
  readonly clock: Clock;
  readonly ids: Ids;
  /** In [0, 1): jitter only, never a decision. */
  readonly random: () => number;
  readonly policy: Policy;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: Settings;
}

export interface Settings {
  readonly environment: string;
  /** Outside base URL, stage path included, no trailing slash. */
  readonly publicUrl: string;
  readonly eventsTopic: string;
  readonly fallbackTopic: string;
  /** Bucket prefix of the status page, such as `status/`. */
  readonly statusPrefix: string;
}
