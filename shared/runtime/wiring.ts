import type { QueueName } from './messages.ts';

/** Which function stands behind which door and queue: read by CDK, by the local run and by their tests. */
export type FunctionName =
  | 'receive-alerts'
  | 'receive-sns'
  | 'ingest-alerts'
  | 'dispatch-timeline'
  | 'notify-slack'
  | 'notify-pagerduty'
  | 'notify-sns'
  | 'tick-escalation'
  | 'respond-to-slack'
  | 'run-commands'
  | 'publish-status'
  | 'draft-postmortem'
  | 'serve-api'
  | 'serve-alertmanager'
  | 'sweep';

export interface Door {
  /** `ANY`: every method that no other door of the same path names. */
  readonly method: 'GET' | 'POST' | 'DELETE' | 'ANY';
  /** API Gateway syntax: `{number}` is a path parameter, `{path+}` all that is left of the path. */
  readonly path: string;
  readonly function: FunctionName;
}

/**
 * Alertmanager's API v2 but for the posting of alerts. It answers wrong paths and methods in Alertmanager's own shape, so it takes
 * whatever comes. A greedy path at each level where another path exists, because API Gateway finds the resource first and then
 * its method, and does not say that it would look further up.
 */
const alertmanagerDoors: readonly Door[] = [
  '/alertmanager/{path+}',
  '/alertmanager/api/{path+}',
  '/alertmanager/api/v2/{path+}',
  '/alertmanager/api/v2/alerts',
  '/alertmanager/api/v2/alerts/{path+}',
].map((path) => ({ method: 'ANY', path, function: 'serve-alertmanager' }));

export const doors: readonly Door[] = [
  { method: 'POST', path: '/v1/alertmanager', function: 'receive-alerts' },
  { method: 'POST', path: '/v1/grafana', function: 'receive-alerts' },
  { method: 'POST', path: '/v1/sns', function: 'receive-sns' },
  { method: 'POST', path: '/alertmanager/api/v2/alerts', function: 'receive-alerts' },
  { method: 'POST', path: '/v1/slack/commands', function: 'respond-to-slack' },
  { method: 'POST', path: '/v1/slack/interactions', function: 'respond-to-slack' },
  { method: 'GET', path: '/v1/incidents', function: 'serve-api' },
  { method: 'GET', path: '/v1/incidents/{number}', function: 'serve-api' },
  { method: 'GET', path: '/v1/incidents/{number}/timeline', function: 'serve-api' },
  { method: 'GET', path: '/v1/incidents/{number}/why', function: 'serve-api' },
  { method: 'GET', path: '/v1/incidents/{number}/postmortem', function: 'draft-postmortem' },
  /** `action`: acknowledge, resolve, escalate, severity, note, update, close. */
  { method: 'POST', path: '/v1/incidents/{number}/{action}', function: 'serve-api' },
  { method: 'GET', path: '/v1/alerts', function: 'serve-api' },
  { method: 'GET', path: '/v1/alerts/quarantined', function: 'serve-api' },
  { method: 'GET', path: '/v1/silences', function: 'serve-api' },
  { method: 'POST', path: '/v1/silences', function: 'serve-api' },
  { method: 'POST', path: '/v1/silences/preview', function: 'serve-api' },
  { method: 'GET', path: '/v1/silences/{id}', function: 'serve-api' },
  { method: 'DELETE', path: '/v1/silences/{id}', function: 'serve-api' },
  { method: 'POST', path: '/v1/simulations', function: 'serve-api' },
  { method: 'GET', path: '/v1/heartbeats', function: 'serve-api' },
  { method: 'GET', path: '/v1/on-call', function: 'serve-api' },
  { method: 'GET', path: '/v1/on-call/schedules/{name}', function: 'serve-api' },
  /** Calendar clients come with a key in the address: they send no headers. */
  { method: 'GET', path: '/v1/on-call/schedules/{name}/calendar.ics', function: 'serve-api' },
  { method: 'GET', path: '/v1/on-call/people/{name}', function: 'serve-api' },
  { method: 'GET', path: '/v1/on-call/people/{name}/calendar.ics', function: 'serve-api' },
  { method: 'GET', path: '/v1/on-call/overrides', function: 'serve-api' },
  { method: 'POST', path: '/v1/on-call/overrides', function: 'serve-api' },
  { method: 'DELETE', path: '/v1/on-call/overrides/{id}', function: 'serve-api' },
  { method: 'POST', path: '/v1/on-call/swaps', function: 'serve-api' },
  { method: 'GET', path: '/healthz', function: 'serve-api' },
  { method: 'GET', path: '/readyz', function: 'serve-api' },
  { method: 'GET', path: '/metrics', function: 'serve-api' },
  ...alertmanagerDoors,
];

export interface QueueConsumer {
  readonly queue: QueueName;
  readonly function: FunctionName;
  /** FIFO: one message group per alert group, stop at the first failure of a group and return the rest. */
  readonly fifo: boolean;
  readonly batchSize: number;
  /** A little over the function's timeout, so that a message is never in two hands. */
  readonly visibilitySeconds: number;
  /** Receives before SQS itself moves a message aside: high, because transient errors never dead-letter. */
  readonly maxReceives: number;
}

/** Seconds that each function may take. The doors answer long before; these bound what hangs. */
export const functionTimeoutSeconds: Readonly<Record<FunctionName, number>> = {
  'receive-alerts': 10,
  'receive-sns': 14,
  'ingest-alerts': 60,
  'dispatch-timeline': 60,
  'notify-slack': 60,
  'notify-pagerduty': 60,
  'notify-sns': 60,
  'tick-escalation': 20,
  'respond-to-slack': 5,
  'run-commands': 30,
  'publish-status': 30,
  'draft-postmortem': 15,
  'serve-api': 15,
  /** API Gateway waits 29 s; a list of thousands of alerts gives up by itself before (list-budget.ts). */
  'serve-alertmanager': 28,
  sweep: 55,
};

const lane = { fifo: false, batchSize: 5, visibilitySeconds: 70, maxReceives: 1000 } as const;

export const queueConsumers: readonly QueueConsumer[] = [
  { queue: 'ingest', function: 'ingest-alerts', fifo: true, batchSize: 5, visibilitySeconds: 70, maxReceives: 1000 },
  /** Standard, because a FIFO queue delays no single message. */
  { queue: 'releases', function: 'ingest-alerts', fifo: false, batchSize: 5, visibilitySeconds: 70, maxReceives: 1000 },
  { queue: 'slack-pages', function: 'notify-slack', ...lane },
  { queue: 'slack-updates', function: 'notify-slack', ...lane },
  { queue: 'pagerduty-pages', function: 'notify-pagerduty', ...lane },
  { queue: 'pagerduty-updates', function: 'notify-pagerduty', ...lane },
  { queue: 'sns-pages', function: 'notify-sns', ...lane },
  {
    queue: 'status-updates',
    function: 'publish-status',
    fifo: false,
    batchSize: 5,
    visibilitySeconds: 40,
    maxReceives: 1000,
  },
  { queue: 'commands', function: 'run-commands', fifo: false, batchSize: 5, visibilitySeconds: 40, maxReceives: 1000 },
];
