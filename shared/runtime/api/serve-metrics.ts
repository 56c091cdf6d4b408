import type { APIGatewayProxyResult } from 'aws-lambda';
import { addMillis, type Instant } from '../../kernel/instant.ts';
import { type MeasureDeps, measure } from './measure.ts';
import { metricsContentType, writeMetrics } from './metrics-text.ts';

/** A measurement reads every shard of the indexes: whoever scrapes more often gets the last one. */
const keptMillis = 10_000;

/** Answers GET /metrics. A failed measurement is not kept. */
export function makeMetricsDoor(deps: MeasureDeps): () => Promise<APIGatewayProxyResult> {
  let kept: { readonly until: Instant; readonly text: string } | null = null;
  return async () => {
    const now = deps.clock.now();
    if (kept === null || now >= kept.until) {
      kept = { until: addMillis(now, keptMillis), text: writeMetrics(await measure(deps)) };
    }
    const headers = { 'Content-Type': metricsContentType, 'Cache-Control': 'no-store' };
    return { statusCode: 200, headers, body: kept.text };
  };
}
