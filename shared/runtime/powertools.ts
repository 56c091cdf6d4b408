import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { once, optionalEnv } from './env.ts';
import { metricsNamespace, metricsService } from './metrics.ts';

const serviceName = (): string => optionalEnv('POWERTOOLS_SERVICE_NAME') ?? metricsService;

/** One of each in a process: Middy fills in the request's context and writes what was counted. */
export const powertoolsLogger = once(() => new Logger({ serviceName: serviceName() }));

export const powertoolsMetrics = once(
  () =>
    new Metrics({
      namespace: metricsNamespace,
      serviceName: serviceName(),
      // Powertools warns at each invocation that counted nothing, which is most of them.
      logger: { debug() {}, info() {}, warn() {}, error: (...content) => console.error(...content) },
    }),
);
