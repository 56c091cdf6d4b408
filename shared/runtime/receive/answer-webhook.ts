import type { APIGatewayProxyResult } from 'aws-lambda';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, type Problem, problem } from '../problem.ts';
import type { CallerIdentity } from './identify-source.ts';
import type { WebhookRequest } from './read-webhook.ts';
import { reportRejected } from './report-rejected.ts';
import { sendAlerts } from './send-alerts.ts';

type AnswerDeps = Pick<Deps, 'queues' | 'blobs' | 'clock' | 'ids' | 'log' | 'metrics'>;

/**
 * Alertmanager sends again after a 5xx and gives up after anything else that is no 2xx (PROTOCOLS 1.4). So whatever may
 * pass by itself is 503, and 4xx stands only for what the same request can never change. Never 429, never 403.
 */

export function refuseCaller(
  deps: Pick<Deps, 'log' | 'metrics'>,
  caller: Exclude<CallerIdentity, { outcome: 'known' }>,
): APIGatewayProxyResult {
  if (caller.outcome === 'undecided') {
    deps.log.error('the credentials of sources cannot be read', { error: caller.error });
    return refuse(deps, 'credentials unreadable', {
      status: 503,
      title: 'Try again',
      detail:
        'Tocsin cannot read its credentials at the moment, so it cannot tell who is calling. Send the request again.',
    });
  }
  return refuse(deps, 'unknown caller', {
    status: 401,
    title: 'Unknown credential',
    detail: 'The Authorization header holds no Bearer token and no Basic credential of a known source.',
    headers: { 'WWW-Authenticate': 'Bearer realm="tocsin", Basic realm="tocsin"' },
  });
}

/** The refusal is itself reported as an alert; when that cannot be stored, the source must try again. */
export async function refuseWebhook(
  deps: AnswerDeps,
  source: string,
  refusal: Problem,
): Promise<APIGatewayProxyResult> {
  return orTryAgain(deps, async () => {
    await reportRejected(deps, source, refusal);
    deps.log.warn('a request of a known source was refused', { source, status: refusal.status, title: refusal.title });
    return refuse(deps, refusal.status === 413 ? 'too large' : 'malformed', refusal);
  });
}

export async function acceptWebhook(
  deps: AnswerDeps,
  { message, quarantined }: Extract<WebhookRequest, { outcome: 'read' }>,
): Promise<APIGatewayProxyResult> {
  return orTryAgain(deps, async () => {
    const aside = quarantined.length === 0 ? {} : { quarantined };
    await sendAlerts(deps, { kind: 'alerts', correlationId: message.id, message, ...aside });
    const counts = { accepted: message.alerts.length, quarantined: quarantined.length };
    deps.metrics.count('RequestsAccepted', 1, { source: message.source });
    if (quarantined.length > 0) deps.metrics.count('AlertsQuarantined', quarantined.length, { source: message.source });
    deps.log.info('alerts accepted', { correlationId: message.id, source: message.source, ...counts });
    return jsonAnswer(202, { ...counts, id: message.id });
  });
}

export async function orTryAgain(
  deps: Pick<Deps, 'log' | 'metrics'>,
  work: () => Promise<APIGatewayProxyResult>,
): Promise<APIGatewayProxyResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.error('a request could not be carried out', { error });
    return refuse(deps, 'not stored', {
      status: 503,
      title: 'Try again',
      detail: 'Tocsin could not carry out the request. Nothing of it is lost if you send it again.',
    });
  }
}

export function refuse(deps: Pick<Deps, 'metrics'>, reason: string, answer: Problem): APIGatewayProxyResult {
  deps.metrics.count('RequestsRefused', 1, { reason });
  return problem(answer);
}
