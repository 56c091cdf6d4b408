import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/serve-api.ts';
import type { AlertRecord } from '#shared/alert/alert.ts';
import { decideHeartbeat } from '#shared/heartbeat/decide-heartbeat.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { alertWrite, quarantineWrite } from '#shared/store/alert-store.ts';
import { saveHeartbeat, saveHeartbeatSeen } from '#shared/store/heartbeat-store.ts';
import { loadSilences, loadSilenceVersion } from '#shared/store/silence-store.ts';
import { at, noon } from '#test/support/decision-builders.ts';
import { bodyOf, type DoorDeps, documentOf, makeDoorDeps, request } from '#test/support/door-kit.ts';

function makeDoor(deps: DoorDeps = makeDoorDeps()) {
  const handle = makeHandler(deps);
  const get = (resource: string, override: Partial<APIGatewayProxyEvent> = {}) =>
    handle(request('GET', resource, { as: 'vera', ...override }));
  const post = (body: unknown, as: 'vera' | 'human' | 'ada' = 'human') =>
    handle(request('POST', '/v1/silences', { as, body: JSON.stringify(body) }));
  const remove = (id: string) => handle(request('DELETE', '/v1/silences/{id}', { pathParameters: { id } }));
  return { deps, get, post, remove };
}

const query = (values: Record<string, string | string[]>): Partial<APIGatewayProxyEvent> => ({
  multiValueQueryStringParameters: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]),
  ),
});

const anAlert = (fingerprint: string, override: Partial<AlertRecord> = {}): AlertRecord => ({
  schema: 1,
  version: 1,
  source: 'main',
  fingerprint,
  status: 'firing',
  labels: { alertname: 'Down', severity: 'error', instance: fingerprint },
  annotations: { summary: 'It is down' },
  generatorURL: '',
  startsAt: noon,
  resolvedAt: null,
  endReason: null,
  changedAt: noon,
  annotationsAt: noon,
  externalURL: 'http://alertmanager-0',
  groups: ['group'],
  incidentIds: ['incident000000000042'],
  suppressedBy: null,
  routePath: 'root',
  unrouted: false,
  ...override,
});

async function storeAlerts({ memory, policy }: DoorDeps, ...alerts: readonly AlertRecord[]): Promise<void> {
  for (const alert of alerts) await memory.write([alertWrite(null, alert, policy)]);
}

const fingerprintsOf = (body: { alerts: { fingerprint: string }[] }) => body.alerts.map((each) => each.fingerprint);

describe('the list of alerts', () => {
  const silenced = { suppressedBy: { kind: 'silence', silenceId: 's1', until: at(3600) } } as const;

  async function door() {
    const made = makeDoor();
    await storeAlerts(
      made.deps,
      anAlert('a'),
      anAlert('b', { unrouted: true, labels: { alertname: 'Slow', severity: 'info' } }),
      anAlert('c', silenced),
      anAlert('d', { source: 'other', labels: { alertname: 'Down', severity: 'critical' } }),
    );
    return made;
  }

  it('shows each firing alert with its incidents and what suppresses it', async () => {
    const { get } = await door();
    const body = bodyOf(await get('/v1/alerts'));
    expect(fingerprintsOf(body)).toEqual(['a', 'b', 'c', 'd']);
    expect(body.next).toBeNull();
    expect(body.alerts[2]).toEqual({
      source: 'main',
      fingerprint: 'c',
      status: 'firing',
      labels: { alertname: 'Down', severity: 'error', instance: 'c' },
      annotations: { summary: 'It is down' },
      generatorURL: '',
      startsAt: noon,
      changedAt: noon,
      incidentIds: ['incident000000000042'],
      suppressedBy: { kind: 'silence', silenceId: 's1', until: at(3600) },
      routePath: 'root',
      unrouted: false,
    });
  });

  it.each([
    [{ unrouted: 'true' }, ['b']],
    [{ unrouted: 'false' }, ['a', 'c', 'd']],
    [{ silenced: 'true' }, ['c']],
    [{ silenced: 'false' }, ['a', 'b', 'd']],
    [{ matcher: 'severity="error"' }, ['a', 'c']],
    [{ matcher: ['severity=~"error|critical"', 'alertname!="Slow"', 'instance=""'] }, ['d']],
    [{ matcher: '{alertname="Down",severity="critical"}' }, ['d']],
    [{ matcher: 'alertname="Nothing"' }, []],
  ])('answers %j with %j', async (parameters, expected) => {
    const { get } = await door();
    expect(fingerprintsOf(bodyOf(await get('/v1/alerts', query(parameters as Record<string, string>))))).toEqual(
      expected,
    );
  });

  it('goes on behind its cursor, over every alert once', async () => {
    const { deps, get } = makeDoor();
    const names = Array.from({ length: 250 }, (_, index) => `f${String(index).padStart(4, '0')}`);
    await storeAlerts(deps, ...names.map((name, index) => anAlert(name, { unrouted: index % 5 === 0 })));
    const found: string[] = [];
    let cursor: string | null = '';
    let pages = 0;
    while (cursor !== null) {
      const page = cursor === '' ? {} : { cursor };
      const body = bodyOf(await get('/v1/alerts', query({ limit: '30', unrouted: 'false', ...page })));
      found.push(...fingerprintsOf(body));
      cursor = body.next;
      pages += 1;
    }
    expect(found).toEqual(names.filter((_, index) => index % 5 !== 0));
    expect(pages).toBe(7);
  });

  it('says which matcher cannot be read', async () => {
    const { get } = makeDoor();
    for (const matcher of ['severity', '=x', 'a=~"("', 'a=~"(x{1000}){1000}"', '\u0000', 'x'.repeat(20_000)]) {
      const answer = documentOf(await get('/v1/alerts', query({ matcher })));
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.detail).toContain('A matcher cannot be read');
    }
    const many = Array.from({ length: 21 }, (_, index) => `a${index}="x"`);
    expect(documentOf(await get('/v1/alerts', query({ matcher: many })))).toMatchObject({ status: 400 });
  });

  it('stops looking when its time is up, and says where to go on', async () => {
    const deps = makeDoorDeps({
      wrapTable: (table) => ({
        ...table,
        get: async (keys) => {
          if (keys.length === 100) deps.clock.advance(6);
          return table.get(keys);
        },
      }),
    });
    const { get } = makeDoor(deps);
    const names = Array.from({ length: 300 }, (_, index) => `f${String(index).padStart(4, '0')}`);
    await storeAlerts(deps, ...names.map((name) => anAlert(name)));
    const body = bodyOf(await get('/v1/alerts', query({ matcher: 'alertname="Nothing"' })));
    expect(body).toEqual({ alerts: [], next: 'main/f0000' });
  });
});

describe('the list of what arrived malformed', () => {
  it('is of one source, or of all that the policy file knows, the newest first', async () => {
    const { deps, get } = makeDoor();
    const quarantined = (source: string, seconds: number) =>
      quarantineWrite(
        `q${seconds}`,
        {
          schema: 1,
          outcome: 'quarantined',
          source,
          at: at(seconds),
          messageId: 'm1',
          groupKey: '{}',
          reason: 'labels are missing',
          text: '{"status":"firing"}',
        },
        deps.policy,
      );
    await deps.memory.write([quarantined('main', 1)]);
    await deps.memory.write([quarantined('main', 2)]);
    await deps.memory.write([quarantined('elsewhere', 3)]);
    const all = bodyOf(await get('/v1/alerts/quarantined', query({ limit: '1' })));
    expect(all).toEqual({
      quarantined: [
        {
          source: 'main',
          at: at(2),
          messageId: 'm1',
          groupKey: '{}',
          reason: 'labels are missing',
          text: '{"status":"firing"}',
        },
      ],
      more: false,
    });
    const one = bodyOf(await get('/v1/alerts/quarantined', query({ source: 'elsewhere' })));
    expect(one.quarantined.map((each: { at: string }) => each.at)).toEqual([at(3)]);
    expect((await get('/v1/alerts/quarantined', query({ source: 'x'.repeat(3_000) }))).statusCode).toBe(400);
  });
});

const body = { matchers: ['severity=~"warning|info"'], duration: '2h', comment: 'deploying' };

describe('silences of operators', () => {
  it('makes one under the name of the operator, and has every firing alert judged again at once', async () => {
    const { deps, post } = makeDoor();
    await storeAlerts(deps, anAlert('a'), anAlert('b'));
    const answer = documentOf(await post({ ...body, createdBy: 'somebody else' }));
    expect(answer).toEqual({
      status: 201,
      contentType: 'application/json',
      outcome: 'accepted',
      silence: {
        id: '00000000-0000-7000-8000-000000000001',
        version: 1,
        state: 'active',
        matchers: ['severity=~"warning|info"'],
        startsAt: noon,
        endsAt: at(7200),
        createdBy: 'human',
        comment: 'deploying',
        createdAt: noon,
        updatedAt: noon,
      },
      warnings: [],
    });
    expect(await loadSilenceVersion(deps.memory)).toBe(1);
    expect(deps.queues.sent).toMatchObject([
      {
        queue: 'ingest',
        body: {
          kind: 'rejudge',
          correlationId: 'silence-00000000-0000-7000-8000-000000000001',
          alerts: expect.arrayContaining([
            { source: 'main', fingerprint: 'a' },
            { source: 'main', fingerprint: 'b' },
          ]),
        },
      },
    ]);
  });

  it('takes matchers as Alertmanager sends them, and instants with an offset', async () => {
    const { post } = makeDoor();
    const answer = bodyOf(
      await post({
        matchers: [
          { name: 'a', value: 'x', isRegex: false },
          { name: 'b', value: 'y|z', isRegex: true, isEqual: false },
        ],
        startsAt: '2026-03-02T14:00:00+01:00',
        endsAt: '2026-03-02T16:00:00.5+01:00',
        comment: 'planned',
      }),
    );
    expect(answer.silence).toMatchObject({
      state: 'pending',
      matchers: ['a="x"', 'b!~"y|z"'],
      startsAt: '2026-03-02T13:00:00.000Z',
      endsAt: '2026-03-02T15:00:00.500Z',
    });
  });

  it('takes further sets of matchers and annotations, and shows them', async () => {
    const { post } = makeDoor();
    const more = { matcherSets: [['a="b"', { name: 'c', value: 'd' }]], annotations: { ticket: 'OPS-1' } };
    expect(bodyOf(await post({ ...body, ...more })).silence).toMatchObject({
      matchers: ['severity=~"warning|info"'],
      matcherSets: [['a="b"', 'c="d"']],
      annotations: { ticket: 'OPS-1' },
    });
    for (const bad of [{ matcherSets: ['a="b"'] }, { matcherSets: [['a=~".*"']] }, { annotations: { ticket: 1 } }]) {
      expect((await post({ ...body, ...bad })).statusCode).toBe(400);
    }
  });

  it('changes one under its id when only times and comment change, else a new one takes its place', async () => {
    const { deps, post } = makeDoor();
    const { silence } = bodyOf(await post(body));
    deps.clock.advance(60);
    const kept = documentOf(await post({ ...body, id: silence.id, duration: '4h', comment: 'longer' }));
    expect(kept).toMatchObject({ status: 200, silence: { id: silence.id, endsAt: at(4 * 3600), comment: 'longer' } });
    const other = documentOf(await post({ ...body, id: silence.id, matchers: ['a="b"'] }));
    expect(other.silence.id).not.toBe(silence.id);
    expect((await loadSilences(deps.memory)).map(({ id, endsAt }) => [id, endsAt])).toEqual([
      [silence.id, at(60)],
      [other.silence.id, expect.any(String)],
    ]);
  });

  it('shows state as of now, lists by state, and ends one at once', async () => {
    const { deps, post, get, remove } = makeDoor();
    const { silence } = bodyOf(await post(body));
    const later = bodyOf(await post({ ...body, startsAt: at(600) })).silence;
    const show = (id: string) => get('/v1/silences/{id}', { pathParameters: { id } });
    expect(bodyOf(await show(later.id)).silence.state).toBe('pending');
    deps.clock.advance(600);
    expect(bodyOf(await show(later.id)).silence.state).toBe('active');
    expect(documentOf(await remove(silence.id))).toMatchObject({
      status: 200,
      silence: { state: 'expired', endsAt: at(600) },
    });
    expect(documentOf(await remove(silence.id))).toMatchObject({
      status: 200,
      outcome: 'unchanged',
      reason: 'already expired',
    });
    const ids = async (state: string) =>
      bodyOf(await get('/v1/silences', query({ state }))).silences.map((each: { id: string }) => each.id);
    expect([await ids('active'), await ids('expired'), await ids('pending')]).toEqual([[later.id], [silence.id], []]);
  });

  it('lists the newest first, in pages', async () => {
    const { post, get } = makeDoor();
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) made.push(bodyOf(await post(body)).silence.id);
    const listed: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = bodyOf(await get('/v1/silences', query({ limit: '2', ...(cursor === '' ? {} : { cursor }) })));
      listed.push(...page.silences.map((each: { id: string }) => each.id));
      cursor = page.next;
    }
    expect(listed).toEqual(made.toReversed());
  });

  it('keeps a silence although the asking for a new judgement fails: the sweep asks in its place', async () => {
    const { deps, post } = makeDoor();
    await storeAlerts(deps, anAlert('a'));
    deps.queues.failWith = new AdapterError('sqs', 'unavailable', 'no connection');
    expect((await post(body)).statusCode).toBe(201);
    expect(await loadSilences(deps.memory)).toHaveLength(1);
    expect(deps.log.lines).toMatchObject([
      { level: 'warn', message: 'alerts are judged again only by the next sweep' },
    ]);
  });

  it('lets a viewer look only', async () => {
    const { deps, post, get } = makeDoor();
    expect((await post(body, 'vera')).statusCode).toBe(403);
    expect((await get('/v1/silences')).statusCode).toBe(200);
    expect(await loadSilences(deps.memory)).toEqual([]);
  });

  it.each([
    ['no matchers', { matchers: [] }, 'matchers'],
    ['matchers that are no list', { matchers: 'a="b"' }, 'matchers'],
    ['too many matchers', { matchers: Array.from({ length: 65 }, () => 'a="b"') }, 'matchers'],
    ['a matcher of another shape', { matchers: [{ name: 'a' }] }, 'isRegex'],
    ['a matcher that is nothing', { matchers: [null] }, 'isRegex'],
    ['a matcher that cannot be read', { matchers: ['a'] }, 'cannot be read'],
    ['a bad expression', { matchers: ['a=~"("'] }, 'regular expression'],
    ['a matcher for everything', { matchers: ['a=~".*"'] }, 'must not match the empty string'],
    ['no end', { duration: undefined }, 'duration'],
    ['two ends', { endsAt: at(60) }, 'either'],
    ['a duration without unit', { duration: '2' }, 'duration'],
    ['no duration at all', { duration: '0s' }, 'duration'],
    ['a duration beyond every calendar', { duration: '999999999y' }, 'duration'],
    ['an end in the past', { duration: undefined, endsAt: at(-1) }, 'before end time'],
    ['an end before its start', { startsAt: at(60), duration: undefined, endsAt: at(30) }, 'before end time'],
    ['a date of words', { startsAt: 'tomorrow' }, 'startsAt'],
    ['a day that does not exist', { startsAt: '2026-13-40T00:00:00Z' }, 'startsAt'],
    ['no comment', { comment: ' ' }, 'comment'],
    ['a comment without end', { comment: 'x'.repeat(5_000) }, 'comment'],
    ['an id of another shape', { id: '../x' }, 'id'],
    ['an id that is a list', { id: ['x'] }, 'id'],
  ])('refuses %s', async (_name, override, named) => {
    const { deps, post } = makeDoor();
    const answer = documentOf(await post({ ...body, ...override }));
    expect(answer).toMatchObject({ status: 400, contentType: 'application/problem+json' });
    expect(answer.detail).toContain(named);
    expect(await loadSilences(deps.memory)).toEqual([]);
  });

  it('knows no silence by an id that nobody has', async () => {
    const { get, remove, post } = makeDoor();
    for (const id of ['nobody', '../x', 'x'.repeat(5_000), '', '__proto__']) {
      expect((await get('/v1/silences/{id}', { pathParameters: { id } })).statusCode).toBe(404);
      expect((await remove(id)).statusCode).toBe(404);
    }
    expect((await post({ ...body, id: 'nobody' })).statusCode).toBe(404);
  });
});

describe('the list of heartbeats', () => {
  const rule = {
    name: 'watchdog',
    source: 'main',
    matchers: [{ name: 'alertname', operator: '=', value: 'Watchdog' }],
    everySeconds: 300,
    graceSeconds: 60,
    lateSeverity: null,
    missingSeverity: 'SEV2',
    owner: null,
  } as const;

  async function door(lastSeenAt: string) {
    const deps = makeDoorDeps();
    const made = makeDoor({ ...deps, policy: { ...deps.policy, heartbeats: { watchdog: rule } } });
    const named = decideHeartbeat(rule, null, noon);
    if (named.outcome !== 'accepted') throw new Error('a new rule is a change');
    await saveHeartbeat(deps.memory, null, named.after, deps.policy);
    await saveHeartbeatSeen(deps.memory, 'watchdog', lastSeenAt);
    return made;
  }

  it('tells each as it stands now, whether or not the sweep has told of it', async () => {
    const { get, deps } = await door(at(100));
    const view = { name: 'watchdog', lastSeenAt: at(100), lateAt: at(400), missingAt: at(460), recoveredAt: null };
    for (const [seconds, state] of [
      [399, 'alive'],
      [1, 'late'],
      [60, 'missing'],
    ] as const) {
      deps.clock.advance(seconds);
      expect(bodyOf(await get('/v1/heartbeats'))).toMatchObject({ heartbeats: [{ ...view, state }] });
    }
  });

  it('is a line of the metrics for each', async () => {
    const { get, deps } = await door(at(100));
    deps.clock.advance(399);
    expect((await get('/metrics')).body).toContain('tocsin_heartbeat_up{name="watchdog"} 1\n');
    deps.clock.advance(61);
    expect((await get('/metrics')).body).toContain('tocsin_heartbeat_up{name="watchdog"} 0\n');
  });
});
