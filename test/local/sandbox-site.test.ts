import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Listening, listenHttp, readBody } from '#local/http.ts';
import { makeSandboxActions } from '#local/sandbox/sandbox-actions.ts';
import { sandboxSite } from '#local/sandbox/sandbox-site.ts';
import { signSlackBody } from '#local/sandbox/slack-person.ts';
import { startSlackStandIn } from '#local/sandbox/slack-stand-in.ts';
import { startSnsStandIn } from '#local/sandbox/sns-stand-in.ts';

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A product that remembers what it got and answers as told. */
async function startProduct(answer: { readonly status: number; readonly body: string }) {
  const received: Received[] = [];
  const listening = await listenHttp(async (incoming, response) => {
    const body = (await readBody(incoming, 1_000_000)).toString();
    received.push({ path: incoming.url ?? '', headers: incoming.headers, body });
    response.writeHead(answer.status);
    response.end(answer.body);
  });
  ending.push(listening.stop);
  return { url: `http://127.0.0.1:${listening.port}`, received };
}

async function startSandbox(answer = { status: 200, body: '{"text":"done"}' }) {
  const product = await startProduct(answer);
  const slack = await startSlackStandIn();
  ending.push(slack.stop);
  const sns = await startSnsStandIn();
  ending.push(sns.stop);
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const site = sandboxSite({
    state: () => ({ hello: 'page' }),
    actions: makeSandboxActions({
      product: product.url,
      sourceToken: 'source-token',
      signingSecret: 'signing-secret',
      slack,
      sns,
      snsTopic: null,
      faults: { slack: slack.faults, pagerduty: null },
      firing: [],
      changed,
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hosts: ['127.0.0.1'],
  });
  const listening = await listenHttp(site);
  ending.push(listening.stop);
  return { url: `http://127.0.0.1:${listening.port}/sandbox`, listening, slack, product, listeners };
}

const act = async (url: string, name: string, input: object) => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${url}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })).json();
};

/** `fetch` does not let a caller choose these headers; a hostile one can. */
const statusWith = ({ port }: Listening, path: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<number>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end(method === 'POST' ? '{}' : undefined);
  });

describe('who may use the sandbox', () => {
  it('is only who reaches it by its own address: no rebound name, no other site, no form', async () => {
    const { listening } = await startSandbox();
    const json = { 'content-type': 'application/json' };
    expect(await statusWith(listening, '/sandbox/api/state', { host: '127.0.0.1:1' })).toBe(200);
    expect(await statusWith(listening, '/sandbox/api/state', { host: 'evil.example' })).toBe(403);
    expect(await statusWith(listening, '/sandbox/', { host: 'evil.example' })).toBe(403);
    const post = (headers: Record<string, string>) => statusWith(listening, '/sandbox/api/close-view', headers, 'POST');
    expect(await post({ ...json, origin: 'http://127.0.0.1:9' })).toBe(200);
    expect(await post({ ...json, origin: 'https://evil.example' })).toBe(403);
    expect(await post({ ...json, origin: 'null' })).toBe(403);
    expect(await post({ 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
  });
});

describe('the page', () => {
  it('is served with a policy that lets no text become code, and nothing but its own files', async () => {
    const { url } = await startSandbox();
    const page = await fetch(url);
    expect([page.status, page.url]).toEqual([200, `${url}/`]);
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect((await fetch(`${url}/app.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    for (const path of ['/../settings.ts', '/%2e%2e/settings.ts', '/api/unknown', '/none.js']) {
      expect((await fetch(`${url}${path}`)).status).toBe(404);
    }
  });

  it('writes only text nodes, has nothing inline and loads nothing from elsewhere', () => {
    const folder = new URL('../../local/sandbox/page/', import.meta.url);
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const text = readFileSync(new URL(file, folder), 'utf8');
      expect(text, file).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
      expect(text, file).not.toMatch(/(src|href)="(https?:)?\/\/|@import|url\(/);
      if (file.endsWith('.html')) expect(text, file).not.toMatch(/<style|<script(?![^>]*src=)|\son\w+=|style="/);
    }
  });

  it('is told of changes while it listens', async () => {
    const { url, listeners } = await startSandbox();
    const stopReading = new AbortController();
    const response = await fetch(`${url}/api/live`, { signal: stopReading.signal });
    let heard = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) heard += Buffer.from(chunk).toString();
    })().catch(() => {});
    await act(url, 'close-view', {});
    await vi.waitFor(() => expect(heard.match(/data: changed/g)).toHaveLength(2));
    stopReading.abort();
    await reading;
    await vi.waitFor(() => expect(listeners.size).toBe(0));
  });
});

describe('what its buttons do', () => {
  it('sends a command signed as from Slack, and shows the answer to the asker only', async () => {
    const { url, product, slack } = await startSandbox();
    expect(await act(url, 'command', { text: 'list', channel: 'C1', user: 'U1' })).toEqual({ ok: true, text: '' });
    const [command] = product.received;
    const form = new URLSearchParams(command?.body);
    expect([command?.path, form.get('command'), form.get('text'), form.get('user_id')]).toEqual([
      '/v1/slack/commands',
      '/incident',
      'list',
      'U1',
    ]);
    const seconds = Number(command?.headers['x-slack-request-timestamp']);
    expect(command?.headers['x-slack-signature']).toBe(signSlackBody(command?.body ?? '', 'signing-secret', seconds));
    expect(slack.workspace.messagesOf('C1')).toMatchObject([{ text: 'done', ephemeralFor: 'U1' }]);
  });

  it('presses a button of a message as Slack reports it', async () => {
    const { url, product, slack } = await startSandbox({ status: 200, body: '' });
    const message = {
      user: 'U0TOCSIN',
      text: 'x',
      blocks: [],
      metadata: null,
      threadTs: null,
      editedTs: null,
      ephemeralFor: null,
    };
    slack.workspace.post('C1', { ts: '1.000001', ...message });
    const action = { type: 'button', action_id: 'ack', value: 'v' };
    await act(url, 'press', { channel: 'C1', ts: '1.000001', action, user: 'U1' });
    const payload = JSON.parse(new URLSearchParams(product.received[0]?.body).get('payload') ?? '{}');
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { id: 'U1' },
      channel: { id: 'C1' },
      container: { message_ts: '1.000001' },
      actions: [{ ...action, action_ts: expect.stringMatching(/^\d+\.\d{6}$/) }],
    });
    expect(payload.response_url).toContain(`127.0.0.1:${slack.port}/response/`);
  });

  it('says what Slack would say when the product refuses', async () => {
    const { url, slack } = await startSandbox({ status: 401, body: '{"detail":"The signature is wrong."}' });
    expect(await act(url, 'command', { text: 'list', channel: 'C1', user: 'U1' })).toEqual({ ok: false, text: '' });
    expect(slack.workspace.messagesOf('C1')).toMatchObject([
      { text: 'Slack would say: the app answered 401. The signature is wrong.' },
    ]);
  });

  it('fires a test alert, repeats it with its first start, and resolves that one', async () => {
    const { url, product } = await startSandbox({ status: 202, body: '{}' });
    const alert = { alertname: 'Down', severity: 'critical', service: 'checkout' };
    await act(url, 'alert', alert);
    await act(url, 'alert', alert);
    await act(url, 'resolve', { index: 0 });
    expect(await act(url, 'resolve', { index: 0 })).toEqual({ ok: false, text: 'This alert does not fire any more.' });
    const sent = product.received.map(({ body }) => JSON.parse(body).alerts[0]);
    expect(sent.map((one) => one.status)).toEqual(['firing', 'firing', 'resolved']);
    expect(new Set(sent.map((one) => `${one.startsAt} ${one.fingerprint}`)).size).toBe(1);
    expect(product.received.map(({ path, headers }) => [path, headers.authorization])).toEqual(
      Array(3).fill(['/v1/alertmanager', 'Bearer source-token']),
    );
  });

  it('shows why an alert was refused', async () => {
    const { url } = await startSandbox({ status: 401, body: 'who are you' });
    expect(await act(url, 'alert', {})).toEqual({ ok: false, text: 'Tocsin answered 401: who are you' });
  });

  it('makes an outage of a stand-in, but not of a real vendor', async () => {
    const { url, slack } = await startSandbox();
    await act(url, 'outage', { vendor: 'slack', on: true });
    expect(slack.faults.outage).toEqual({ kind: 'status', status: 500 });
    await act(url, 'outage', { vendor: 'slack', on: false });
    expect(slack.faults.outage).toBeNull();
    expect(await act(url, 'outage', { vendor: 'pagerduty', on: true })).toMatchObject({ ok: false });
  });
});
