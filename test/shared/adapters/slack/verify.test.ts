import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifySlackSignature } from '#shared/adapters/slack/verify.ts';
import { addSeconds, fromEpochMillis } from '#shared/kernel/instant.ts';

/** The worked example of docs.slack.dev, authentication/verifying-requests-from-slack. */
const published = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body:
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
    '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
    '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
    '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const sentAt = fromEpochMillis(Number(published.timestamp) * 1000);
const bytes = (text: string) => new TextEncoder().encode(text);
const headers = {
  'X-Slack-Request-Timestamp': published.timestamp,
  'X-Slack-Signature': published.signature,
};
const verify = (
  change: { body?: Uint8Array; headers?: Record<string, string | undefined>; secret?: string; now?: string } = {},
) =>
  verifySlackSignature(
    change.body ?? bytes(published.body),
    change.headers ?? headers,
    change.secret ?? published.secret,
    change.now ?? sentAt,
  );
const accepted = { outcome: 'accepted' };
const rejected = (reason: string) => ({ outcome: 'rejected', reason });

describe("Slack's signature", () => {
  it("accepts Slack's own published example", () => {
    expect(verify()).toEqual(accepted);
  });

  it('finds the headers in any case', () => {
    expect(
      verify({
        headers: {
          'x-slack-request-timestamp': published.timestamp,
          'X-SLACK-SIGNATURE': published.signature,
        },
      }),
    ).toEqual(accepted);
  });

  it.each([
    ['another body', { body: bytes(`${published.body}&x=1`) }],
    ['another secret', { secret: '8f742231b10e8888abcd99yyyzzz85a6' }],
    ['another signature', { headers: { ...headers, 'X-Slack-Signature': published.signature.replace('a2', 'a3') } }],
    ['a shorter signature', { headers: { ...headers, 'X-Slack-Signature': 'v0=a2' } }],
    ['another version', { headers: { ...headers, 'X-Slack-Signature': published.signature.replace('v0', 'v1') } }],
    ['upper-case hex', { headers: { ...headers, 'X-Slack-Signature': published.signature.toUpperCase() } }],
    ['letters that are longer as bytes', { headers: { ...headers, 'X-Slack-Signature': 'é'.repeat(67) } }],
    ['a timestamp that was changed', { headers: { ...headers, 'X-Slack-Request-Timestamp': '1531420619' } }],
  ])('rejects %s', (_name, change) => {
    expect(verify(change)).toEqual(rejected('signature does not match'));
  });

  it.each([
    [-301, rejected('timestamp is not near')],
    [-300, accepted],
    [300, accepted],
    [301, rejected('timestamp is not near')],
  ])('at %i seconds from its timestamp answers %j', (seconds, expected) => {
    expect(verify({ now: addSeconds(sentAt, seconds) })).toEqual(expected);
  });

  it.each(['', '-1531420618', '1531420618.5', '0x5b47', 'NaN', ' 1531420618'])(
    'rejects the timestamp %j',
    (timestamp) => {
      expect(verify({ headers: { ...headers, 'X-Slack-Request-Timestamp': timestamp } })).toEqual(
        rejected('timestamp is not near'),
      );
    },
  );

  it.each([
    ['no headers', { headers: {} }],
    ['no signature', { headers: { 'X-Slack-Request-Timestamp': published.timestamp } }],
    ['an undefined signature', { headers: { ...headers, 'X-Slack-Signature': undefined } }],
    ['no timestamp', { headers: { 'X-Slack-Signature': published.signature } }],
  ])('rejects a request with %s', (_name, change) => {
    expect(verify(change)).toEqual(rejected('no signature'));
  });

  it('never takes an empty secret for a key', () => {
    const signature = createHmac('sha256', '').update(`v0:${published.timestamp}:${published.body}`).digest('hex');
    expect(verify({ secret: '', headers: { ...headers, 'X-Slack-Signature': `v0=${signature}` } })).toEqual(
      rejected('no signature'),
    );
  });

  it('is over the bytes as they came, also those that are no UTF-8', () => {
    const body = Uint8Array.of(0xff, 0xfe, 0x00, 0x80);
    const signature = createHmac('sha256', 'made-up').update(`v0:${published.timestamp}:`).update(body).digest('hex');
    expect(
      verify({ body, secret: 'made-up', headers: { ...headers, 'X-Slack-Signature': `v0=${signature}` } }),
    ).toEqual(accepted);
  });
});
