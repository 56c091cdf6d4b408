import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { isTransient } from '../../kernel/adapter-error.ts';
import type { Instant } from '../../kernel/instant.ts';
import { makeReadiness } from '../api/readiness.ts';
import { headerOf } from '../http-request.ts';
import { answerJson, answerPreflight, type FrameworkError, frameworkError, handlerError } from './answers.ts';
import { type Caller, type CallerIdentity, identifyCaller, mayCall } from './identify-caller.ts';
import { checkMediaTypes } from './media-types.ts';
import { type AlertmanagerDeps, matchRoute, type RouteRequest } from './routes.ts';

type Answer = Promise<APIGatewayProxyResult>;

/** Alertmanager's API for its clients (PROTOCOLS 3): who calls, then which path and method, then what it says. */
export function makeAlertmanagerApi(deps: AlertmanagerDeps): (event: APIGatewayProxyEvent) => Answer {
  const readiness = makeReadiness(deps);
  let upSince: Instant | null = null;
  return async (event) => {
    upSince ??= deps.clock.now();
    if (event.httpMethod === 'OPTIONS') return answerPreflight();
    try {
      const identity = await identifyCaller(deps, headerOf(event, 'authorization'));
      if (identity.outcome !== 'known') return refuseCaller(deps, identity);
      const { caller } = identity;
      return withoutBodyOfHead(event, await serve({ deps, event, caller, upSince, readiness }));
    } catch (error) {
      return failed(deps, event, error);
    }
  };
}

/** Ours begins behind the last `/alertmanager`: before it may stand the path of a domain. */
function pathOf({ path }: APIGatewayProxyEvent): string {
  const start = path.lastIndexOf('/alertmanager/');
  return start < 0 ? '' : path.slice(start + '/alertmanager'.length);
}

async function serve(request: Omit<RouteRequest, 'id'>): Answer {
  const { event, caller } = request;
  const asked = pathOf(event);
  // A slash at the end says nothing.
  const path = asked.replace(/(?<=.)\/+$/, '');
  if (path === '/api/v1' || path.startsWith('/api/v1/')) return answerGone();
  const matched = matchRoute(event.httpMethod, path);
  if (matched.outcome === 'no such path')
    return frameworkError({ status: 404, message: `path ${asked} was not found` });
  if (matched.outcome === 'no such method') return refuseMethod(event.httpMethod, matched.allowed);
  const { route, id } = matched;
  if (!mayCall(caller, route.role)) return forbidden(caller, route.role);
  const media = route.path.startsWith('/api/') ? checkMediaTypes(event) : null;
  return media === null ? route.answer({ ...request, id }) : frameworkError(media);
}

const answerGone = (): APIGatewayProxyResult =>
  answerJson(
    410,
    JSON.stringify({ status: 'deprecated', error: 'API v1 is gone, as in Alertmanager since 0.27: use /api/v2.' }),
  );

const refuseMethod = (method: string, allowed: readonly string[]): APIGatewayProxyResult =>
  frameworkError({
    status: 405,
    message: `method ${method} is not allowed, but [${allowed.join(',')}] are`,
    headers: { Allow: allowed.join(',') },
  });

const unknownCaller: FrameworkError = {
  status: 401,
  message: "the Authorization header holds no credential of a known source and no operator's token",
  headers: { 'WWW-Authenticate': 'Bearer realm="tocsin", Basic realm="tocsin"' },
};

function refuseCaller(
  { log, metrics }: AlertmanagerDeps,
  identity: Exclude<CallerIdentity, { outcome: 'known' }>,
): APIGatewayProxyResult {
  if (identity.outcome === 'undecided') {
    log.error('credentials cannot be read', { error: identity.error });
    return frameworkError({
      status: 503,
      message: 'Tocsin cannot read its credentials at the moment, so it cannot tell who is calling: try again',
    });
  }
  metrics.count('RequestsRefused', 1, { reason: 'unknown caller' });
  return frameworkError(unknownCaller);
}

const forbidden = ({ name }: Caller, needed: string): APIGatewayProxyResult =>
  frameworkError({ status: 403, message: `operator ${name} needs the role ${needed} for this: ask an admin` });

const withoutBodyOfHead = (event: APIGatewayProxyEvent, answer: APIGatewayProxyResult): APIGatewayProxyResult =>
  event.httpMethod === 'HEAD' ? { ...answer, body: '' } : answer;

function failed({ log }: AlertmanagerDeps, event: APIGatewayProxyEvent, error: unknown): APIGatewayProxyResult {
  const { requestId } = event.requestContext;
  log.error('a request of an Alertmanager client failed', { requestId, method: event.httpMethod, error });
  return isTransient(error)
    ? handlerError(503, 'Tocsin could not reach its store in time, or others changed the same thing: try again')
    : handlerError(
        500,
        `Tocsin could not carry this out: look for request ${requestId} in the logs of serve-alertmanager`,
      );
}
