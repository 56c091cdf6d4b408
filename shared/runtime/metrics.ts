import type { MetricName, Metrics } from './observe.ts';

/** Every metric carries the dimension `service`: this value, or the environment's own, which POWERTOOLS_SERVICE_NAME names. */
export const metricsNamespace = 'Tocsin';
export const metricsService = 'tocsin';
/** Keeps two environments of one account apart; alarms and dashboard read by it. */
export const metricsServiceOf = (environment: string): string => `${metricsService}-${environment}`;

const seconds: ReadonlySet<MetricName> = new Set<MetricName>(['EscalationLateness']);

/** The Powertools methods in use; a single metric is written at once, with its own dimensions. */
interface MetricSink {
  addMetric(name: string, unit: 'Count' | 'Seconds', value: number): unknown;
  addDimensions(dimensions: Record<string, string>): unknown;
}

/**
 * `Metrics` over Powertools. Counts without dimensions are gathered until the invocation ends; one with dimensions is a single metric
 * of its own, because dimensions of the shared object would reach whatever else is counted meanwhile.
 */
export function makeMetrics(powertools: MetricSink & { singleMetric(): MetricSink }): Metrics {
  return {
    count(name, value = 1, dimensions = {}) {
      const unit = seconds.has(name) ? 'Seconds' : 'Count';
      if (Object.keys(dimensions).length === 0) {
        powertools.addMetric(name, unit, value);
        return;
      }
      const single = powertools.singleMetric();
      single.addDimensions({ ...dimensions });
      single.addMetric(name, unit, value);
    },
  };
}
