import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePagerDutyApi } from '#shared/adapters/pagerduty/pagerduty-api.ts';
import type { PagerDutyEvent } from '#shared/runtime/ports.ts';
import {
  captureOutput,
  closedPort,
  expectNoSecret,
  startVendor,
  type VendorBehaviour,
  type VendorServer,
} from '#test/support/vendor-kit.ts';

const routingKey = 'made-up-routing-key-0123456789ab';
const event: PagerDutyEvent = {
  routing_key: routingKey,
  event_action: 'trigger',
  dedup_key: 'incident1:2',
  payload: { summary: 's', source: 'web', severity: 'critical' },
  links: [{ href: 'https://a.example/', text: 'Runbook' }],
  client: 'Tocsin',
  client_url: 'https://tocsin.example/',
};
let pagerduty: VendorServer;
beforeAll(async () => {
  pagerduty = await startVendor({ tls: true });
});
afterAll(() => pagerduty.close());

const api = (timeoutMillis = 5_000) => makePagerDutyApi({ server: pagerduty.host, ca: pagerduty.ca, timeoutMillis });

const cases: readonly (readonly [string, VendorBehaviour, object])[] = [
  [
    '202',
    { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: 'incident1:2' } },
    { outcome: 'ok', value: { dedupKey: 'incident1:2' } },
  ],
  ['202 without a key', { status: 202, body: {} }, { outcome: 'ok', value: { dedupKey: 'incident1:2' } }],
  ['202 with null', { status: 202, body: null }, { outcome: 'ok', value: { dedupKey: 'incident1:2' } }],
  [
    '400',
    { status: 400, body: { status: 'invalid event', message: routingKey, errors: ['bad'] } },
    { outcome: 'refused', reason: 'HTTP 400' },
  ],
  ['403', { status: 403, body: {} }, { outcome: 'refused', reason: 'HTTP 403' }],
  ['404', { status: 404, body: {} }, { outcome: 'refused', reason: 'HTTP 404' }],
  ['413', { status: 413, body: {} }, { outcome: 'refused', reason: 'HTTP 413' }],
  ['408', { status: 408, body: {} }, { outcome: 'unknown', reason: 'HTTP 408' }],
  ['429', { status: 429, body: { status: 'throttle exceeded' } }, { outcome: 'rate limited', retryAfterSeconds: 15 }],
  ['429 that is no JSON', { status: 429, body: 'slow down' }, { outcome: 'rate limited', retryAfterSeconds: 15 }],
  ['500', { status: 500, body: {} }, { outcome: 'unknown', reason: 'HTTP 500' }],
  ['502', { status: 502, body: {} }, { outcome: 'unknown', reason: 'HTTP 502' }],
  ['503', { status: 503, body: {} }, { outcome: 'unknown', reason: 'HTTP 503' }],
  ['500 that is no JSON', { status: 500, body: '<html>' }, { outcome: 'unknown', reason: 'no readable answer' }],
  ['202 that is no JSON', { status: 202, body: 'Accepted' }, { outcome: 'unknown', reason: 'no readable answer' }],
  ['200', { status: 200, body: {} }, { outcome: 'unknown', reason: 'HTTP 200' }],
  [
    'a redirect',
    { status: 307, body: '', headers: { location: 'https://127.0.0.1:1/' } },
    { outcome: 'unknown', reason: 'no readable answer' },
  ],
  ['a reset', 'resets', { outcome: 'unknown', reason: 'ECONNRESET' }],
  ['a reset in the body', 'resets in the body', { outcome: 'unknown', reason: expect.any(String) }],
];

describe('an event to PagerDuty', () => {
  it.each(cases)('answers %s with its outcome, once, and tells no secret', async (_name, behaviour, expected) => {
    pagerduty.behave(behaviour);
    const before = pagerduty.requests.length;
    const { result, output } = await captureOutput(() => api().send(event, 'us'));
    expect(result).toEqual(expected);
    expect(pagerduty.requests.length).toBe(before + 1);
    expectNoSecret([routingKey], result, output);
    expect(output).toBe('');
  });

  it('is never sent again behind our back after a 429', async () => {
    pagerduty.behave({ status: 429, body: {} });
    const before = pagerduty.requests.length;
    await api().send(event, 'us');
    // The client would send again after its retryTimeout, which is 1 ms here.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(pagerduty.requests.length).toBe(before + 1);
  });

  it.each(['hangs', 'hangs in the body'] as const)('gives up at its deadline when PagerDuty %s', async (behaviour) => {
    pagerduty.behave(behaviour);
    const started = performance.now();
    const { result, output } = await captureOutput(() => api(200).send(event, 'us'));
    expect(result.outcome).toBe('unknown');
    expect(performance.now() - started).toBeLessThan(3_000);
    expectNoSecret([routingKey], result, output);
  });

  it('fails, surely unsent, when nobody listens', async () => {
    const refused = makePagerDutyApi({ server: `127.0.0.1:${await closedPort()}` });
    expect(await refused.send(event, 'us')).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
  });

  it('fails, surely unsent, when the certificate is not trusted', async () => {
    const before = pagerduty.requests.length;
    const outcome = await makePagerDutyApi({ server: pagerduty.host }).send(event, 'us');
    expect(outcome).toEqual({ outcome: 'failed', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(pagerduty.requests.length).toBe(before);
  });

  it('sends the whole body to /v2/enqueue', async () => {
    pagerduty.behave({ status: 202, body: {} });
    await api().send(event, 'eu');
    const request = pagerduty.requests.at(-1);
    expect({ method: request?.method, path: request?.path, body: JSON.parse(request?.body ?? '') }).toEqual({
      method: 'POST',
      path: '/v2/enqueue',
      body: event,
    });
  });
});
