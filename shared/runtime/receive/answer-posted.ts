import type { APIGatewayProxyResult } from 'aws-lambda';
import { operatorSource } from '../../config/defaults.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Deps } from '../deps.ts';
import { byShard } from './posted-shards.ts';
import type { PostedRequest, PostRefusal } from './read-posted.ts';
import { reportRejected } from './report-rejected.ts';
import { sendAlerts } from './send-alerts.ts';

type AnswerDeps = Pick<Deps, 'queues' | 'blobs' | 'clock' | 'ids' | 'log' | 'metrics'>;
type Posted = Extract<PostedRequest, { outcome: 'read' }>;

/**
 * Answers in Alertmanager's shapes (PROTOCOLS 3.1): the framework's refusals are an object, the handler's a JSON string.
 * Prometheus repeats no request, it sends each alert again in a minute; so what is not surely stored is 503, and load is
 * never a 4xx.
 */
export async function answerPosted(
  deps: AnswerDeps,
  source: string,
  request: PostedRequest,
): Promise<APIGatewayProxyResult> {
  try {
    return request.outcome === 'read' ? await accept(deps, source, request) : await refuse(deps, source, request);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.error('alerts could not be stored', { error });
    deps.metrics.count('RequestsRefused', 1, { reason: 'not stored' });
    return answer(503, 'Tocsin could not store the alerts; nothing is lost if they are sent again');
  }
}

/** Messages of one request go side by side: each is durable before the answer, or the whole is sent again. */
async function accept(deps: AnswerDeps, source: string, { alerts, refused }: Posted): Promise<APIGatewayProxyResult> {
  const { clock, ids, metrics, log } = deps;
  const id = ids.next();
  const receivedAt = clock.now();
  const shards = byShard(alerts);
  // What was refused is shown to operators, so it goes even when nothing else does.
  const messages = shards.length === 0 && refused.length > 0 ? [{ shard: 0, alerts: [] }] : shards;
  await Promise.all(
    messages.map((each, index) =>
      sendAlerts(deps, {
        kind: 'posted',
        correlationId: id,
        message: { id: `${id}-${each.shard}`, source, alerts: each.alerts, receivedAt },
        ...(index === 0 && refused.length > 0 ? { quarantined: refused.map(({ quarantined }) => quarantined) } : {}),
      }),
    ),
  );
  metrics.count('RequestsAccepted', 1, { source });
  log.info('alerts accepted', { correlationId: id, source, accepted: alerts.length, quarantined: refused.length });
  if (refused.length === 0) return answer(200, null);
  metrics.count('AlertsQuarantined', refused.length, { source });
  const problems = refused.map(({ problem }) => problem).join('\n');
  await report(deps, source, { status: 400, title: 'Some alerts cannot be', detail: problems });
  return answer(400, problems);
}

/** The refusal is itself an alert of our own; when that cannot be stored, the source must try again. */
async function refuse(deps: AnswerDeps, source: string, refusal: PostRefusal): Promise<APIGatewayProxyResult> {
  const { status, code, message } = refusal;
  await report(deps, source, { status, title: 'Not what API v2 takes', detail: `${message}.` });
  deps.log.warn('a request of a known source was refused', { source, status, code });
  deps.metrics.count('RequestsRefused', 1, { reason: status === 413 ? 'too large' : 'malformed' });
  return answer(status, { code, message });
}

/** A person reads the answer; a source's alerts would be missing without a word. */
async function report(deps: AnswerDeps, source: string, problem: Parameters<typeof reportRejected>[2]): Promise<void> {
  if (source !== operatorSource) await reportRejected(deps, source, problem);
}

function answer(statusCode: number, body: unknown): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      'Cache-Control': 'no-store',
      'Access-Control-Allow-Origin': '*',
      ...(body === null ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === null ? '' : JSON.stringify(body),
  };
}
