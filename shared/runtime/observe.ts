/** Structured logging, as Powertools has it. Fields never hold a secret or a message body. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, unknown>>;

/** Counts of DESIGN section 10; CloudWatch embedded metrics in production. Closed list: a metric has an owner. */
export type MetricName =
  | 'RequestsAccepted'
  | 'RequestsRefused'
  | 'AlertsUnchanged'
  | 'AlertsChanged'
  | 'AlertsQuarantined'
  | 'AlertsUnrouted'
  | 'IncidentsOpened'
  | 'PagesOwed'
  | 'PagesHandedOverInTime'
  | 'PagesHandedOverLate'
  | 'PagesCancelled'
  | 'FallbackPaged'
  | 'EscalationLateness'
  | 'SweepRepairs'
  | 'VendorCalls'
  | 'BreakerOpened'
  | 'CommandsQueued';

export interface Metrics {
  count(name: MetricName, value?: number, dimensions?: Readonly<Record<string, string>>): void;
}
