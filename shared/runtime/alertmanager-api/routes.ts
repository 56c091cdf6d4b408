import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Instant } from '../../kernel/instant.ts';
import type { Role } from '../api/operator.ts';
import type { Deps } from '../deps.ts';
import type { SaveSilenceDeps } from '../save-silence.ts';
import { listAlerts, listGroups } from './alerts.ts';
import { answerText } from './answers.ts';
import type { Caller } from './identify-caller.ts';
import { deleteSilence, listSilences, postSilence, showSilence } from './silences.ts';
import { listReceivers, showMetrics, showStatus } from './status.ts';

export type AlertmanagerDeps = SaveSilenceDeps & Pick<Deps, 'secrets' | 'metrics'>;

/** What stands behind one request; the caller is known and may do it. */
export interface RouteRequest {
  readonly deps: AlertmanagerDeps;
  readonly event: APIGatewayProxyEvent;
  readonly caller: Caller;
  /** Of the path; "" where it has none. */
  readonly id: string;
  /** When this process began to answer. */
  readonly upSince: Instant;
  readonly readiness: () => Promise<APIGatewayProxyResult>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below /alertmanager; `{id}` is a segment. */
  readonly path: string;
  readonly role: Role;
  readonly answer: (request: RouteRequest) => Promise<APIGatewayProxyResult> | APIGatewayProxyResult;
}

/** Alertmanager's paths but for POST /api/v2/alerts, which is the alert door's (receive-alerts). */
export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v2/status',
    role: 'viewer',
    answer: ({ deps, upSince }) => showStatus(deps.policy, upSince),
  },
  { method: 'GET', path: '/api/v2/alerts', role: 'viewer', answer: ({ deps, event }) => listAlerts(deps, event) },
  {
    method: 'GET',
    path: '/api/v2/alerts/groups',
    role: 'viewer',
    answer: ({ deps, event }) => listGroups(deps, event),
  },
  { method: 'GET', path: '/api/v2/receivers', role: 'viewer', answer: ({ deps }) => listReceivers(deps.policy) },
  { method: 'GET', path: '/api/v2/silences', role: 'viewer', answer: ({ deps, event }) => listSilences(deps, event) },
  {
    method: 'POST',
    path: '/api/v2/silences',
    role: 'responder',
    answer: ({ deps, event, caller }) => postSilence(deps, event, caller),
  },
  { method: 'GET', path: '/api/v2/silence/{id}', role: 'viewer', answer: ({ deps, id }) => showSilence(deps, id) },
  {
    method: 'DELETE',
    path: '/api/v2/silence/{id}',
    role: 'responder',
    answer: ({ deps, id, caller }) => deleteSilence(deps, id, caller),
  },
  { method: 'GET', path: '/metrics', role: 'viewer', answer: () => showMetrics() },
  { method: 'GET', path: '/-/healthy', role: 'viewer', answer: () => answerText(200, 'OK') },
  { method: 'GET', path: '/-/ready', role: 'viewer', answer: showReadiness },
];

async function showReadiness({ readiness }: RouteRequest): Promise<APIGatewayProxyResult> {
  const { statusCode } = await readiness();
  return statusCode === 200 ? answerText(200, 'OK') : answerText(503, 'Tocsin waits for its store, queue or secrets.');
}

/** Probes and scrapers may ask for the head alone, as at Alertmanager; its API refuses that. */
const answersHead = ({ method, path }: Route): boolean => method === 'GET' && !path.startsWith('/api/');

export type MatchedRoute =
  | { readonly outcome: 'found'; readonly route: Route; readonly id: string }
  | { readonly outcome: 'no such path' }
  | { readonly outcome: 'no such method'; readonly allowed: readonly string[] };

export function matchRoute(method: string, path: string): MatchedRoute {
  const here = routes.flatMap((route) => {
    const id = idIn(route.path, path);
    return id === null ? [] : [{ route, id }];
  });
  if (here.length === 0) return { outcome: 'no such path' };
  const found = here.find(({ route }) => route.method === method || (method === 'HEAD' && answersHead(route)));
  if (found !== undefined) return { outcome: 'found', ...found };
  const allowed = here.flatMap(({ route }) => (answersHead(route) ? [route.method, 'HEAD'] : [route.method]));
  return { outcome: 'no such method', allowed: path === '/api/v2/alerts' ? [...allowed, 'POST'] : allowed };
}

/** The path's id, "" when it has none; null: another path. */
function idIn(pattern: string, path: string): string | null {
  if (!pattern.endsWith('/{id}')) return pattern === path ? '' : null;
  const start = pattern.slice(0, -'{id}'.length);
  const id = path.startsWith(start) ? path.slice(start.length) : '';
  return id === '' || id.includes('/') ? null : id;
}
