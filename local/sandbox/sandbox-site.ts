import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { readBody, sendJson } from '../http.ts';
import type { SandboxActions } from './sandbox-actions.ts';

/** Nothing from elsewhere, nothing inline: text out of alerts can never become code. */
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export interface SandboxSiteOptions {
  readonly state: () => unknown;
  readonly actions: SandboxActions;
  /** Calls back after every change. Answers how to stop it. */
  readonly onChange: (listener: () => void) => () => void;
  /** Names under which this machine is reached; a request for another host is a trick of DNS rebinding. */
  readonly hosts: readonly string[];
}

const bodyLimit = 256 * 1024;

/** Everything under /sandbox: the page, its state, a live feed, and what its buttons do. */
export function sandboxSite(options: SandboxSiteOptions): RequestListener {
  const folder = new URL('./page/', import.meta.url);
  const files = new Set(readdirSync(folder));
  return async (request, response) => {
    if (!isForUs(request, options.hosts)) return refuse(response, 403, 'This page answers only on its own address.');
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/sandbox') return redirect(response, '/sandbox/');
    if (path.startsWith('/sandbox/api/'))
      return answerApi(options, path.slice('/sandbox/api/'.length), request, response);
    const file = path === '/sandbox/' ? 'index.html' : path.slice('/sandbox/'.length);
    if (!files.has(file)) return refuse(response, 404, 'There is no such page in the sandbox.');
    response.writeHead(200, { ...pageHeaders, 'content-type': contentTypes[extname(file)] ?? 'text/plain' });
    response.end(readFileSync(new URL(file, folder)));
  };
}

async function answerApi(
  options: SandboxSiteOptions,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET' && name === 'state') return sendState(response, options.state());
  if (request.method === 'GET' && name === 'live') return feed(options, request, response);
  const action = options.actions[name];
  if (request.method !== 'POST' || action === undefined) return refuse(response, 404, 'There is no such action.');
  // Other sites can post forms to this machine, but not JSON without asking first, which is not answered.
  if (!request.headers['content-type']?.includes('application/json')) return refuse(response, 415, 'Send JSON.');
  const body = (await readBody(request, bodyLimit)).toString('utf8');
  sendState(response, await action(JSON.parse(body) as Readonly<Record<string, unknown>>));
}

/** Server-sent events: `changed` after every change, at most one each 100 ms. */
function feed(options: SandboxSiteOptions, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...pageHeaders, 'content-type': 'text/event-stream' });
  response.write('retry: 1000\n\ndata: changed\n\n');
  let timer: NodeJS.Timeout | null = null;
  const stop = options.onChange(() => {
    timer ??= setTimeout(() => {
      timer = null;
      response.write('data: changed\n\n');
    }, 100);
  });
  request.once('close', () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  });
}

function isForUs(request: IncomingMessage, hosts: readonly string[]): boolean {
  const { host = '', origin } = request.headers;
  if (!hosts.includes(hostnameOf(`http://${host}`))) return false;
  return origin === undefined || hosts.includes(hostnameOf(origin));
}

const hostnameOf = (address: string): string => (URL.canParse(address) ? new URL(address).hostname : '');

const sendState = (response: ServerResponse, body: unknown): void =>
  sendJson(response, 200, body, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });

const refuse = (response: ServerResponse, status: number, detail: string): void =>
  sendJson(response, status, { title: 'Refused', status, detail });

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location });
  response.end();
}
