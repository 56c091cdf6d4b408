import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { isTransient } from '../../kernel/adapter-error.ts';
import type { Deps } from '../deps.ts';
import { headerOf } from '../http-request.ts';
import { problem } from '../problem.ts';
import { identifyOperator, mayAct, type Operator, type OperatorIdentity, type Role } from './operator.ts';

export type OperatorDeps = Pick<Deps, 'secrets' | 'log' | 'metrics'>;

/** Seconds after which a busy store is asked again: longer than its own retries take. */
const retryAfterSeconds = '2';

/** Who may come through a door, and how they say who they are. */
export interface Access {
  readonly needed: Role;
  readonly identify: (deps: Pick<Deps, 'secrets'>, event: APIGatewayProxyEvent) => Promise<OperatorIdentity>;
  /** What to tell who is not known. Absent: that the header holds no known token. */
  readonly unknownDetail?: string;
}

export const byHeader: Access['identify'] = (deps, event) => identifyOperator(deps, headerOf(event, 'authorization'));

export const asOperator = (
  deps: OperatorDeps,
  event: APIGatewayProxyEvent,
  needed: Role,
  work: (operator: Operator) => Promise<APIGatewayProxyResult>,
): Promise<APIGatewayProxyResult> => asKnown(deps, event, { needed, identify: byHeader }, work);

/**
 * Answers a request of a known operator whose role suffices. Who calls is settled before anything else is read; every
 * failure becomes a problem document with a sentence that a person can act on.
 */
export async function asKnown(
  deps: OperatorDeps,
  event: APIGatewayProxyEvent,
  { needed, identify, unknownDetail }: Access,
  work: (operator: Operator) => Promise<APIGatewayProxyResult>,
): Promise<APIGatewayProxyResult> {
  try {
    const identity = await identify(deps, event);
    if (identity.outcome === 'undecided') return undecided(deps, identity.error);
    if (identity.outcome === 'unknown') return unknown(deps, unknownDetail);
    const { operator } = identity;
    return mayAct(operator.role, needed) ? await work(operator) : forbidden(operator, needed);
  } catch (error) {
    return failed(deps, event, error);
  }
}

const noKnownToken = 'The Authorization header holds no Bearer token of a known operator.';

function unknown({ metrics }: OperatorDeps, detail = noKnownToken): APIGatewayProxyResult {
  metrics.count('RequestsRefused', 1, { reason: 'unknown operator' });
  return problem({
    status: 401,
    title: 'Unknown token',
    detail,
    headers: { 'WWW-Authenticate': 'Bearer realm="tocsin"' },
  });
}

function undecided({ log }: OperatorDeps, error: Error): APIGatewayProxyResult {
  log.error('the tokens of operators cannot be read', { error });
  return problem({
    status: 503,
    title: 'Try again',
    detail:
      'Tocsin cannot read its credentials at the moment, so it cannot tell who is calling. Send the request again.',
    headers: { 'Retry-After': retryAfterSeconds },
  });
}

const forbidden = ({ name, role }: Operator, needed: Role): APIGatewayProxyResult =>
  problem({
    status: 403,
    title: 'Role too low',
    detail: `Operator ${name} is a ${role}, and this needs the role ${needed}. Ask an admin for a token with that role.`,
  });

function failed({ log }: OperatorDeps, event: APIGatewayProxyEvent, error: unknown): APIGatewayProxyResult {
  const { requestId } = event.requestContext;
  log.error('an API request failed', { requestId, resource: event.resource, error });
  if (!isTransient(error)) {
    return problem({
      status: 500,
      title: 'Failed',
      detail: `Tocsin could not carry out the request, and sending it again will not help. Look for request ${requestId} in the logs of serve-api.`,
      members: { requestId },
    });
  }
  return problem({
    status: 503,
    title: 'Try again',
    detail:
      'Tocsin could not reach its store in time, or others changed the same thing at the same moment. Send the request again; with the same Idempotency-Key it is carried out once.',
    headers: { 'Retry-After': retryAfterSeconds },
    members: { requestId },
  });
}
