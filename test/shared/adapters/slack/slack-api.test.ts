import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSlackApi } from '#shared/adapters/slack/slack-api.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import {
  captureOutput,
  closedPort,
  expectNoSecret,
  startVendor,
  type VendorBehaviour,
  type VendorServer,
} from '#test/support/vendor-kit.ts';

const token = 'made-up-bot-token-1';
const args = { channel: 'C1', text: 'hello', blocks: [{ type: 'divider' }] };
let slack: VendorServer;
beforeAll(async () => {
  slack = await startVendor();
});
afterAll(() => slack.close());

const api = (timeoutMillis = 5_000) =>
  makeSlackApi({ token: async () => token, url: `${slack.origin}/api/`, timeoutMillis });
const fails = (error: string, more: object = {}) => ({ status: 200, body: { ok: false, error, ...more } });

const cases: readonly (readonly [string, VendorBehaviour, object])[] = [
  [
    'ok',
    { status: 200, body: { ok: true, ts: '1.2' } },
    { outcome: 'ok', value: { ok: true, ts: '1.2', response_metadata: {} } },
  ],
  [
    '429 with Retry-After',
    { status: 429, body: '', headers: { 'retry-after': '7' } },
    { outcome: 'rate limited', retryAfterSeconds: 7 },
  ],
  [
    '429 with Retry-After 0',
    { status: 429, body: '', headers: { 'retry-after': '0' } },
    { outcome: 'rate limited', retryAfterSeconds: 1 },
  ],
  [
    '429 with a day',
    { status: 429, body: '', headers: { 'retry-after': '86400' } },
    { outcome: 'rate limited', retryAfterSeconds: 600 },
  ],
  ['429 without Retry-After', { status: 429, body: '' }, { outcome: 'rate limited', retryAfterSeconds: 30 }],
  [
    '429 with a bad Retry-After',
    { status: 429, body: '', headers: { 'retry-after': 'soon' } },
    { outcome: 'rate limited', retryAfterSeconds: 30 },
  ],
  ['ratelimited with 200', fails('ratelimited'), { outcome: 'rate limited', retryAfterSeconds: 30 }],
  ['rate_limited with 200', fails('rate_limited'), { outcome: 'rate limited', retryAfterSeconds: 30 }],
  ['message_limit_exceeded', fails('message_limit_exceeded'), { outcome: 'rate limited', retryAfterSeconds: 30 }],
  ['internal_error', fails('internal_error'), { outcome: 'unknown', reason: 'internal_error' }],
  ['fatal_error', fails('fatal_error'), { outcome: 'unknown', reason: 'fatal_error' }],
  ['service_unavailable', fails('service_unavailable'), { outcome: 'failed', reason: 'service_unavailable' }],
  ['request_timeout', fails('request_timeout'), { outcome: 'failed', reason: 'request_timeout' }],
  ['channel_not_found', fails('channel_not_found'), { outcome: 'refused', reason: 'channel_not_found' }],
  ['not_in_channel', fails('not_in_channel'), { outcome: 'refused', reason: 'not_in_channel' }],
  ['is_archived', fails('is_archived'), { outcome: 'refused', reason: 'is_archived' }],
  [
    'invalid_blocks with words',
    fails('invalid_blocks', { response_metadata: { messages: ['[ERROR] bad block'] } }),
    { outcome: 'refused', reason: 'invalid_blocks' },
  ],
  ['message_not_found', fails('message_not_found'), { outcome: 'refused', reason: 'message_not_found' }],
  ['an error nobody knows yet', fails('new_error_2027'), { outcome: 'refused', reason: 'new_error_2027' }],
  [
    'ok:false without a code',
    { status: 200, body: { ok: false } },
    { outcome: 'unknown', reason: 'no readable answer' },
  ],
  [
    'a body that is no JSON',
    { status: 200, body: '<html>proxy</html>' },
    { outcome: 'unknown', reason: 'no readable answer' },
  ],
  ['an empty body', { status: 200, body: '' }, { outcome: 'unknown', reason: 'no readable answer' }],
  ['JSON null', { status: 200, body: null }, { outcome: 'unknown', reason: 'no readable answer' }],
  ['a JSON list', { status: 200, body: [] }, { outcome: 'unknown', reason: 'no readable answer' }],
  ['400', { status: 400, body: 'bad' }, { outcome: 'refused', reason: 'HTTP 400' }],
  ['403', { status: 403, body: 'no' }, { outcome: 'refused', reason: 'HTTP 403' }],
  ['404', { status: 404, body: 'no' }, { outcome: 'refused', reason: 'HTTP 404' }],
  ['408', { status: 408, body: 'late' }, { outcome: 'unknown', reason: 'HTTP 408' }],
  ['201', { status: 201, body: {} }, { outcome: 'unknown', reason: 'HTTP 201' }],
  ['500', { status: 500, body: 'oops' }, { outcome: 'unknown', reason: 'HTTP 500' }],
  ['502', { status: 502, body: 'oops' }, { outcome: 'unknown', reason: 'HTTP 502' }],
  ['503', { status: 503, body: 'oops' }, { outcome: 'unknown', reason: 'HTTP 503' }],
  ['504', { status: 504, body: 'oops' }, { outcome: 'unknown', reason: 'HTTP 504' }],
  [
    'a redirect',
    { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
    { outcome: 'unknown', reason: 'no readable answer' },
  ],
  ['a reset', 'resets', { outcome: 'unknown', reason: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) }],
  [
    'a reset in the body',
    'resets in the body',
    { outcome: 'unknown', reason: expect.stringMatching(/^(ECONNRESET|UND_ERR_[A-Z_]+)$/) },
  ],
];

describe('a call of the Slack Web API', () => {
  it.each(cases)('answers %s with its outcome, once, and tells no secret', async (_name, behaviour, expected) => {
    slack.behave(behaviour);
    const before = slack.requests.length;
    const { result, output } = await captureOutput(() => api().call('chat.postMessage', args));
    expect(result).toEqual(expected);
    expect(slack.requests.length).toBe(before + 1);
    expectNoSecret([token], result, output);
    expect(output).toBe('');
  });

  it.each(['hangs', 'hangs in the body'] as const)('gives up at its deadline when Slack %s', async (behaviour) => {
    slack.behave(behaviour);
    const { result, output } = await captureOutput(() => api(150).call('chat.postMessage', args));
    expect(result).toEqual({ outcome: 'unknown', reason: 'no answer in time' });
    expectNoSecret([token], result, output);
  });

  it('fails, surely unsent, when nobody listens', async () => {
    const refused = makeSlackApi({ token: async () => token, url: `http://127.0.0.1:${await closedPort()}/api/` });
    expect(await refused.call('chat.postMessage', args)).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
  });

  it('sends the token only in its header, and structures as JSON in the form', async () => {
    slack.behave({ status: 200, body: { ok: true } });
    await api().call('chat.postMessage', args);
    const request = slack.requests.at(-1);
    expect({
      path: request?.path,
      authorization: request?.headers.authorization,
      connection: request?.headers.connection,
      form: Object.fromEntries(new URLSearchParams(request?.body)),
    }).toEqual({
      path: '/api/chat.postMessage',
      authorization: `Bearer ${token}`,
      connection: 'close',
      form: { channel: 'C1', text: 'hello', blocks: '[{"type":"divider"}]' },
    });
  });

  it('never calls another host, even when the method is an address', async () => {
    slack.behave({ status: 200, body: { ok: true } });
    await api().call('https://elsewhere.example/steal', {});
    expect(slack.requests.at(-1)?.path).toBe('/api/https://elsewhere.example/steal');
  });

  it.each(['invalid_auth', 'token_revoked', 'token_expired', 'not_authed', 'account_inactive'])(
    'asks for a fresh token after %s and tries once more',
    async (error) => {
      slack.behave(fails(error), { status: 200, body: { ok: true, ts: '3' } });
      const rotating = makeSlackApi({
        token: async (options) => (options?.fresh ? 'made-up-bot-token-2' : token),
        url: `${slack.origin}/api/`,
      });
      const outcome = await rotating.call('chat.postMessage', args);
      expect(outcome.outcome).toBe('ok');
      expect(slack.requests.slice(-2).map((request) => request.headers.authorization)).toEqual([
        `Bearer ${token}`,
        'Bearer made-up-bot-token-2',
      ]);
    },
  );

  it('does not try again when the fresh token is the refused one', async () => {
    slack.behave(fails('invalid_auth'));
    const before = slack.requests.length;
    expect(await api().call('auth.test', {})).toEqual({ outcome: 'refused', reason: 'invalid_auth' });
    expect(slack.requests.length).toBe(before + 1);
  });

  it('lets the secret store say that it has no token', async () => {
    const failure = new AdapterError('secrets', 'unavailable', 'HTTP 500');
    const without = makeSlackApi({ token: () => Promise.reject(failure), url: `${slack.origin}/api/` });
    await expect(without.call('auth.test', {})).rejects.toBe(failure);
  });
});
