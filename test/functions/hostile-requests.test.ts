import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHandler as makePostmortem } from '#functions/draft-postmortem.ts';
import { makeHandler as makeSlackDoor } from '#functions/respond-to-slack.ts';
import { makeHandler as makeApi } from '#functions/serve-api.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { doors, type FunctionName } from '#shared/runtime/wiring.ts';
import { checkKey } from '#shared/store/prepare-writes.ts';
import { resolvesByHand } from '#test/support/decision-builders.ts';
import {
  carryOutElsewhere,
  makeDoorDeps,
  openIncident,
  pressOf,
  request,
  secretTexts,
  slackForm,
  slackRequest,
} from '#test/support/door-kit.ts';
import { anyText } from '#test/support/hostile-texts.ts';
import { onCallPolicy } from '#test/support/on-call-kit.ts';

/** Whatever comes in, a healthy Tocsin answers it: never a 5xx, never a throw, never a secret. */

/** DynamoDB refuses a key that is too long also in a query; the table in memory does not look. */
const deps = makeDoorDeps({
  policy: onCallPolicy(),
  wrapTable: (table) => ({
    ...table,
    query: async (query) => {
      checkKey({ pk: query.pk, sk: query.skFrom ?? query.skPrefix ?? 'any' });
      return table.query(query);
    },
  }),
});
const api = makeApi(deps);
const postmortem = makePostmortem(deps);
const slack = makeSlackDoor(deps);

beforeAll(async () => {
  for (const number of [1, 2, 3]) await openIncident(deps, number, number === 3 ? 'SEV4' : 'SEV1');
  await carryOutElsewhere(deps, 2, resolvesByHand);
});

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  anyText,
  fc.integer({ min: 1, max: 60_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom('{"__proto__": {"role": "admin"}}', '{"text": 1e999}', '\ufeff{}', '{}{}', '"\\ud800"'),
);

const maybe = <T>(usual: T, hostile: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: hostile });
const anyMatchers = fc.oneof(
  fc.array(fc.oneof(anyText, fc.constantFrom('a="b"', 'a=~"(x|y)+"', '"\u{1F600}"="x"', 'a=~".{1000}"')), {
    maxLength: 70,
  }),
  fc.array(fc.record({ name: anyText, value: anyText, isRegex: fc.boolean(), isEqual: fc.boolean() }), {
    maxLength: 3,
  }),
  fc.jsonValue(),
);
const anyInstant = fc.oneof(
  anyText,
  fc.constantFrom('9999-12-31T23:59:59.999Z', '0000-01-01T00:00:00Z', '2026-03-02T12:00:00.000000001Z', null),
);
const moments = [
  'now',
  '18:00',
  '24:00',
  '2026-03-03T09:00',
  '2026-03-29T02:30',
  '2026-10-25T02:30',
  '2999-12-31T24:00',
  '2000-01-01T00:00-23:59',
  '2026-02-30T00:00',
];
const anyMoment = fc.oneof(anyText, fc.constantFrom(...moments));
/** Mostly right, so that what is wrong is met behind every check. */
const nearValidBody = fc
  .record({
    text: maybe('looking', anyText),
    status: maybe('identified', anyText),
    severity: maybe('SEV2', fc.oneof(anyText, fc.constant(null))),
    id: maybe(undefined, fc.oneof(anyText, fc.constantFrom('id00000000000000000001', null))),
    matchers: maybe(['a="b"'], anyMatchers),
    startsAt: maybe(undefined, fc.oneof(anyInstant, anyMoment)),
    endsAt: maybe(undefined, fc.oneof(anyInstant, anyMoment)),
    duration: maybe('1h', fc.oneof(anyText, fc.constantFrom('1s', '10y', '520w', '999999999y', '1h30m', undefined))),
    comment: maybe('deploying', anyText),
    createdBy: anyText,
    schedule: maybe('primary', fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'x'.repeat(100_000)))),
    person: maybe('carol', anyText),
    people: maybe(['alice', 'bob'], fc.oneof(fc.array(anyText), fc.jsonValue())),
    replaces: maybe(undefined, fc.oneof(anyText, fc.constantFrom('alice', 'bob'))),
    from: maybe(undefined, anyMoment),
    reason: maybe(undefined, fc.oneof(anyText, fc.jsonValue())),
  })
  .map((body) => JSON.stringify(body));

const anyParameter = fc.oneof(
  anyText,
  fc.constantFrom('1', 'INC-2', '3', '1e9', '-1', 'INC-', '0', '١', '../..', '%00', '__proto__', 'constructor'),
);
const knownNumber = fc.constantFrom('1', 'INC-2', '3');
const knownAction = fc.constantFrom('acknowledge', 'resolve', 'escalate', 'severity', 'note', 'update', 'close');
/** Half of the parameters are of the kind that the door asks for. */
const often = <T>(known: fc.Arbitrary<T>, hostile: fc.Arbitrary<T>) => fc.oneof(known, hostile);
const parameterNames = [
  'key',
  'from',
  'to',
  'limit',
  'cursor',
  'status',
  'state',
  'matcher',
  'source',
  'unrouted',
  'silenced',
];
const parameterValues = [
  '1',
  '100',
  'true',
  'all',
  'active',
  '1~',
  '2~x',
  'a="b"',
  'a=~"x*"',
  '7',
  ...moments,
  `ada.${'0'.repeat(64)}`,
  `1~${'漢'.repeat(500)}`,
];
const anyQuery = fc.dictionary(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...parameterNames) }, { weight: 1, arbitrary: anyText }),
  fc.array(often(fc.constantFrom(...parameterValues), anyText), { minLength: 1, maxLength: 2 }),
  { maxKeys: 2 },
);
const anyHeaders = fc.dictionary(
  fc.oneof(fc.constantFrom('Idempotency-Key', 'idempotency-key', 'Content-Type', 'authorization'), anyText),
  fc.oneof(anyText, fc.constantFrom('click-1', 'application/json', 'Bearer viewer-token-1')),
  { maxKeys: 4 },
);

const apiFunctions: readonly FunctionName[] = ['serve-api', 'draft-postmortem'];
const rarely = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);

const anyApiEvent = fc
  .record({
    door: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom(...doors.filter((door) => apiFunctions.includes(door.function))) },
      { weight: 1, arbitrary: fc.record({ method: anyText, path: anyText }) },
    ),
    number: often(knownNumber, anyParameter),
    action: often(knownAction, anyParameter),
    id: anyParameter,
    name: often(fc.constantFrom('primary', 'backup', 'alice'), anyParameter),
    query: fc.option(anyQuery),
    headers: often(fc.constant({}), anyHeaders),
    body: fc.oneof(
      { weight: 1, arbitrary: fc.oneof(fc.constant(null), anyJson) },
      { weight: 4, arbitrary: nearValidBody },
    ),
    isBase64Encoded: rarely,
    lacksParameters: rarely,
  })
  .map(
    ({
      door,
      number,
      action,
      id,
      name,
      query,
      headers,
      body,
      isBase64Encoded,
      lacksParameters,
    }): APIGatewayProxyEvent => {
      const event = request(door.method, door.path, {
        as: 'ada',
        body,
        isBase64Encoded,
        pathParameters: lacksParameters ? null : { number, action, id, name },
        multiValueQueryStringParameters: query,
      });
      return { ...event, headers: { ...headers, ...event.headers } };
    },
  );

function expectDecent(answer: APIGatewayProxyResult): void {
  expect(answer.statusCode).toBeGreaterThanOrEqual(200);
  expect(answer.statusCode).toBeLessThan(500);
  const shown = JSON.stringify(answer);
  for (const secret of secretTexts) expect(shown).not.toContain(secret);
  if (answer.statusCode >= 400) {
    expect(answer.headers?.['Content-Type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({
      status: answer.statusCode,
      detail: expect.stringMatching(/\.$|=$|-$/),
    });
  } else if (String(answer.headers?.['Content-Type']).includes('json')) JSON.parse(answer.body);
}

describe('hostile requests', () => {
  it('never make the operator API fail', async () => {
    await fc.assert(
      fc.asyncProperty(anyApiEvent, async (event) => {
        const handle = event.resource.endsWith('/postmortem') ? postmortem : api;
        expectDecent(await handle(event));
      }),
      { numRuns: 4_000 },
    );
  }, 120_000);

  it('never make the Slack door fail: commands', async () => {
    const anyCommand = fc.oneof(
      anyText,
      fc
        .tuple(
          fc.constantFrom(
            'ack',
            'note',
            'update',
            'show',
            'why',
            'postmortem',
            'severity',
            'escalate',
            'resolve',
            'list',
            'on-call',
            'override',
            'override primary',
            'override primary carol',
            'override primary me for',
            'override cancel',
            'swap primary',
            'swap primary alice bob from',
          ),
          fc.constantFrom('', '1', ...moments, '2h', '2h to', '18:00 to', 'primary', 'INC-2', '3', '999999999', '-1'),
          anyText,
        )
        .map((words) => words.join(' ')),
    );
    const anyForm = fc
      .record(
        {
          text: anyCommand,
          user_id: fc.oneof(anyText, fc.constant('UDORA')),
          user_name: anyText,
          team_id: anyText,
          trigger_id: fc.oneof(anyText, fc.uuid()),
          response_url: fc.oneof(anyText, fc.webUrl()),
          is_enterprise_install: anyText,
        },
        { requiredKeys: [] },
      )
      .map((override) => slackForm(withoutUndefined(override)));
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 9, arbitrary: anyForm }, anyJson), async (body) => {
        const answer = await slack(slackRequest(deps, 'commands', body));
        expectDecent(answer);
        expectShowable(answer);
      }),
      { numRuns: 800 },
    );
  }, 120_000);

  it('never make the Slack door fail: buttons', async () => {
    const anyPress = fc
      .record({
        button: fc.oneof(fc.constantFrom('acknowledge', 'resolve', 'escalate'), anyText),
        value: fc.oneof(
          anyText,
          fc.constantFrom('x 1 SEV1 1', 'x 2 SEV4 9999999999', 'x 0 SEV1 0', 'x 9999999999 SEV1 1', 'x 3 SEV4 1'),
        ),
        override: fc.record(
          {
            type: fc.oneof(fc.constantFrom('block_actions', 'view_submission'), anyText),
            user: fc.oneof(fc.jsonValue(), fc.record({ id: fc.constant('U1'), username: anyText })),
            team: fc.jsonValue(),
            actions: fc.jsonValue(),
            response_url: fc.oneof(anyText, fc.jsonValue()),
          },
          { requiredKeys: [] },
        ),
        keepsShape: fc.boolean(),
      })
      .map(({ button, value, override, keepsShape }) => pressOf(button, value, keepsShape ? {} : override));
    const anyBody = fc.oneof(
      { weight: 9, arbitrary: anyPress },
      anyJson.map((payload) => new URLSearchParams({ payload }).toString()),
    );
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        expectDecent(await slack(slackRequest(deps, 'interactions', body)));
        for (const told of deps.slackResponder.told.splice(0)) {
          expect(findSlackViolations(told.body as { text: string })).toEqual([]);
        }
      }),
      { numRuns: 800 },
    );
  }, 120_000);

  it('learn nothing without a signature or a token', async () => {
    await fc.assert(
      fc.asyncProperty(anyApiEvent, anyText, async (event, credential) => {
        const headers = { ...event.headers, Authorization: `Bearer ${credential}`, authorization: '' };
        const stranger = { ...event, headers };
        if (event.resource !== '/healthz' && event.resource !== '/readyz') {
          expect((await api(stranger)).statusCode).toBe(401);
        }
        expect([200, 401]).toContain((await slack(stranger)).statusCode);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});

const withoutUndefined = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** Slack would take it, and it pings nobody. */
function expectShowable(answer: APIGatewayProxyResult): void {
  if (answer.statusCode !== 200 || answer.body === '') return;
  expect(findSlackViolations(JSON.parse(answer.body))).toEqual([]);
  expect(answer.body).not.toMatch(/<!(channel|here|everyone|subteam)|<@/);
}
