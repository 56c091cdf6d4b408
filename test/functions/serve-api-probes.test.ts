import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/serve-api.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { writeMetrics } from '#shared/runtime/api/metrics-text.ts';
import { toItem } from '#shared/store/codec.ts';
import { breakerKey, metricCountersKey, sweepHeartbeatKey } from '#shared/store/keys.ts';
import { acknowledges, at, noon } from '#test/support/decision-builders.ts';
import {
  carryOutElsewhere,
  type DoorDeps,
  documentOf,
  makeDoorDeps,
  openIncident,
  request,
  secretTexts,
} from '#test/support/door-kit.ts';

function makeDoor(deps: DoorDeps = makeDoorDeps()) {
  const handle = makeHandler(deps);
  const open = (resource: string) => handle({ ...request('GET', resource), headers: {} });
  return { deps, open, metrics: () => handle(request('GET', '/metrics', { as: 'vera' })) };
}

const unavailable = new AdapterError('dynamodb', 'unavailable', 'secret-host:8000 refused');

describe('health and readiness', () => {
  it('says ok while the process runs, whatever else is broken', async () => {
    const { deps, open } = makeDoor(
      makeDoorDeps({ wrapTable: (table) => ({ ...table, get: () => Promise.reject(unavailable) }) }),
    );
    deps.operatorSecrets.failWith = unavailable;
    expect(await open('/healthz')).toMatchObject({ statusCode: 200, body: 'ok' });
  });

  it('is ready when every dependency answers', async () => {
    const { open } = makeDoor();
    expect(documentOf(await open('/readyz'))).toEqual({
      status: 'ready',
      contentType: 'application/json',
      dependencies: { table: 'ok', 'ingest queue': 'ok', secrets: 'ok' },
    });
  });

  it('names what fails, and nothing that the dependency said', async () => {
    const { deps, open } = makeDoor(
      makeDoorDeps({ wrapTable: (table) => ({ ...table, get: () => Promise.reject(unavailable) }) }),
    );
    deps.queues.failWith = new Error('arn:aws:sqs:secret');
    const answer = await open('/readyz');
    expect(documentOf(answer)).toEqual({
      contentType: 'application/problem+json',
      type: 'about:blank',
      title: 'Not ready',
      status: 503,
      detail: 'Tocsin waits for: table (unavailable), ingest queue (failed).',
      dependencies: { table: 'unavailable', 'ingest queue': 'failed', secrets: 'ok' },
    });
  });

  it('waits 1.5 s for a dependency, for all of them at once', async () => {
    const { deps, open } = makeDoor(
      makeDoorDeps({ wrapTable: (table) => ({ ...table, get: () => new Promise(() => {}) }) }),
    );
    const answer = open('/readyz');
    await new Promise(setImmediate);
    deps.clock.advance(1.5);
    expect(documentOf(await answer).detail).toBe('Tocsin waits for: table (no answer in time).');
  });

  it('asks the dependencies once in ten seconds, however often it is asked', async () => {
    let reads = 0;
    const { deps, open } = makeDoor(
      makeDoorDeps({
        wrapTable: (table) => ({
          ...table,
          get: (keys) => {
            reads += 1;
            return table.get(keys);
          },
        }),
      }),
    );
    await Promise.all([open('/readyz'), open('/readyz')]);
    deps.clock.advance(9.9);
    await open('/readyz');
    expect(reads).toBe(1);
    deps.clock.advance(0.1);
    await open('/readyz');
    expect(reads).toBe(2);
  });
});

const sampleOf = (text: string, name: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1),
  );

describe('/metrics', () => {
  it('needs a token', async () => {
    const { open } = makeDoor();
    expect((await open('/metrics')).statusCode).toBe(401);
  });

  it('tells what is open, pending and late, from the table', async () => {
    const { deps, metrics } = makeDoor();
    await openIncident(deps, 1, 'SEV1');
    await openIncident(deps, 2, 'SEV1');
    await carryOutElsewhere(deps, 2, acknowledges);
    await openIncident(deps, 3, 'SEV4');
    const heartbeat = { schema: 1, startedAt: noon, finishedAt: at(60), complete: true } as const;
    const breaker = { state: 'open', openings: 1, until: at(30) };
    await deps.memory.write([
      { kind: 'put', item: toItem(sweepHeartbeatKey, 'heartbeat', heartbeat) },
      { kind: 'put', item: { ...breakerKey('slack'), kind: 'breaker', schema: 1, version: 1, breaker } },
    ]);
    await deps.memory.write([
      { kind: 'update', key: metricCountersKey, set: { kind: 'counter' }, add: { incidentsOpened: 3, pagesOwed: 4 } },
    ]);
    deps.clock.advance(100);
    const answer = await metrics();
    expect(answer.headers?.['Content-Type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const value = (name: string) => sampleOf(answer.body, name);
    expect({
      triggered: value('tocsin_open_incidents{severity="SEV1",status="triggered"}'),
      acknowledged: value('tocsin_open_incidents{severity="SEV1",status="acknowledged"}'),
      quiet: value('tocsin_open_incidents{severity="SEV4",status="triggered"}'),
      none: value('tocsin_open_incidents{severity="SEV2",status="triggered"}'),
      pages: value('tocsin_pages_pending'),
      commits: value('tocsin_commits_undispatched'),
      oldest: value('tocsin_oldest_due_seconds'),
      heartbeat: value('tocsin_sweep_heartbeat_age_seconds'),
      open: value('tocsin_breaker_state{vendor="slack",state="open"}'),
      closed: value('tocsin_breaker_state{vendor="slack",state="closed"}'),
      pagerduty: value('tocsin_breaker_state{vendor="pagerduty",state="closed"}'),
      opened: value('tocsin_incidents_opened_total'),
      owed: value('tocsin_pages_owed_total'),
      cancelled: value('tocsin_pages_cancelled_total'),
      complete: value('tocsin_metrics_complete'),
    }).toEqual({
      triggered: 1,
      acknowledged: 1,
      quiet: 1,
      none: 0,
      pages: 4,
      commits: 4,
      oldest: 40,
      heartbeat: 40,
      open: 1,
      closed: 0,
      pagerduty: 1,
      opened: 3,
      owed: 4,
      cancelled: 0,
      complete: 1,
    });
    for (const secret of secretTexts) expect(answer.body).not.toContain(secret);
  });

  it('is well formed: each family once, with help and type before its samples', async () => {
    const { metrics } = makeDoor();
    const lines = (await metrics()).body.split('\n');
    expect(lines.at(-1)).toBe('');
    const families = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
    expect(new Set(families).size).toBe(families.length);
    let family = '';
    for (const line of lines.slice(0, -1)) {
      if (line.startsWith('# HELP ')) family = line.split(' ')[2] ?? '';
      else if (line.startsWith('# TYPE ')) expect(line).toMatch(new RegExp(`^# TYPE ${family} (gauge|counter)$`));
      else expect(line).toMatch(new RegExp(`^${family}(\\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\\})? -?\\d+(\\.\\d+)?$`));
    }
    expect(families).not.toContain('tocsin_sweep_heartbeat_age_seconds');
  });

  it('escapes labels and help as Prometheus asks', () => {
    const text = writeMetrics([
      { name: 'x', type: 'gauge', help: 'a\\b\nc "d"', samples: [{ labels: { l: 'a\\b\nc"d' }, value: 1.5 }] },
      { name: 'y', type: 'counter', help: 'nothing', samples: [] },
    ]);
    expect(text).toBe('# HELP x a\\\\b\\nc "d"\n# TYPE x gauge\nx{l="a\\\\b\\nc\\"d"} 1.5\n');
  });

  it('reads the table at most once in ten seconds', async () => {
    let queries = 0;
    const { deps, metrics } = makeDoor(
      makeDoorDeps({
        wrapTable: (table) => ({
          ...table,
          queryIndex: (query) => {
            queries += 1;
            return table.queryIndex(query);
          },
        }),
      }),
    );
    await metrics();
    const once = queries;
    await metrics();
    expect(queries).toBe(once);
    deps.clock.advance(10);
    await metrics();
    expect(queries).toBe(2 * once);
  });

  it('bounds what it reads, and says that there is more than it counted', async () => {
    let queries = 0;
    const { metrics } = makeDoor(
      makeDoorDeps({
        wrapTable: (table) => ({
          ...table,
          queryIndex: async () => {
            queries += 1;
            return { items: [], next: 'more' };
          },
        }),
      }),
    );
    const answer = await metrics();
    expect(sampleOf(answer.body, 'tocsin_metrics_complete')).toBe(0);
    expect(queries).toBe(3 * 16 * 2);
  });
});
