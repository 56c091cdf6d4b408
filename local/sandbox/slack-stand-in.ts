import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { listenHttp, readBody, sendJson } from '../http.ts';
import { noJournal, openJournal } from '../journal.ts';
import { type Faults, makeFaults, rememberedCalls, type VendorCall } from './faults.ts';
import { makeSlackHooks, type SlackHooks } from './slack-hooks.ts';
import { type SlackAnswer, type SlackArgs, slackMethods } from './slack-methods.ts';
import { type Directory, SlackWorkspace, type WorkspaceEntry } from './slack-workspace.ts';
import { makeTokenBucket, type TokenBucket } from './token-bucket.ts';

export interface SlackStandInOptions {
  /** Keeps what "Slack" holds through a restart; absent: nothing is kept. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly host?: string;
  /** Default: ids of the right shape exist. */
  readonly directory?: Directory;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly faults?: Faults;
  /** Default true; a bench that wants to see only our own limits turns it off. */
  readonly rateLimits?: boolean;
}

export interface SlackStandIn {
  /** For SLACK_API_URL: ends with a slash. */
  readonly apiUrl: string;
  readonly port: number;
  readonly faults: Faults;
  /** Oldest first, the newest 10,000. */
  readonly calls: readonly VendorCall[];
  readonly workspace: SlackWorkspace;
  readonly hooks: SlackHooks;
  stop(): Promise<void>;
}

/** 1 message a second and channel with bursts of a few; Tier 3 (50 a minute) and 4 (100 a minute) per workspace. */
const makeLimits = (): Readonly<Record<string, TokenBucket>> => ({
  'chat.postMessage': makeTokenBucket(5, 1_000),
  'chat.update': makeTokenBucket(20, 1_200),
  'conversations.history': makeTokenBucket(20, 1_200),
  'conversations.replies': makeTokenBucket(20, 1_200),
  'chat.postEphemeral': makeTokenBucket(40, 600),
});

const bodyLimit = 1024 * 1024;

/** Speaks Slack's Web API and response_url over HTTP, so that the product cannot tell. */
export async function startSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const now = options.now ?? Date.now;
  const stored =
    options.dataDir === undefined
      ? { journal: noJournal, entries: [] }
      : openJournal<WorkspaceEntry>(join(options.dataDir, 'slack.jsonl'));
  const workspace = new SlackWorkspace(
    options.directory ?? { users: null, channels: null },
    stored.journal,
    stored.entries,
  );
  const faults = options.faults ?? makeFaults();
  const calls: VendorCall[] = [];
  const limits = options.rateLimits === false ? {} : makeLimits();
  let origin = '';
  const hooks = makeSlackHooks(workspace, now, () => origin);

  const carryOut = (method: string, args: SlackArgs): SlackAnswer => {
    const run = slackMethods[method];
    if (run === undefined) return { ok: false, error: 'unknown_method' };
    return run({ workspace, now: now(), useTrigger: hooks.useTrigger, openView: hooks.openView }, args);
  };

  const answerMethod = (method: string, args: SlackArgs, authorised: boolean, response: ServerResponse): string => {
    if (!authorised) return sendAnswer(response, { ok: false, error: 'not_authed' });
    const fault = faults.take({ method, args });
    if (fault !== null) {
      if ('carriedOut' in fault && fault.carriedOut) carryOut(method, args);
      return applyFault(fault, response);
    }
    const bucket = method === 'chat.postMessage' ? String(args.channel) : 'workspace';
    const waitMillis = limits[method]?.take(bucket, now()) ?? 0;
    if (waitMillis > 0) return sendRateLimited(response, Math.ceil(waitMillis / 1000));
    return sendAnswer(response, carryOut(method, args));
  };

  const listening = await listenHttp(
    async (request, response) => {
      const [, kind, name = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
      const body = await readBody(request, bodyLimit);
      if (kind === 'response') return hooks.answerResponseUrl(name, body, response);
      if (kind !== 'api') return sendJson(response, 404, { ok: false, error: 'unknown_path' });
      const args = readArgs(request, body);
      const call = { at: now(), method: name, args: withoutToken(args) };
      const outcome = answerMethod(name, args, isAuthorised(request, args), response);
      calls.push({ ...call, outcome });
      if (calls.length > rememberedCalls) calls.shift();
    },
    options.host,
    options.port,
  );
  origin = `http://${listening.host}:${listening.port}`;
  return { apiUrl: `${origin}/api/`, port: listening.port, faults, calls, workspace, hooks, stop: listening.stop };
}

function sendAnswer(response: ServerResponse, answer: SlackAnswer): string {
  sendJson(response, 200, answer, { 'x-slack-req-id': randomUUID() });
  return answer.ok ? 'ok' : String(answer.error);
}

function sendRateLimited(response: ServerResponse, seconds: number): string {
  sendJson(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(seconds) });
  return 'ratelimited';
}

function applyFault(fault: Exclude<ReturnType<Faults['take']>, null>, response: ServerResponse): string {
  if (fault.kind === 'error') return sendAnswer(response, { ok: false, error: fault.error });
  if (fault.kind === 'reset') response.destroy();
  if (fault.kind === 'status') {
    if (fault.status === 429) return sendRateLimited(response, fault.retryAfterSeconds ?? 1);
    response.writeHead(fault.status, { 'content-type': 'text/html' });
    response.end('<html><body>fault</body></html>');
    return String(fault.status);
  }
  return `fault: ${fault.kind}`;
}

/** A bot token in the header, or in the form as old clients send it. */
function isAuthorised(request: IncomingMessage, args: SlackArgs): boolean {
  const header = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = header ?? args.token;
  return typeof token === 'string' && token.startsWith('xox');
}

function withoutToken(args: SlackArgs): SlackArgs {
  const { token: _, ...rest } = args;
  return rest;
}

/** JSON, or a form whose structured values are JSON texts, as Slack's own client sends them. */
export function readArgs(request: Pick<IncomingMessage, 'headers' | 'url'>, body: Buffer): SlackArgs {
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://slack').searchParams);
  const text = body.toString('utf8');
  if (request.headers['content-type']?.includes('json')) return { ...query, ...(parse(text) as SlackArgs | null) };
  const form: Record<string, unknown> = { ...query };
  for (const [name, value] of new URLSearchParams(text)) {
    form[name] = structured.has(name) ? (parse(value) ?? value) : value;
  }
  return form;
}

const structured = new Set(['blocks', 'metadata', 'attachments', 'view']);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
