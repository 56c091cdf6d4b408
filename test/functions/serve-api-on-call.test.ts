import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/serve-api.ts';
import { noon } from '#test/support/decision-builders.ts';
import { bodyOf, type DoorDeps, documentOf, makeDoorDeps, request } from '#test/support/door-kit.ts';
import { onCallPolicy } from '#test/support/on-call-kit.ts';

/** It is Monday 13:00 in Berlin; alice is on call in `primary` until Tuesday 09:00, then bob, day by day. */
function makeDoor(deps: DoorDeps = makeDoorDeps({ policy: onCallPolicy() })) {
  const handle = makeHandler(deps);
  const get = (path: string, name?: string, query: Record<string, string> = {}) =>
    handle(
      request('GET', `/v1/on-call${path}`, {
        as: 'vera',
        pathParameters: name === undefined ? null : { name },
        queryStringParameters: query,
      }),
    );
  const post = (path: string, body: unknown, override: Partial<APIGatewayProxyEvent> = {}) =>
    handle(request('POST', `/v1/on-call${path}`, { body: JSON.stringify(body), ...override }));
  const cancel = (id: string) => handle(request('DELETE', '/v1/on-call/overrides/{id}', { pathParameters: { id } }));
  const listed = async () => bodyOf(await get('/overrides')).overrides;
  return { deps, handle, get, post, cancel, listed };
}

const carolTonight = {
  schedule: 'primary',
  person: 'carol',
  startsAt: '2026-03-02T18:00',
  endsAt: '2026-03-02T22:00',
  reason: 'dentist',
};
const dayByDay = { kind: 'layer', layer: 'day by day' };

describe('GET /v1/on-call', () => {
  it('answers for every schedule who is on call, by which rule, until when, and who is next', async () => {
    const { get, post } = makeDoor();
    await post('/overrides', { ...carolTonight, startsAt: undefined });
    expect(bodyOf(await get(''))).toEqual({
      at: noon,
      schedules: [
        {
          schedule: 'primary',
          timeZone: 'Europe/Berlin',
          person: 'carol',
          by: { kind: 'override', id: expect.any(String), madeBy: 'human', replaced: 'alice' },
          until: '2026-03-02T21:00:00.000Z',
          next: { at: '2026-03-02T21:00:00.000Z', person: 'alice', by: dayByDay },
          calendar: expect.stringMatching(
            /^https:\/\/tocsin\.example\/v1\/on-call\/schedules\/primary\/calendar\.ics\?key=vera\.[0-9a-f]{64}$/,
          ),
        },
        {
          schedule: 'backup',
          timeZone: 'UTC',
          person: 'dora',
          by: { kind: 'layer', layer: 'always' },
          until: null,
          next: null,
          calendar: expect.any(String),
        },
      ],
    });
  });
});

describe('GET /v1/on-call/schedules/{name}', () => {
  const show = (query: Record<string, string>) => makeDoor().get('/schedules/{name}', 'primary', query);

  it('shows shifts and gaps, from a local time to another', async () => {
    const answer = await show({ from: '2026-03-01T09:00', to: '2026-03-03T12:00' });
    expect(bodyOf(answer)).toEqual({
      schedule: 'primary',
      timeZone: 'Europe/Berlin',
      from: '2026-03-01T08:00:00.000Z',
      to: '2026-03-03T11:00:00.000Z',
      shifts: [
        { startsAt: '2026-03-02T08:00:00.000Z', endsAt: '2026-03-03T08:00:00.000Z', person: 'alice', by: dayByDay },
        { startsAt: '2026-03-03T08:00:00.000Z', endsAt: '2026-03-03T11:00:00.000Z', person: 'bob', by: dayByDay },
      ],
      gaps: [{ startsAt: '2026-03-01T08:00:00.000Z', endsAt: '2026-03-02T08:00:00.000Z' }],
      calendar: expect.any(String),
    });
  });

  it('shows the next two weeks when nothing is said', async () => {
    expect(bodyOf(await show({}))).toMatchObject({ from: noon, to: '2026-03-16T12:00:00.000Z', gaps: [] });
  });

  it.for([
    [{ from: 'soon' }, /^The parameter from is a time such as /],
    [{ from: '2026-03-29T02:30' }, /^Clocks in Europe\/Berlin skip 02:30 on 2026-03-29\. Write 2026-03-29T03:00/],
    [{ to: '2026-10-25T02:30' }, /twice\. Write 2026-10-25T02:30\+02:00 for the first or /],
    [{ from: '2026-03-03T00:00', to: '2026-03-03T00:00' }, /^It would end at .*, not after its start/],
    [{ to: '2026-12-24T00:00' }, /are more than 100 days\. Ask for fewer\.$/],
  ] as const)('refuses %j with what to write instead', async ([query, detail]) => {
    expect(documentOf(await show(query))).toMatchObject({ status: 400, detail: expect.stringMatching(detail) });
  });

  it('knows no other name', async () => {
    const answer = await makeDoor().get('/schedules/{name}', 'prmary');
    expect(documentOf(answer)).toMatchObject({
      status: 404,
      detail: 'There is no schedule prmary. Did you mean "primary"?',
    });
  });
});

describe('GET /v1/on-call/people/{name}', () => {
  it('shows what somebody is on call for now, and the shifts of 90 days', async () => {
    const { get, post } = makeDoor();
    await post('/overrides', carolTonight);
    const carol = bodyOf(await get('/people/{name}', 'carol'));
    expect(carol).toMatchObject({
      person: 'carol',
      at: noon,
      onCall: [],
      complete: true,
      shifts: [{ schedule: 'primary', startsAt: '2026-03-02T17:00:00.000Z', endsAt: '2026-03-02T21:00:00.000Z' }],
    });
    const alice = bodyOf(await get('/people/{name}', 'alice'));
    expect(alice.onCall).toEqual(['primary']);
    // Every second day, and what is left of today behind carol's hours.
    expect(alice.shifts).toHaveLength(47);
    expect(documentOf(await get('/people/{name}', 'nobody'))).toMatchObject({ status: 404 });
  });
});

describe('POST /v1/on-call/overrides', () => {
  it('makes one, told with whose shifts it takes and what it covers', async () => {
    const { post, listed } = makeDoor();
    const first = documentOf(await post('/overrides', carolTonight));
    const override = {
      version: 1,
      id: expect.stringMatching(/^[0-9a-f]{10}$/),
      schedule: 'primary',
      person: 'carol',
      replaces: null,
      startsAt: '2026-03-02T17:00:00.000Z',
      endsAt: '2026-03-02T21:00:00.000Z',
      reason: 'dentist',
      createdBy: { kind: 'operator', id: 'human', name: 'human' },
      createdAt: noon,
      swapId: null,
      cancelledAt: null,
      cancelledBy: null,
    };
    expect(first).toEqual({
      status: 201,
      contentType: 'application/json',
      outcome: 'accepted',
      overrides: [override],
      takes: {
        shifts: [{ startsAt: override.startsAt, endsAt: override.endsAt, person: 'alice', by: dayByDay }],
        gaps: [],
      },
      covers: [],
    });
    const later = {
      ...carolTonight,
      person: 'bob',
      startsAt: '2026-03-02T18:00:00Z',
      endsAt: undefined,
      duration: '2h',
    };
    expect(documentOf(await post('/overrides', later))).toMatchObject({ status: 201, covers: first.overrides });
    expect(await listed()).toMatchObject(
      [{ person: 'bob' }, { person: 'carol' }].toSorted((a) => (a.person === 'bob' ? -1 : 1)),
    );
  });

  it('is made once under one Idempotency-Key, and not at all when it would change nothing', async () => {
    const { deps, post, listed } = makeDoor();
    const twoHours = { schedule: 'primary', person: 'carol', duration: '2h' };
    const headers = { Authorization: 'Bearer responder-token-1', 'Idempotency-Key': 'again' };
    const first = bodyOf(await post('/overrides', twoHours, { headers }));
    deps.clock.advance(3 * 3_600);
    const second = documentOf(await post('/overrides', twoHours, { headers }));
    expect(second).toMatchObject({
      status: 200,
      outcome: 'unchanged',
      reason: 'command repeated',
      overrides: first.overrides,
    });
    expect(documentOf(await post('/overrides', { ...twoHours, person: 'alice' }))).toMatchObject({
      status: 200,
      reason: 'is on call already',
    });
    expect(await listed()).toEqual([]);
  });

  it.for([
    [{}, 'The body needs "schedule", a name of the policy file.'],
    [{ schedule: 'primry' }, 'There is no schedule primry. Did you mean "primary"?'],
    [{ schedule: '__proto__' }, 'That is no name of a schedule. Use one of: "primary", "backup".'],
    [{ schedule: 'primary', person: 'carl' }, 'There is no person carl. Did you mean "carol"?'],
    [{ ...carolTonight, replaces: 7 }, 'The body needs "replaces", a name of the policy file.'],
    [{ ...carolTonight, endsAt: undefined }, /^The body needs one of "endsAt", .* and "duration"/],
    [{ ...carolTonight, duration: '2h' }, /^The body needs one of "endsAt", .* and "duration"/],
    [{ ...carolTonight, endsAt: undefined, duration: 'long' }, /^The field "duration" is a number and a unit/],
    [
      { ...carolTonight, endsAt: '2026-03-02T17:00' },
      /^It would end at 2026-03-02T16:00:00\.000Z, not after its start/,
    ],
    [{ ...carolTonight, startsAt: '2026-03-01T10:00', endsAt: '2026-03-01T11:00' }, /^It would end at .* and it is /],
    [
      { ...carolTonight, startsAt: '2026-03-29T02:30', endsAt: '2026-03-29T09:00' },
      /skip 02:30 on 2026-03-29\. Write /,
    ],
    [{ ...carolTonight, startsAt: '2026-10-25T02:30', endsAt: '2026-10-25T09:00' }, /twice\. Write /],
    [{ ...carolTonight, endsAt: '2026-05-02T22:00' }, /^It would last longer than 31 days\./],
    [
      { ...carolTonight, startsAt: '2062-03-02T18:00', endsAt: '2062-03-02T22:00' },
      /^It would begin in more than 400 days/,
    ],
    [{ ...carolTonight, startsAt: 'tonight' }, /^The field "startsAt" is a time on the clocks of the schedule/],
    [{ ...carolTonight, replaces: 'bob' }, /^bob is not on call in primary from /],
    [{ ...carolTonight, reason: 'x'.repeat(501) }, 'The reason has more than 500 characters. Shorten it.'],
    [{ ...carolTonight, reason: ['a'] }, 'The field "reason" is a text.'],
  ] as const)('refuses %j with the reason and the fix', async ([body, detail]) => {
    const { post, listed } = makeDoor();
    const answer = documentOf(await post('/overrides', body));
    expect(answer).toMatchObject({ status: 400, contentType: 'application/problem+json' });
    expect(answer.detail).toMatch(detail);
    expect(await listed()).toEqual([]);
  });

  it('is for responders', async () => {
    const { handle } = makeDoor();
    for (const path of ['/v1/on-call/overrides', '/v1/on-call/swaps']) {
      expect(documentOf(await handle(request('POST', path, { as: 'vera' })))).toMatchObject({ status: 403 });
    }
    expect(await handle(request('DELETE', '/v1/on-call/overrides/{id}', { as: 'vera' }))).toMatchObject({
      statusCode: 403,
    });
  });
});

describe('DELETE /v1/on-call/overrides/{id}', () => {
  it('cancels it once, from now on', async () => {
    const { post, cancel, get } = makeDoor();
    const { overrides } = bodyOf(await post('/overrides', carolTonight));
    const { id } = overrides[0];
    expect(documentOf(await cancel(id))).toMatchObject({
      status: 200,
      outcome: 'accepted',
      overrides: [{ id, version: 2, cancelledAt: noon, cancelledBy: { name: 'human' } }],
    });
    expect(documentOf(await cancel(id))).toMatchObject({ status: 200, reason: 'cancelled already' });
    expect(bodyOf(await get('')).schedules[0]).toMatchObject({ person: 'alice', next: { person: 'bob' } });
  });

  it('finds no other', async () => {
    expect(documentOf(await makeDoor().cancel('0123456789'))).toMatchObject({
      status: 404,
      reason: 'no such override',
      detail: 'There is no such override, or it is over. A list of them shows their ids.',
    });
  });
});

describe('POST /v1/on-call/swaps', () => {
  it('gives each the next shift of the other', async () => {
    const { post } = makeDoor();
    const answer = documentOf(await post('/swaps', { schedule: 'primary', people: ['alice', 'bob'] }));
    const [{ swapId }] = answer.overrides;
    expect(answer).toMatchObject({
      status: 201,
      overrides: [
        { id: `${swapId}-1`, person: 'bob', replaces: 'alice', startsAt: '2026-03-04T08:00:00.000Z' },
        { id: `${swapId}-2`, swapId, person: 'alice', replaces: 'bob', startsAt: '2026-03-03T08:00:00.000Z' },
      ],
    });
  });

  it.for([
    [{ schedule: 'primary', people: ['alice'] }, /^The body needs "people", a list of two names/],
    [{ schedule: 'primary', people: ['alice', 'bobb'] }, /^There is no person bobb\. Did you mean "bob"\?$/],
    [{ schedule: 'primary', people: ['alice', 'carol'] }, /^carol begins no shift of primary/],
    [{ schedule: 'primary', people: ['alice', 'bob'], from: 'next week' }, /^The field "from" is a time/],
    [{ schedule: 'primary', people: ['alice', 'bob'], at: 7 }, /^The field "at" is a time/],
  ] as const)('refuses %j with the reason and the fix', async ([body, detail]) => {
    const answer = documentOf(await makeDoor().post('/swaps', body));
    expect([answer.status, answer.detail]).toEqual([400, expect.stringMatching(detail)]);
  });
});
