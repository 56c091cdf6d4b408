import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/serve-api.ts';
import { saveOverrides } from '#shared/store/override-store.ts';
import { bodyOf, type DoorDeps, documentOf, makeDoorDeps, operators, request } from '#test/support/door-kit.ts';
import { anOverride, aSchedule, onCallPolicy } from '#test/support/on-call-kit.ts';
import { readCalendar } from '#test/support/read-calendar.ts';

/** It is Monday 13:00 in Berlin; alice and bob take turns of a day since this morning, dora is always in backup. */
function makeDoor(deps: DoorDeps = makeDoorDeps({ policy: onCallPolicy() })) {
  const handle = makeHandler(deps);
  /** The address of a calendar that an operator is shown. */
  const addressOf = async (as: keyof typeof operators, feed: 'schedules' | 'people', name: string) => {
    const resource = `/v1/on-call/${feed}/{name}`;
    const answer = bodyOf(await handle(request('GET', resource, { as, pathParameters: { name } })));
    return new URL(answer.calendar);
  };
  /** As a calendar client asks: with the address and no header. */
  const fetch = (address: URL, path = address.pathname) => {
    const [, feed = '', name = ''] = /^\/v1\/on-call\/(\w+)\/([^/]+)\/calendar\.ics$/.exec(path) ?? [];
    return handle({
      ...request('GET', `/v1/on-call/${feed}/{name}/calendar.ics`, {
        pathParameters: { name },
        queryStringParameters: { key: address.searchParams.get('key') ?? '' },
      }),
      headers: {},
    });
  };
  return { deps, handle, addressOf, fetch };
}

const shown = (text: string) => readCalendar(text).map(({ DTSTART, SUMMARY }) => `${DTSTART} ${SUMMARY}`);

describe('the calendar of a schedule', () => {
  it('is the last month and the next three, with what people changed', async () => {
    const { deps, addressOf, fetch } = makeDoor();
    await saveOverrides(deps.memory, { version: 0 }, [anOverride()], deps.policy);
    const answer = await fetch(await addressOf('vera', 'schedules', 'primary'));
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'Content-Type': 'text/calendar; charset=utf-8', 'Cache-Control': 'no-store' },
    });
    expect(shown(answer.body).slice(0, 4)).toEqual([
      '20260302T080000Z alice on call: primary',
      '20260302T180000Z carol on call: primary',
      '20260302T220000Z alice on call: primary',
      '20260303T080000Z bob on call: primary',
    ]);
    expect(shown(answer.body).at(-1)).toBe('20260531T070000Z alice on call: primary');
  });

  it('keeps the entry of a shift from day to day, also of one that began long ago', async () => {
    const { deps, addressOf, fetch } = makeDoor();
    const feed = async (name: string) => readCalendar((await fetch(await addressOf('vera', 'schedules', name))).body);
    const [always] = await feed('backup');
    expect(always).toMatchObject({ DTSTART: '20260105T000000Z' });
    const today = await feed('primary');
    deps.clock.advance(7 * 86_400);
    expect((await feed('backup'))[0]?.UID).toBe(always?.UID);
    expect((await feed('primary')).map(({ UID }) => UID).slice(0, 90)).toEqual(
      today.map(({ UID }) => UID).slice(0, 90),
    );
  });

  it('of a person has the shifts of every schedule, and nobody else', async () => {
    const { deps, addressOf, fetch } = makeDoor();
    await saveOverrides(deps.memory, { version: 0 }, [anOverride({ person: 'dora' })], deps.policy);
    const { body } = await fetch(await addressOf('vera', 'people', 'dora'));
    expect(shown(body)).toEqual(['20260105T000000Z dora on call: backup', '20260302T180000Z dora on call: primary']);
  });

  it('of somebody in very many schedules of short turns still fits an answer', async () => {
    const hourly = aSchedule().layers.map((layer) => ({ ...layer, shiftMinutes: 60, start: '2026-01-01T00:00' }));
    const names = Array.from({ length: 20 }, (_, index) => `${'x'.repeat(77)}${index}`);
    const schedules = Object.fromEntries(names.map((name) => [name, aSchedule({ name, layers: hourly })]));
    const { addressOf, fetch, handle } = makeDoor(makeDoorDeps({ policy: onCallPolicy({ schedules }) }));
    const { body } = await fetch(await addressOf('vera', 'people', 'alice'));
    expect(readCalendar(body)).toHaveLength(10_000);
    expect(Buffer.byteLength(body)).toBeLessThan(6_000_000);
    const named = { pathParameters: { name: 'alice' } };
    const answer = bodyOf(await handle(request('GET', '/v1/on-call/people/{name}', { as: 'vera', ...named })));
    expect([answer.shifts.length, answer.complete]).toEqual([1_000, false]);
  });
});

describe('the key in the address of a calendar', () => {
  it('opens this one path and no other', async () => {
    const { addressOf, fetch, handle } = makeDoor();
    const address = await addressOf('vera', 'schedules', 'primary');
    expect((await fetch(address)).statusCode).toBe(200);
    for (const other of ['schedules/backup', 'people/primary', 'people/alice', 'schedules/Primary']) {
      expect((await fetch(address, `/v1/on-call/${other}/calendar.ics`)).statusCode).toBe(401);
    }
    const key = address.searchParams.get('key') ?? '';
    for (const resource of ['/v1/on-call', '/v1/on-call/schedules/{name}', '/v1/on-call/overrides', '/v1/incidents']) {
      const queryStringParameters = { key };
      const answer = await handle({ ...request('GET', resource, { queryStringParameters }), headers: {} });
      expect([resource, answer.statusCode]).toEqual([resource, 401]);
    }
  });

  it('is another for each operator, and ends with the token that it was made of', async () => {
    const { deps, addressOf, fetch } = makeDoor();
    const rotate = (now: object) => Object.assign(deps.operatorSecrets, { cached: now, current: now });
    const ofVera = await addressOf('vera', 'people', 'alice');
    const ofAda = await addressOf('ada', 'people', 'alice');
    expect(ofVera.searchParams.get('key')?.slice(-64)).not.toBe(ofAda.searchParams.get('key')?.slice(-64));
    rotate({ ...operators, vera: { token: 'viewer-token-2', role: 'viewer' } });
    expect(documentOf(await fetch(ofVera))).toMatchObject({
      status: 401,
      contentType: 'application/problem+json',
      detail: expect.stringMatching(/^This address of a calendar is not, or no longer, good: .*shows? it anew/),
    });
    expect((await fetch(ofAda)).statusCode).toBe(200);
    rotate({ ada: { ...operators.ada, role: 'nobody' } });
    expect((await fetch(ofAda)).statusCode).toBe(401);
  });

  it.for(['', 'vera', 'vera.', `vera.${'0'.repeat(64)}`, `nobody.${'0'.repeat(64)}`, '__proto__.x', 'viewer-token-1'])(
    'is not %j',
    async (key) => {
      const { fetch } = makeDoor();
      const address = new URL('https://tocsin.example/v1/on-call/people/alice/calendar.ics');
      address.searchParams.set('key', key);
      expect((await fetch(address)).statusCode).toBe(401);
    },
  );

  it('is not needed by who sends a token, and is never logged', async () => {
    const { deps, handle, addressOf, fetch } = makeDoor();
    const name = { pathParameters: { name: 'primary' } };
    expect(
      await handle(request('GET', '/v1/on-call/schedules/{name}/calendar.ics', { as: 'vera', ...name })),
    ).toMatchObject({
      statusCode: 200,
    });
    const address = await addressOf('vera', 'schedules', 'primary');
    deps.table.query = () => Promise.reject(new Error('broken'));
    expect((await fetch(address)).statusCode).toBe(500);
    const logged = JSON.stringify(deps.log.lines, (_, value) => (value instanceof Error ? value.stack : value));
    expect(logged).toContain('broken');
    expect(logged).not.toContain(address.searchParams.get('key')?.slice(-64));
  });
});
