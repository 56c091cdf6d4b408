import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSilences } from '#shared/store/silence-store.ts';
import { eventOf, firing, makeClient, storeAlerts } from '#test/support/alertmanager-kit.ts';
import { secretTexts } from '#test/support/door-kit.ts';
import { anyText } from '#test/support/hostile-texts.ts';

/** Whatever a known caller sends to Alertmanager's API is answered in one of its two shapes, and nothing wrong is stored. */

const often = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: other });

const anyMatcher = fc.record(
  {
    name: often<unknown>(fc.constantFrom('alertname', 'a b', ''), anyText),
    value: often<unknown>(fc.constantFrom('Down', '.*', '(', 'a{1000}{1000}', '(a+)+b', ''), anyText),
    isRegex: often<unknown>(fc.boolean(), fc.constant('yes')),
    isEqual: often<unknown>(fc.boolean(), fc.constant(null)),
  },
  { requiredKeys: [] },
);
const anyInstant = often<unknown>(
  fc.constantFrom('2026-01-01T00:00:00Z', '2099-01-01T00:00:00.123456789+02:00', '0001-01-01T00:00:00.000Z', ''),
  fc.oneof(anyText, fc.integer(), fc.constantFrom('9999-12-31T23:59:59-12:00', '2026-02-30T00:00:00Z')),
);
const anySilence = fc.record(
  {
    id: often<unknown>(fc.constant(''), anyText),
    matchers: often<unknown>(fc.array(anyMatcher, { maxLength: 3 }), fc.anything()),
    startsAt: anyInstant,
    endsAt: anyInstant,
    createdBy: often<unknown>(fc.constant('ada'), anyText),
    comment: often<unknown>(fc.constant('known'), anyText),
    annotations: often<unknown>(fc.constant(undefined), fc.anything()),
  },
  { requiredKeys: ['startsAt', 'endsAt', 'comment', 'createdBy', 'matchers'] },
);
const anyBody = often<string>(
  anySilence.map((body) => JSON.stringify(body) ?? 'null'),
  fc.oneof(fc.json(), anyText),
);
const anyPath = often(
  fc.constantFrom(
    '/api/v2/alerts',
    '/api/v2/alerts/groups',
    '/api/v2/silences',
    '/api/v2/status',
    '/api/v2/silence/x',
    '/-/ready',
  ),
  anyText.map((text) => `/api/v2/silence/${text}`),
);
const anyQuery = fc.array(
  fc.tuple(
    fc.constantFrom('filter', 'receiver', 'active', 'silenced', 'receiver_matchers', 'expired'),
    often(fc.constantFrom('a=b', 'a=~"("', '(a+)+b', 'true', 'alertname=~".*"', ''), anyText),
  ),
  { maxLength: 3 },
);

describe('hostile requests to Alertmanager’s API', () => {
  it('are answered below 500 in Alertmanager’s shapes, and show no secret', async () => {
    const client = makeClient();
    await storeAlerts(client, firing({ alertname: 'Down' }));
    const methods = fc.constantFrom('GET', 'GET', 'POST', 'DELETE', 'HEAD', 'PATCH');
    await fc.assert(
      fc.asyncProperty(methods, anyPath, anyQuery, anyBody, async (method, path, query, body) => {
        const event = {
          ...eventOf(method, '/api/v2/alerts', method === 'POST' ? { body } : {}),
          path: `/alertmanager${path}`,
          multiValueQueryStringParameters: Object.fromEntries(query.map(([name, value]) => [name, [value]])),
        };
        const answer = await client.handle(event);
        expect(answer.statusCode).toBeLessThan(500);
        const shown = JSON.stringify(answer);
        for (const secret of [...secretTexts, 'source-token-1', 'basic-1']) expect(shown).not.toContain(secret);
        if (answer.statusCode < 400 || answer.body === '') return;
        const error: unknown = JSON.parse(answer.body);
        if (typeof error !== 'string') expect(error).toEqual({ code: expect.any(Number), message: expect.any(String) });
      }),
      { numRuns: 1_500 },
    );
    for (const { matchers, startsAt, endsAt } of await loadSilences(client.deps.memory)) {
      expect(matchers.length).toBeGreaterThan(0);
      expect(startsAt < endsAt).toBe(true);
    }
  });
});
