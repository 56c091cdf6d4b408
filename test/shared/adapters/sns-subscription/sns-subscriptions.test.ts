import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSnsSubscriptions } from '#shared/adapters/sns-subscription/sns-subscriptions.ts';
import { closedPort, startVendor, type VendorBehaviour, type VendorServer } from '#test/support/vendor-kit.ts';

const address = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem';
const confirmation =
  'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:t&Token=secret-token';
let sns: VendorServer;
beforeAll(async () => {
  sns = await startVendor();
});
afterAll(() => sns.close());

const subscriptions = (timeoutMillis = 2_000) => makeSnsSubscriptions({ server: sns.origin, timeoutMillis });
const pathsSince = (before: number) => sns.requests.slice(before).map(({ method, path }) => `${method} ${path}`);

describe('what SNS asks its subscriber to fetch', () => {
  it('is a certificate, once in the life of the process', async () => {
    sns.behave({ status: 200, body: 'the certificate' });
    const before = sns.requests.length;
    const port = subscriptions();
    const twice = await Promise.all([port.certificate(address), port.certificate(address)]);
    expect([...twice, await port.certificate(address)]).toEqual(Array(3).fill('the certificate'));
    expect(pathsSince(before)).toEqual(['GET /SimpleNotificationService-1.pem']);
  });

  it('is asked for again after a failure', async () => {
    const port = subscriptions();
    sns.behave({ status: 503, body: '' });
    await expect(port.certificate(address)).rejects.toMatchObject({ reason: 'unavailable' });
    sns.behave({ status: 200, body: 'the certificate' });
    expect(await port.certificate(address)).toBe('the certificate');
  });

  it('is kept for a bounded number of addresses', async () => {
    sns.behave({ status: 200, body: 'a certificate' });
    const port = subscriptions();
    for (let number = 0; number < 25; number += 1) await port.certificate(address.replace('-1.pem', `-${number}.pem`));
    const before = sns.requests.length;
    await port.certificate(address.replace('-1.pem', '-24.pem'));
    await port.certificate(address.replace('-1.pem', '-0.pem'));
    expect(pathsSince(before)).toEqual(['GET /SimpleNotificationService-0.pem']);
  });

  it('is the confirmation of a subscription, with its query', async () => {
    sns.behave({ status: 200, body: '<ConfirmSubscriptionResponse/>' });
    const before = sns.requests.length;
    await subscriptions().confirm(confirmation);
    expect(pathsSince(before)).toEqual([
      'GET /?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:t&Token=secret-token',
    ]);
  });

  const failures: readonly (readonly [string, VendorBehaviour, string])[] = [
    ['403', { status: 403, body: '' }, 'invalid'],
    ['404', { status: 404, body: '' }, 'invalid'],
    ['429', { status: 429, body: '' }, 'unavailable'],
    ['500', { status: 500, body: '' }, 'unavailable'],
    ['a redirect', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'unavailable'],
    ['too much', { status: 200, body: 'x'.repeat(70_000) }, 'invalid'],
    ['a reset', 'resets', 'unavailable'],
    ['half an answer', 'resets in the body', 'unavailable'],
    ['no answer in time', 'hangs', 'unavailable'],
    ['no end in time', 'hangs in the body', 'unavailable'],
  ];
  it.each(failures)('fails by %s with its reason, and tells no token', async (_name, behaviour, reason) => {
    sns.behave(behaviour);
    const error = await subscriptions(300)
      .confirm(confirmation)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'AdapterError', service: 'sns', reason });
    expect(String(error)).not.toContain('secret-token');
  });

  it('fails when nobody listens', async () => {
    const port = makeSnsSubscriptions({ server: `http://127.0.0.1:${await closedPort()}`, timeoutMillis: 300 });
    await expect(port.certificate(address)).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
