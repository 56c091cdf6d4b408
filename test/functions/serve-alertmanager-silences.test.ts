import { describe, expect, it } from 'vitest';
import { loadSilence, loadSilences, saveSilence } from '#shared/store/silence-store.ts';
import { silence as builtSilence, matcher } from '#test/shared/silence/silence-builders.ts';
import { answerOf, asOperator, type Client, firing, makeClient, storeAlerts } from '#test/support/alertmanager-kit.ts';
import { aPolicy, at, noon } from '#test/support/decision-builders.ts';

const isDisk = { name: 'alertname', value: 'Disk', isRegex: false };
const wanted = (changes: object = {}) => ({
  matchers: [isDisk],
  startsAt: noon,
  endsAt: at(3600),
  createdBy: 'ada',
  comment: 'known',
  ...changes,
});

const post = async (client: Client, body: unknown) =>
  answerOf(
    await client.ask('POST', '/api/v2/silences', { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  );

async function make(client: Client, changes: object = {}): Promise<string> {
  const [status, answer] = await post(client, wanted(changes));
  expect(status).toBe(200);
  return (answer as { silenceID: string }).silenceID;
}
const list = async (client: Client, query = '') =>
  answerOf(await client.get(`/api/v2/silences${query}`))[1] as { id: string; status: { state: string } }[];

describe('POST /silences', () => {
  it('stores one as it is asked for, says its id, and has alerts judged again', async () => {
    const client = makeClient({ policy: aPolicy() });
    await storeAlerts(client, firing({ alertname: 'Disk' }));
    const id = await make(client, {
      matchers: [isDisk, { name: 'host', value: 'a.*', isRegex: true, isEqual: false }],
      annotations: { ticket: 'OPS-1' },
    });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answerOf(await client.get(`/api/v2/silence/${id}`))).toEqual([
      200,
      {
        id,
        status: { state: 'active' },
        updatedAt: noon,
        comment: 'known',
        createdBy: 'ada',
        endsAt: at(3600),
        matchers: [
          { name: 'alertname', value: 'Disk', isRegex: false, isEqual: true },
          { name: 'host', value: 'a.*', isRegex: true, isEqual: false },
        ],
        startsAt: noon,
        annotations: { ticket: 'OPS-1' },
      },
    ]);
    expect(client.deps.queues.sent.map(({ body }) => body)).toEqual([expect.objectContaining({ kind: 'rejudge' })]);
  });

  it.each([
    ['no body', '', 422, { code: 602, message: 'silence in body is required' }],
    ['null', 'null', 422, { code: 602, message: 'comment in body is required' }],
    ['a list', '[]', 400, { code: 400, message: expect.stringMatching(/^parsing silence body from "" failed/) }],
    ['no creator', wanted({ createdBy: undefined }), 422, { code: 602, message: 'createdBy in body is required' }],
    ['no end', wanted({ endsAt: null }), 422, { code: 602, message: 'endsAt in body is required' }],
    ['no matchers', wanted({ matchers: undefined }), 422, { code: 602, message: 'matchers in body is required' }],
    [
      'an empty list of matchers',
      wanted({ matchers: [] }),
      422,
      { code: 612, message: 'matchers in body should have at least 1 items' },
    ],
    [
      'a matcher without a value',
      wanted({ matchers: [{ name: 'a', isRegex: false }] }),
      422,
      { code: 602, message: 'matchers.0.value in body is required' },
    ],
    ['no start', wanted({ startsAt: undefined }), 422, { code: 602, message: 'startsAt in body is required' }],
    [
      'a start that is no time',
      wanted({ startsAt: 'soon' }),
      400,
      { code: 400, message: expect.stringMatching(/startsAt is no time/) },
    ],
    [
      'a number for a text',
      wanted({ matchers: [{ ...isDisk, value: 1 }] }),
      400,
      { code: 400, message: expect.stringMatching(/matchers\.0/) },
    ],
    [
      'a start behind its end',
      wanted({ startsAt: at(7200) }),
      400,
      'failed to create silence: start time must be before end time',
    ],
    [
      'an end in the past',
      wanted({ startsAt: at(-7200), endsAt: at(-3600) }),
      400,
      "failed to create silence: end time can't be in the past",
    ],
    ['an empty end', wanted({ endsAt: '' }), 400, 'failed to create silence: start time must be before end time'],
    [
      'a bad regular expression',
      wanted({ matchers: [{ ...isDisk, value: '(', isRegex: true }] }),
      400,
      expect.stringMatching(/^silence invalid: .*missing closing \)/),
    ],
    [
      'matchers that match everything',
      wanted({ matchers: [{ ...isDisk, value: '.*', isRegex: true }] }),
      400,
      'silence invalid: at least one matcher must not match the empty string',
    ],
    ['an unknown id', wanted({ id: '11111111-1111-4111-8111-111111111111' }), 404, 'silence not found'],
    ['an id of no shape', wanted({ id: 'xyz' }), 404, 'silence not found'],
    [
      'a body of 300 KB',
      JSON.stringify(wanted({ comment: 'x'.repeat(300_000) })),
      413,
      { code: 413, message: expect.stringMatching(/262144/) },
    ],
  ])('refuses %s, and stores nothing', async (_, body, status, answer) => {
    const client = makeClient();
    expect(await post(client, body)).toEqual([status, answer]);
    expect(await loadSilences(client.deps.memory)).toEqual([]);
  });

  it('takes an empty comment, an empty creator, any offset, and the year 1 for now', async () => {
    const client = makeClient();
    const id = await make(client, {
      comment: '',
      createdBy: '',
      startsAt: '0001-01-01T00:00:00.000Z',
      endsAt: noon.replace('.000Z', '-01:00'),
    });
    expect(await loadSilence(client.deps.memory, id)).toMatchObject({ startsAt: noon, endsAt: at(3600), comment: '' });
  });

  it('keeps the id where only the end and the comment change, else ends the old one and answers another id', async () => {
    const client = makeClient();
    const id = await make(client);
    client.deps.clock.advance(60);
    expect(await make(client, { id, endsAt: at(7200), comment: 'longer' })).toBe(id);
    const other = await make(client, { id, matchers: [{ ...isDisk, value: 'Full' }] });
    expect(other).not.toBe(id);
    expect((await list(client)).map((each) => [each.id, each.status.state])).toEqual([
      [other, 'active'],
      [id, 'expired'],
    ]);
  });

  it('does not lose matcher sets that API v2 cannot show to a client that only changes the end', async () => {
    const client = makeClient();
    const sets = builtSilence({
      id: '22222222-2222-4222-8222-222222222222',
      startsAt: noon,
      endsAt: at(3600),
      matcherSets: [[matcher('alertname', '=', 'Full')]],
    });
    await saveSilence(client.deps.memory, null, sets, aPolicy());
    const [, shown] = answerOf(await client.get(`/api/v2/silence/${sets.id}`));
    expect(shown).toMatchObject({ matchers: [{ value: 'Disk' }], matcherSets: [[{ value: 'Full' }]] });
    expect(await make(client, { id: sets.id, startsAt: noon, endsAt: at(7200) })).toBe(sets.id);
    expect(await loadSilence(client.deps.memory, sets.id)).toMatchObject({
      endsAt: at(7200),
      matcherSets: sets.matcherSets,
    });
    expect(await list(client, '?filter=alertname=Full')).toHaveLength(1);
  });
});

describe('GET /silences', () => {
  it('lists active ones by their end, pending ones by their start, expired ones by their end from the last on', async () => {
    const client = makeClient();
    const [late, soon] = [await make(client, { endsAt: at(9000) }), await make(client, { endsAt: at(1800) })];
    const [far, near] = [
      await make(client, { startsAt: at(8000), endsAt: at(9000) }),
      await make(client, { startsAt: at(7000), endsAt: at(9000) }),
    ];
    const [first, last] = [await make(client, { endsAt: at(10) }), await make(client, { endsAt: at(20) })];
    client.deps.clock.advance(30);
    expect((await list(client)).map(({ id }) => id)).toEqual([soon, late, near, far, last, first]);
    expect((await list(client, '?expired=false&pending=no')).map(({ id }) => id)).toEqual([soon, late]);
    expect((await list(client, '?active=false&pending=f')).map(({ id }) => id)).toEqual([last, first]);
  });

  it('filters by structure, word for word', async () => {
    const client = makeClient();
    const id = await make(client, { matchers: [isDisk, { name: 'host', value: 'a|b', isRegex: true }] });
    const found = async (filter: string) =>
      (await list(client, `?filter=${encodeURIComponent(filter)}`)).map((each) => each.id);
    expect(await found('host=~"a|b"')).toEqual([id]);
    for (const other of ['host=a', 'host=~"b|a"', 'host="a|b"', 'host=~a', 'other='])
      expect(await found(other)).toEqual([]);
    expect(answerOf(await client.get('/api/v2/silences?filter=x'))).toEqual([
      400,
      'bad matcher format: x (at the end: expected one of = != =~ !~, found nothing)',
    ]);
  });

  it('lists an expired one for five days, and shows it by its id after that', async () => {
    const client = makeClient();
    const id = await make(client, { endsAt: at(60) });
    client.deps.clock.advance(60 + 120 * 3600 - 1);
    expect(await list(client)).toHaveLength(1);
    client.deps.clock.advance(1);
    expect(await list(client)).toEqual([]);
    expect((await client.get(`/api/v2/silence/${id}`)).statusCode).toBe(200);
  });
});

describe('one silence', () => {
  it('is ended by DELETE once, and a second DELETE changes nothing', async () => {
    const client = makeClient();
    const id = await make(client);
    const remove = () => client.ask('DELETE', `/api/v2/silence/${id}`, { authorization: asOperator('human') });
    const answer = await remove();
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    const stored = await loadSilence(client.deps.memory, id);
    expect(stored).toMatchObject({ endsAt: noon, endedBy: 'human' });
    expect((await remove()).statusCode).toBe(200);
    expect(await loadSilence(client.deps.memory, id)).toEqual(stored);
  });

  it('is 404 without a body when unknown, and 422 when it is no id', async () => {
    const client = makeClient();
    for (const method of ['GET', 'DELETE']) {
      const unknown = await client.ask(method, '/api/v2/silence/11111111-1111-4111-8111-111111111111');
      expect([method, unknown.statusCode, unknown.body]).toEqual([method, 404, '']);
      const [status, body] = answerOf(await client.ask(method, '/api/v2/silence/xyz'));
      expect([status, body]).toEqual([422, { code: 601, message: 'silenceID in path must be of type uuid: "xyz"' }]);
    }
  });

  it('of an earlier version of Tocsin can still be read and ended', async () => {
    const client = makeClient();
    const old = builtSilence({ id: '01JD3K5Q8ZV7W2X4Y6A8B0C2D4', startsAt: noon, endsAt: at(3600) });
    await saveSilence(client.deps.memory, null, old, aPolicy());
    expect((await list(client)).map(({ id }) => id)).toEqual([old.id]);
    expect((await client.get(`/api/v2/silence/${old.id}`)).statusCode).toBe(200);
    expect((await client.ask('DELETE', `/api/v2/silence/${old.id}`)).statusCode).toBe(200);
  });
});
