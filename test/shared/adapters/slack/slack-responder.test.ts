import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSlackResponder } from '#shared/adapters/slack/slack-responder.ts';
import {
  captureOutput,
  closedPort,
  expectNoSecret,
  startVendor,
  type VendorBehaviour,
  type VendorServer,
} from '#test/support/vendor-kit.ts';

const secretPath = '/commands/T1/2/made-up-secret-part';
let slack: VendorServer;
beforeAll(async () => {
  slack = await startVendor();
});
afterAll(() => slack.close());

const cases: readonly (readonly [string, VendorBehaviour, object])[] = [
  ['200', { status: 200, body: 'ok' }, { outcome: 'ok', value: null }],
  ['404 of an address used up', { status: 404, body: 'used_url' }, { outcome: 'refused', reason: 'HTTP 404' }],
  ['410', { status: 410, body: 'gone' }, { outcome: 'refused', reason: 'HTTP 410' }],
  [
    '429',
    { status: 429, body: '', headers: { 'retry-after': '3' } },
    { outcome: 'rate limited', retryAfterSeconds: 3 },
  ],
  ['429 without Retry-After', { status: 429, body: '' }, { outcome: 'rate limited', retryAfterSeconds: 30 }],
  ['500', { status: 500, body: 'oops' }, { outcome: 'unknown', reason: 'HTTP 500' }],
  [
    'a redirect',
    { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
    { outcome: 'unknown', reason: 'no readable answer' },
  ],
  ['a reset', 'resets', { outcome: 'unknown', reason: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) }],
];

describe('a post to response_url', () => {
  it.each(cases)('answers %s with its outcome and keeps the address secret', async (_name, behaviour, expected) => {
    slack.behave(behaviour);
    const responder = makeSlackResponder({ url: `${slack.origin}/api/` });
    const { result, output } = await captureOutput(() =>
      responder.respond(slack.origin + secretPath, { text: 'done' }),
    );
    expect(result).toEqual(expected);
    expect(slack.requests.at(-1)).toMatchObject({ method: 'POST', path: secretPath, body: '{"text":"done"}' });
    expectNoSecret(['made-up-secret-part'], result, output);
  });

  it('gives up at its deadline', async () => {
    slack.behave('hangs');
    const responder = makeSlackResponder({ url: slack.origin, timeoutMillis: 150 });
    expect(await responder.respond(slack.origin + secretPath, {})).toEqual({
      outcome: 'unknown',
      reason: 'no answer in time',
    });
  });

  it('fails, surely unsent, when nobody listens', async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const outcome = await makeSlackResponder({ url: origin }).respond(`${origin}${secretPath}`, {});
    expect(outcome).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
  });

  it.each([
    'http://hooks.slack.com/commands/1',
    'https://hooks.slack.com.evil.example/commands/1',
    'https://evil.example/https://hooks.slack.com/',
    'https://hooks.slack.com:8443/commands/1',
    'https://user:word@hooks.slack.com/commands/1',
    'https://hooks.slack.com@evil.example/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'not an address',
    '',
  ])('never calls %s', async (address) => {
    const before = slack.requests.length;
    const outcome = await makeSlackResponder({}).respond(address, { text: 'x' });
    expect(outcome).toEqual({ outcome: 'refused', reason: 'response_url is not of Slack' });
    expect(slack.requests.length).toBe(before);
  });

  it('does not call a stand-in that nobody configured', async () => {
    const before = slack.requests.length;
    const outcome = await makeSlackResponder({}).respond(`${slack.origin}${secretPath}`, {});
    expect(outcome.outcome).toBe('refused');
    expect(slack.requests.length).toBe(before);
  });
});
