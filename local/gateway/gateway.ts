import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { FunctionName } from '#shared/runtime/wiring.ts';
import { BodyTooLarge, type Listening, listen, readBody } from '../http.ts';
import { StartError } from '../settings.ts';
import { isProxyAnswer, sendProblem, sendProxyAnswer } from './answers.ts';
import { matchDoor } from './match-door.ts';
import { toProxyEvent } from './proxy-event.ts';

export interface GatewayRoutes {
  /** Calls the function behind a door; a throw is a crashed function. */
  readonly invoke: (name: FunctionName, event: unknown) => Promise<unknown>;
  /** Paths beside the doors, by their first segment: `status`, `sandbox`. */
  readonly sites: Readonly<Record<string, RequestListener>>;
  readonly report: (problem: string) => void;
}

export interface Gateway extends Listening {
  /** Until now every request was answered 503: senders retry those. */
  open(routes: GatewayRoutes): void;
}

/** API Gateway takes 10 MB. */
const bodyLimit = 10 * 1024 * 1024;

/** Takes the port at once, so that a taken one is found before anything is started. @throws StartError */
export async function startGateway(host: string, port: number): Promise<Gateway> {
  let routes: GatewayRoutes | null = null;
  const server = createServer((request, response) => {
    if (routes === null) return sendProblem(response, 503, 'Tocsin is starting: try again in a moment.');
    void serve(routes, request, response);
  });
  try {
    const listening = await listen(server, host, port);
    return {
      ...listening,
      open: (opened) => {
        routes = opened;
      },
    };
  } catch (error) {
    throw new StartError(explainListenFailure(error, host, port));
  }
}

function explainListenFailure(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken: stop what uses it, or set PORT to another one.`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user: set PORT to one above 1023.`;
  return `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}. Set HOST and PORT.`;
}

async function serve(routes: GatewayRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  try {
    const site = routes.sites[path.split('/')[1] ?? ''];
    if (site !== undefined) return await site(request, response);
    const match = matchDoor(request.method ?? 'GET', path);
    if (match === null) return sendProblem(response, 404, `There is nothing at ${request.method} ${path}.`);
    const event = toProxyEvent(
      {
        method: request.method ?? 'GET',
        path,
        query,
        rawHeaders: request.rawHeaders,
        body: await readBody(request, bodyLimit),
        sourceIp: request.socket.remoteAddress ?? '',
        requestId: randomUUID(),
        receivedAt: Date.now(),
      },
      match,
    );
    const answer = await routes.invoke(match.door.function, event);
    if (!isProxyAnswer(answer)) throw new Error(`${match.door.function} answered no valid proxy response`);
    sendProxyAnswer(response, answer);
  } catch (error) {
    answerFailure(routes, error, response);
  }
}

function answerFailure(routes: GatewayRoutes, error: unknown, response: ServerResponse): void {
  // The caller has gone: nobody is left to answer.
  if (response.destroyed) return;
  if (error instanceof BodyTooLarge) {
    sendProblem(response, 413, 'The gateway takes at most 10 MB.');
    return;
  }
  routes.report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (response.headersSent) response.destroy();
  else sendProblem(response, 503, 'The request could not be handled now: send it again.');
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
