import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/serve-api.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { loadIncident, loadTimeline } from '#shared/store/incident-store.ts';
import { incidentCounterKey } from '#shared/store/keys.ts';
import { acknowledges, aPolicy, at, noon, resolves, resolvesByHand } from '#test/support/decision-builders.ts';
import {
  bodyOf,
  carryOutElsewhere,
  type DoorDeps,
  documentOf,
  incidentIdOf,
  makeDoorDeps,
  openIncident,
  operators,
  request,
} from '#test/support/door-kit.ts';

function makeDoor(deps: DoorDeps = makeDoorDeps()) {
  const handle = makeHandler(deps);
  const act = (
    action: string,
    body: unknown = {},
    { number = '42', ...override }: Partial<APIGatewayProxyEvent> & { number?: string } = {},
  ) =>
    handle(
      request('POST', '/v1/incidents/{number}/{action}', {
        pathParameters: { number, action },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...override,
      }),
    );
  const get = (resource: string, override: Parameters<typeof request>[2] = {}) =>
    handle(request('GET', resource, { as: 'vera', ...override }));
  const commandIds = async (number = 42) =>
    (await loadTimeline(deps.memory, incidentIdOf(number))).map((commit) => commit.commandId);
  return { deps, handle, act, get, commandIds };
}

const named = (number: string) => ({ pathParameters: { number } });
const query = (values: Record<string, string>) => ({ queryStringParameters: values });

describe('who may use the operator API', () => {
  it('refuses an unknown token before it looks at anything else, after one fresh look at the secret', async () => {
    const { deps, handle } = makeDoor();
    const answer = await handle(
      request('POST', '/v1/silences', { headers: { Authorization: 'Bearer other' }, body: 'x'.repeat(1_000_000) }),
    );
    expect(documentOf(answer)).toMatchObject({ status: 401, contentType: 'application/problem+json' });
    expect(answer.headers?.['WWW-Authenticate']).toBe('Bearer realm="tocsin"');
    expect(deps.operatorSecrets.freshLooks).toBe(1);
    expect(deps.metrics.counts).toEqual({ 'RequestsRefused{reason=unknown operator}': 1 });
  });

  it.each([
    ['no header', {}],
    ['another scheme', { Authorization: 'Basic cmVzcG9uZGVyLXRva2VuLTE=' }],
    ['an empty token', { Authorization: 'Bearer ' }],
    ['a token with more behind it', { Authorization: 'Bearer responder-token-1 x' }],
    ['a prefix of a token', { Authorization: 'Bearer responder-token' }],
  ])('refuses %s', async (_name, headers) => {
    const { handle } = makeDoor();
    const event = request('GET', '/v1/incidents');
    expect((await handle({ ...event, headers })).statusCode).toBe(401);
  });

  it('does not tell a stranger which paths exist', async () => {
    const { handle } = makeDoor();
    const nowhere = request('GET', '/v1/nowhere', { headers: { Authorization: 'Bearer other' } });
    expect((await handle(nowhere)).statusCode).toBe(401);
    expect((await handle(request('GET', '/v1/nowhere'))).statusCode).toBe(404);
  });

  it('knows a token that is newer than its copy of the secret', async () => {
    const { deps, handle } = makeDoor();
    deps.operatorSecrets.current = { human: { token: 'rotated', role: 'viewer' } };
    const answer = await handle(request('GET', '/v1/incidents', { headers: { authorization: 'bearer rotated' } }));
    expect(answer.statusCode).toBe(200);
  });

  it('asks the caller to try again when the secret cannot be read, and never says that the token is unknown', async () => {
    const { deps, get } = makeDoor();
    deps.operatorSecrets.failWith = new AdapterError('secrets-manager', 'refused', 'access denied');
    const answer = await get('/v1/incidents');
    expect(documentOf(answer)).toMatchObject({ status: 503, contentType: 'application/problem+json' });
    expect(answer.headers?.['Retry-After']).toBe('2');
  });

  it('lets nobody in by an entry that is not well formed', async () => {
    const { deps, handle } = makeDoor();
    deps.operatorSecrets.cached = {
      a: { token: '', role: 'admin' },
      b: { token: 't', role: 'owner' },
      c: 't',
      d: null,
    };
    deps.operatorSecrets.current = deps.operatorSecrets.cached;
    for (const token of ['', 't', 'undefined', 'null']) {
      const answer = await handle(request('GET', '/v1/incidents', { headers: { Authorization: `Bearer ${token}` } }));
      expect(answer.statusCode).toBe(401);
    }
  });

  it.each([
    ['vera', 403],
    ['human', 200],
    ['ada', 200],
  ] as const)('lets %s acknowledge or not: %i', async (as, status) => {
    const { deps, handle } = makeDoor();
    await openIncident(deps);
    const answer = await handle(
      request('POST', '/v1/incidents/{number}/{action}', {
        as,
        pathParameters: { number: '42', action: 'acknowledge' },
      }),
    );
    expect(answer.statusCode).toBe(status);
    if (status === 403) {
      expect(bodyOf(answer).detail).toBe(
        'Operator vera is a viewer, and this needs the role responder. Ask an admin for a token with that role.',
      );
    }
  });
});

describe('commands of operators', () => {
  it('acknowledges an incident and shows it as it is now', async () => {
    const { deps, act, commandIds } = makeDoor();
    await openIncident(deps);
    const answer = await act('acknowledge', {}, { headers: { 'idempotency-key': 'click-1' } });
    expect(documentOf(answer)).toMatchObject({
      status: 200,
      contentType: 'application/json',
      outcome: 'accepted',
      incident: {
        name: 'INC-42',
        status: 'acknowledged',
        acknowledgedBy: { kind: 'operator', id: 'human', name: 'human' },
        escalation: { policy: 'sev1', next: null },
        links: { incident: 'https://tocsin.example/v1/incidents/42' },
      },
    });
    expect(await commandIds()).toEqual([null, 'api:human:click-1']);
  });

  it('carries out a request of the same operator and key once', async () => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    const headers = { 'Idempotency-Key': 'note-7' };
    await act('note', { text: 'looking' }, { headers });
    const again = await act('note', { text: 'looking' }, { headers });
    expect(bodyOf(again)).toMatchObject({ outcome: 'unchanged', reason: 'command repeated' });
    const other = await act('note', { text: 'looking' }, { headers: { 'Idempotency-Key': 'note-8' } });
    expect(bodyOf(other)).toMatchObject({ outcome: 'accepted' });
    expect(await loadTimeline(deps.memory, incidentIdOf(42))).toHaveLength(3);
  });

  it('gives a request without a key an id of its own', async () => {
    const { deps, act, commandIds } = makeDoor();
    await openIncident(deps);
    await act('note', { text: 'one' });
    await act('note', { text: 'one' });
    expect(await commandIds()).toEqual([
      null,
      expect.stringMatching(/^api:human:id/),
      expect.stringMatching(/^api:human:id/),
    ]);
  });

  it('says that a second acknowledgement changes nothing', async () => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    await carryOutElsewhere(deps, 42, acknowledges);
    expect(documentOf(await act('acknowledge'))).toMatchObject({
      status: 200,
      outcome: 'unchanged',
      reason: 'already acknowledged',
      incident: { acknowledgedBy: { name: 'Dora' } },
    });
  });

  it('refuses what is not possible with the reason, a sentence and the present state', async () => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    await carryOutElsewhere(deps, 42, resolvesByHand);
    expect(documentOf(await act('acknowledge'))).toMatchObject({
      status: 409,
      contentType: 'application/problem+json',
      detail: 'INC-42 stays as it is: it is resolved already. It is SEV1, resolved.',
      outcome: 'rejected',
      reason: 'incident is resolved',
      incident: { status: 'resolved' },
    });
  });

  it.each([
    ['resolve', {}, 'IncidentResolved'],
    ['escalate', {}, 'IncidentEscalated'],
    ['severity', { severity: 'SEV2' }, 'SeverityChanged'],
    ['note', { text: 'looking <!channel>' }, 'NoteAdded'],
    ['update', { status: 'identified', text: 'A bad release.' }, 'StatusPublished'],
  ])('%s puts its event on the timeline', async (action, body, type) => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    expect((await act(action, body)).statusCode).toBe(200);
    const [, commit] = await loadTimeline(deps.memory, incidentIdOf(42));
    expect(commit?.events[0]?.type).toBe(type);
  });

  it('moves an incident to the policy file of today, and to no other than was seen', async () => {
    const { deps } = makeDoor();
    await openIncident(deps);
    const today = makeDoor({ ...deps, policy: aPolicy({ hash: 'beef01234567' }) });
    expect(documentOf(await today.get('/v1/incidents/{number}', named('42')))).toMatchObject({
      incident: { dues: [{ kind: 'step', at: at(300) }, { kind: 'acknowledge deadline' }] },
      pinned: { policyHash: 'abcdef012345', escalation: { name: 'sev1' } },
      policyToday: { policyHash: 'beef01234567', differences: [] },
    });
    expect(documentOf(await today.act('move-to-policy', { policyHash: 7 }))).toMatchObject({ status: 400 });
    expect(documentOf(await today.act('move-to-policy', { policyHash: 'other' }))).toMatchObject({
      status: 409,
      reason: 'policy file has changed',
    });
    expect(documentOf(await today.act('move-to-policy', { policyHash: 'beef01234567' }))).toMatchObject({
      status: 200,
      incident: { policyHash: 'beef01234567' },
    });
    expect(documentOf(await today.act('move-to-policy'))).toMatchObject({ reason: 'nothing changed' });
  });

  it('closes a resolved incident, and only a resolved one', async () => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    expect(documentOf(await act('close'))).toMatchObject({ status: 409, reason: 'incident is not resolved' });
    await carryOutElsewhere(deps, 42, resolves(['a']));
    expect(documentOf(await act('close'))).toMatchObject({ status: 200, incident: { status: 'closed' } });
    expect(documentOf(await act('close'))).toMatchObject({ status: 200, reason: 'already closed' });
  });

  it.each([
    ['severity', {}, 'severity'],
    ['severity', { severity: 'SEV0' }, 'severity'],
    ['severity', { severity: ['SEV1'] }, 'severity'],
    ['note', {}, 'text'],
    ['note', { text: ' \n ' }, 'text'],
    ['note', { text: 7 }, 'text'],
    ['update', { text: 'x' }, 'status'],
    ['update', { status: 'fine', text: 'x' }, 'status'],
    ['update', { status: 'resolved' }, 'text'],
    ['note', 'text=looking', 'JSON object'],
    ['note', '[]', 'JSON object'],
    ['note', 'null', 'JSON object'],
    ['note', '{"text": "x"', 'JSON object'],
  ])('says what is wrong with %s %j', async (action, body, named) => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    const answer = documentOf(await act(action, body));
    expect(answer).toMatchObject({ status: 400, contentType: 'application/problem+json' });
    expect(answer.detail).toContain(named);
    expect(await loadTimeline(deps.memory, incidentIdOf(42))).toHaveLength(1);
  });

  it.each(['1e9', '-1', 'INC-', 'INC--1', '0', '00', '42x', '4 2', '', '99999999999', '٤٢', 'constructor'])(
    'knows no incident %j',
    async (number) => {
      const { deps, act } = makeDoor();
      await openIncident(deps);
      expect(documentOf(await act('acknowledge', {}, { number }))).toMatchObject({ status: 404, title: 'Not found' });
    },
  );

  it.each(['42', 'INC-42', 'inc-42', '0042'])('knows the incident as %s', async (number) => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    expect((await act('acknowledge', {}, { number })).statusCode).toBe(200);
  });

  it('answers 404 for a number that nobody has, and for an action that nobody knows', async () => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    expect(documentOf(await act('acknowledge', {}, { number: '43' }))).toMatchObject({
      status: 404,
      detail: 'There is no INC-43. GET /v1/incidents lists what is open.',
    });
    for (const action of ['delete', 'constructor', '__proto__', '']) {
      expect((await act(action)).statusCode).toBe(404);
    }
  });

  it.each(['', ' ', 'a b', 'x'.repeat(129), 'naïve', 'a\nb', '<script>'])(
    'refuses the Idempotency-Key %j',
    async (key) => {
      const { deps, act, commandIds } = makeDoor();
      await openIncident(deps);
      expect((await act('acknowledge', {}, { headers: { 'Idempotency-Key': key } })).statusCode).toBe(400);
      expect(await commandIds()).toEqual([null]);
    },
  );

  it('takes a body of up to 256 KB, base64 or not, whatever type it declares', async () => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    const large = JSON.stringify({ text: 'x'.repeat(256 * 1024) });
    expect(documentOf(await act('note', large))).toMatchObject({ status: 413 });
    const deep = `{"text": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect((await act('note', deep)).statusCode).toBe(400);
    const body = Buffer.from('{"text": "noted"}').toString('base64');
    const headers = { 'Content-Type': 'text/html' };
    expect((await act('note', body, { isBase64Encoded: true, headers })).statusCode).toBe(200);
  });

  it('cuts and cleans a note, and tells an empty one', async () => {
    const { deps, act } = makeDoor();
    await openIncident(deps);
    await act('note', { text: `\u0000\u202e${'x'.repeat(10_000)}` });
    expect(documentOf(await act('note', { text: '\u0000\u200b' }))).toMatchObject({
      status: 409,
      reason: 'text is empty',
    });
    const [, commit] = await loadTimeline(deps.memory, incidentIdOf(42));
    expect(commit?.events[0]).toMatchObject({ type: 'NoteAdded', text: `${'x'.repeat(2_999)}…` });
  });

  it('asks the caller to try again when others decided first each time, and nothing is half done', async () => {
    const conflict = new AdapterError('dynamodb', 'conflict', 'another transaction');
    const deps = makeDoorDeps({
      wrapTable: (table) => ({ ...table, write: () => Promise.reject(conflict) }),
    });
    // A pause between two tries: the clock must not hold it.
    const { act } = makeDoor({ ...deps, clock: { ...deps.clock, sleep: () => Promise.resolve() } });
    await openIncident(deps);
    const answer = await act('acknowledge');
    expect(documentOf(answer)).toMatchObject({ status: 503, title: 'Try again' });
    expect(answer.headers?.['Retry-After']).toBe('2');
    expect((await loadIncident(deps.memory, incidentIdOf(42)))?.status).toBe('triggered');
  });

  it('tells a failure that does not pass apart from one that does, and logs it', async () => {
    const broken = new Error('a bug with responder-token-1 in it');
    const deps = makeDoorDeps({ wrapTable: (table) => ({ ...table, get: () => Promise.reject(broken) }) });
    const { act } = makeDoor(deps);
    const answer = await act('acknowledge');
    expect(documentOf(answer)).toMatchObject({ status: 500, requestId: 'gateway-request' });
    expect(answer.body).not.toContain('responder-token-1');
    expect(deps.log.lines.at(-1)).toMatchObject({ level: 'error', message: 'an API request failed' });
  });
});

describe('reading incidents', () => {
  it('lists open incidents, the newest first, in pages', async () => {
    const { deps, get } = makeDoor();
    for (const number of [1, 2, 3]) await openIncident(deps, number, number === 2 ? 'SEV3' : 'SEV1');
    await carryOutElsewhere(deps, 1, resolvesByHand);
    const first = bodyOf(await get('/v1/incidents', query({ limit: '1' })));
    expect(first.incidents.map((each: { name: string }) => each.name)).toEqual(['INC-3']);
    const second = bodyOf(await get('/v1/incidents', query({ limit: '1', cursor: first.next })));
    expect(second).toMatchObject({ incidents: [{ name: 'INC-2', severity: 'SEV3' }], next: null });
  });

  it('lists all incidents by number, over gaps', async () => {
    const { deps, get } = makeDoor();
    for (const number of [1, 2, 5]) await openIncident(deps, number);
    await carryOutElsewhere(deps, 2, resolvesByHand);
    await deps.memory.write([{ kind: 'update', key: incidentCounterKey, add: { value: 6 } }]);
    const all = bodyOf(await get('/v1/incidents', query({ status: 'all' })));
    expect(all.incidents.map((each: { name: string; status: string }) => [each.name, each.status])).toEqual([
      ['INC-5', 'triggered'],
      ['INC-2', 'resolved'],
      ['INC-1', 'triggered'],
    ]);
    expect(all.next).toBeNull();
    const names: string[] = [];
    let cursor: string | null = '7';
    while (cursor !== null) {
      const page = bodyOf(await get('/v1/incidents', query({ status: 'all', limit: '2', cursor })));
      names.push(...page.incidents.map((each: { name: string }) => each.name));
      cursor = page.next;
    }
    expect(names).toEqual(['INC-5', 'INC-2', 'INC-1']);
  });

  it.each([{ limit: '0' }, { limit: '-1' }, { limit: '1e2' }, { limit: '101' }, { status: 'closed' }, { cursor: '%' }])(
    'says which parameter is wrong: %j',
    async (parameters) => {
      const { get } = makeDoor();
      const answer = documentOf(await get('/v1/incidents', query(parameters as Record<string, string>)));
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.detail).toContain(Object.keys(parameters)[0]);
    },
  );

  it('shows one incident by its number', async () => {
    const { deps, get } = makeDoor();
    await openIncident(deps);
    expect(bodyOf(await get('/v1/incidents/{number}', named('INC-42')))).toMatchObject({
      incident: {
        name: 'INC-42',
        number: 42,
        status: 'triggered',
        firing: 1,
        policyHash: 'abcdef012345',
        escalation: { next: { step: 2, targets: ['bob (secondary on-call of payments)'] } },
      },
    });
    expect((await get('/v1/incidents/{number}', named('43'))).statusCode).toBe(404);
  });

  it('tells the timeline in sentences, oldest first, in pages', async () => {
    const { deps, act, get } = makeDoor();
    await openIncident(deps);
    deps.clock.advance(60);
    await act('note', { text: 'looking' });
    const timeline = '/v1/incidents/{number}/timeline';
    const whole = bodyOf(await get(timeline, named('42')));
    expect(whole.events[0]).toEqual({
      at: noon,
      version: 1,
      type: 'IncidentTriggered',
      actor: null,
      sentence: 'Triggered as SEV1: HighErrorRate: Too many errors (source main, route root).',
      policyHash: 'abcdef012345',
    });
    expect(whole.events.at(-1)).toEqual({
      at: at(60),
      version: 2,
      type: 'NoteAdded',
      actor: { kind: 'operator', id: 'human', name: 'human' },
      sentence: 'human noted: looking',
      policyHash: 'abcdef012345',
    });
    const first = bodyOf(await get(timeline, { ...named('42'), ...query({ limit: '1' }) }));
    const second = bodyOf(await get(timeline, { ...named('42'), ...query({ limit: '1', cursor: first.next }) }));
    expect([...first.events, ...second.events]).toEqual(whole.events);
    expect(first.next).toBe('1~');
    for (const cursor of ['1', 'x~', `1~${'x'.repeat(201)}`, '']) {
      expect((await get(timeline, { ...named('42'), ...query({ cursor }) })).statusCode).toBe(400);
    }
  });

  it('explains each page and each non-page with rule, policy file and inputs', async () => {
    const { deps, get } = makeDoor();
    await openIncident(deps);
    const why = bodyOf(await get('/v1/incidents/{number}/why', named('42')));
    expect(why).toMatchObject({
      policyHash: 'abcdef012345',
      routePath: 'root',
      escalationPolicy: { name: 'sev1' },
      earlierLines: 0,
    });
    expect(
      why.pages.map((page: { target: string; state: string; policyHash: string }) => [page.target, page.state]),
    ).toEqual([
      ['pagerduty:web', 'pending'],
      ['person:alice', 'pending'],
    ]);
    const text = why.lines.map((line: { text: string }) => line.text).join('\n');
    expect(text).toContain('policy file abcdef012345');
    expect(text).toContain('Page to alice (step 1, round 1): waits to be sent');
  });

  it('never shows a token', async () => {
    const { deps, get } = makeDoor();
    await openIncident(deps);
    const answer = await get('/v1/incidents/{number}', named('42'));
    for (const { token } of Object.values(operators)) expect(answer.body).not.toContain(token);
  });
});
