import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { makeSecrets } from '#shared/adapters/secrets/secrets.ts';

const down = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

/** Secrets over a service whose answers a test changes, on a clock that it moves. */
function setUp(first: string | Error = '{"token":"one"}') {
  const service = { answer: first, calls: [] as unknown[] };
  const clock = { millis: 1_000_000 };
  const client = new SecretsManagerClient({ region: 'eu-west-1' });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        service.calls.push(input);
        await Promise.resolve();
        if (service.answer instanceof Error) throw service.answer;
        return { output: { $metadata: {}, SecretString: service.answer }, response: {} };
      },
    { step: 'initialize' },
  );
  const secrets = makeSecrets({ idOf: (name) => `id-of-${name}`, nowMillis: () => clock.millis, client });
  return { service, clock, secrets };
}

describe('secrets', () => {
  it('are read once and then come from the cache', async () => {
    const { service, secrets } = setUp();
    expect(await secrets.get('slack')).toEqual({ token: 'one' });
    service.answer = '{"token":"two"}';
    expect(await secrets.get('slack')).toEqual({ token: 'one' });
    expect(service.calls).toEqual([{ SecretId: 'id-of-slack' }]);
  });

  it('are read again for who asks for fresh ones, at most every 10 s', async () => {
    const { service, clock, secrets } = setUp();
    await secrets.get('sources');
    service.answer = '{"token":"two"}';
    clock.millis += 9_999;
    expect(await secrets.get('sources', { fresh: true })).toEqual({ token: 'one' });
    clock.millis += 1;
    expect(await secrets.get('sources', { fresh: true })).toEqual({ token: 'two' });
    expect(await secrets.get('sources')).toEqual({ token: 'two' });
    expect(service.calls).toHaveLength(2);
  });

  it('are read by one call for all who ask at the same time', async () => {
    const { service, clock, secrets } = setUp();
    await Promise.all([secrets.get('slack'), secrets.get('slack'), secrets.get('slack', { fresh: true })]);
    expect(service.calls).toHaveLength(1);
    clock.millis += 10_000;
    await Promise.all([1, 2, 3].map(() => secrets.get('slack', { fresh: true })));
    expect(service.calls).toHaveLength(2);
  });

  it('are looked at again after five minutes by whoever comes', async () => {
    const { service, clock, secrets } = setUp();
    await secrets.get('slack');
    service.answer = '{"token":"two"}';
    clock.millis += 299_999;
    expect(await secrets.get('slack')).toEqual({ token: 'one' });
    clock.millis += 1;
    expect(await secrets.get('slack')).toEqual({ token: 'two' });
  });

  it('stay in use while the service cannot be read, but who asks for fresh ones gets the error', async () => {
    const { service, clock, secrets } = setUp();
    await secrets.get('sources');
    service.answer = down;
    clock.millis += 10_000;
    const unavailable = { name: 'AdapterError', service: 'secrets-manager', reason: 'unavailable' };
    await expect(secrets.get('sources', { fresh: true })).rejects.toMatchObject(unavailable);
    clock.millis += 1;
    await expect(secrets.get('sources', { fresh: true })).rejects.toMatchObject(unavailable);
    expect(service.calls).toHaveLength(2);
    clock.millis += 300_000;
    expect(await secrets.get('sources')).toEqual({ token: 'one' });
    expect(service.calls).toHaveLength(3);
  });

  it('are asked for again at once when there is nothing to fall back on', async () => {
    const { service, secrets } = setUp(down);
    await expect(secrets.get('sources')).rejects.toMatchObject({ reason: 'unavailable' });
    service.answer = '{"token":"one"}';
    expect(await secrets.get('sources')).toEqual({ token: 'one' });
  });

  it.for(['{"token": very-secret', '"very-secret"', '["very-secret"]', 'null', ''])(
    'that are no JSON object are refused without their text: %s',
    async (text) => {
      const { secrets } = setUp(text);
      const error: unknown = await secrets.get('slack').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        reason: 'invalid',
        message: 'secrets-manager: the secret slack is not a JSON object',
      });
      expect(error).not.toHaveProperty('cause');
    },
  );
});
