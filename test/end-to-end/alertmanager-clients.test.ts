import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alertmanager, startAlertmanager } from './support/alertmanager.ts';
import { makeScope } from './support/scope.ts';
import { startTocsin, type Tocsin, tokens } from './support/tocsin.ts';
import { until } from './support/until.ts';

/**
 * The same requests to a real Alertmanager and to Tocsin: what clients ask (PROTOCOLS 3.3, where the program cannot run here), and
 * what goes wrong. The answers must agree in status, in type and in shape; where Alertmanager's have changed since Debian's 0.25, that is
 * said.
 */
const scope = makeScope();
let tocsin: Tocsin;
let alertmanager: Alertmanager;

beforeAll(async () => {
  tocsin = await startTocsin(scope);
  const config =
    'route: { receiver: root, routes: [{ receiver: second, matchers: [never="x"] }] }\nreceivers: [{ name: root }, { name: second }]\n';
  alertmanager = await startAlertmanager(scope, { name: 'model', config });
});
afterAll(scope.end);

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(base: string, { method = 'GET', path, body, headers = {} }: Asked) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.operator}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    allow: response.headers.get('allow'),
    text,
  };
}

const both = async (asked: Asked) =>
  ({ theirs: await ask(alertmanager.url, asked), ours: await ask(`${tocsin.url}/alertmanager`, asked) }) as const;

/** Types in place of values; an object keeps its keys, a list what its first entry is. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, shapeOf(each)]),
  );
}
const shapeOfText = (text: string): unknown => (text === '' ? '' : shapeOf(JSON.parse(text)));

const hour = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
const silenceOf = (changes: object = {}) =>
  JSON.stringify({
    matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
    startsAt: inHours(0),
    endsAt: inHours(1),
    createdBy: 'karma',
    comment: 'known',
    ...changes,
  });

describe('what goes wrong', () => {
  const posts = { method: 'POST', path: '/api/v2/silences' };
  const unknown = '11111111-1111-4111-8111-111111111111';
  it.each<[string, Asked]>([
    ['an unknown path', { path: '/api/v2/nope' }],
    ['a path of one segment too few', { path: '/api/v2/silence/' }],
    ['a wrong method', { method: 'PUT', path: '/api/v2/silences', body: '{}' }],
    ['a wrong method of a probe', { method: 'POST', path: '/-/healthy', body: '{}' }],
    ['HTML that is asked for', { path: '/api/v2/alerts', headers: { accept: 'text/html' } }],
    ['a body of another type', { ...posts, body: 'x', headers: { 'content-type': 'text/plain' } }],
    ['no body', posts],
    ['half a body', { ...posts, body: '{"a":' }],
    ['a list for an object', { ...posts, body: '[]' }],
    ['an empty object', { ...posts, body: '{}' }],
    ['null', { ...posts, body: 'null' }],
    ['no creator', { ...posts, body: '{"comment":""}' }],
    ['no end', { ...posts, body: '{"comment":"","createdBy":""}' }],
    ['no matchers', { ...posts, body: silenceOf({ matchers: null }) }],
    ['an empty list of matchers', { ...posts, body: silenceOf({ matchers: [] }) }],
    ['a matcher without anything', { ...posts, body: silenceOf({ matchers: [{}] }) }],
    ['a matcher without a value', { ...posts, body: silenceOf({ matchers: [{ name: 'a', isRegex: false }] }) }],
    ['no start', { ...posts, body: silenceOf({ startsAt: null }) }],
    ['a start that is no time', { ...posts, body: silenceOf({ startsAt: 'soon' }) }],
    ['a start behind the end', { ...posts, body: silenceOf({ startsAt: inHours(2) }) }],
    ['an end in the past', { ...posts, body: silenceOf({ startsAt: inHours(-2), endsAt: inHours(-1) }) }],
    [
      'matchers that match everything',
      { ...posts, body: silenceOf({ matchers: [{ name: 'a', value: '', isRegex: false }] }) },
    ],
    [
      'a bad regular expression',
      { ...posts, body: silenceOf({ matchers: [{ name: 'a', value: '(', isRegex: true }] }) },
    ],
    ['an unknown id', { ...posts, body: silenceOf({ id: unknown }) }],
    ['an id of no shape', { ...posts, body: silenceOf({ id: 'xyz' }) }],
    ['a silence that is not there', { path: `/api/v2/silence/${unknown}` }],
    ['a silence by no id', { path: '/api/v2/silence/xyz' }],
    ['the end of a silence by no id', { method: 'DELETE', path: '/api/v2/silence/xyz' }],
    ['a filter without an operator', { path: '/api/v2/alerts?filter=foo' }],
    ['a filter of silences without an operator', { path: '/api/v2/silences?filter=foo' }],
    ['a bad receiver', { path: '/api/v2/alerts?receiver=(' }],
    ['a bad receiver of groups', { path: '/api/v2/alerts/groups?receiver=(' }],
  ])('%s', async (_, asked) => {
    const { theirs, ours } = await both(asked);
    const isApi = asked.path.startsWith('/api/');
    expect(ours.status).toBe(theirs.status);
    if (!isApi) return;
    expect([ours.type, shapeOfText(ours.text)]).toEqual([theirs.type, shapeOfText(theirs.text)]);
    expect(ours.allow?.split(',').sort()).toEqual(theirs.allow?.split(',').sort());
    const codeOf = (text: string): unknown => (text.startsWith('{') ? JSON.parse(text).code : null);
    expect(codeOf(ours.text)).toBe(codeOf(theirs.text));
    const words = (text: string) => text.trim().replace('Failed', 'failed');
    // What cannot be parsed is told in the words of the language that parses it; so is a regular expression, with its position.
    // Which methods are allowed is told in no order.
    const isOfParser = /parsing silence body|error parsing regexp|is not allowed/.test(theirs.text);
    if (isOfParser) return;
    // A refused matcher keeps Alertmanager's words and says behind them where it went wrong.
    const theirWords = words(theirs.text);
    if (theirWords.includes('bad matcher format')) expect(words(ours.text)).toContain(theirWords.replace(/"$/, ''));
    else expect(words(ours.text)).toBe(theirWords);
  });

  it('is a silence that is not there and shall end: 404 without a body, as since 0.26', async () => {
    expect(
      await ask(`${tocsin.url}/alertmanager`, { method: 'DELETE', path: `/api/v2/silence/${unknown}` }),
    ).toMatchObject({
      status: 404,
      text: '',
    });
  });
});

describe('Karma', () => {
  it('learns the version, the status, the groups and the silences, and makes and ends a silence', async () => {
    for (const each of await Promise.all(
      [alertmanager.url, `${tocsin.url}/alertmanager`].map((base) =>
        ask(base, { path: '/metrics', headers: { accept: '*/*' } }),
      ),
    )) {
      expect(each.status).toBe(200);
      const version = /^alertmanager_build_info\{.*\bversion="(\d+)\.(\d+)\.\d+".*\} 1$/m.exec(each.text);
      expect(Number(version?.[2])).toBeGreaterThanOrEqual(22);
    }
    await fireEverywhere();
    for (const path of [
      '/api/v2/status',
      '/api/v2/receivers',
      '/api/v2/silences',
      '/api/v2/alerts',
      '/api/v2/alerts/groups',
    ]) {
      const { theirs, ours } = await both({ path });
      expect([path, ours.status, ours.type]).toEqual([path, 200, theirs.type]);
      expect([path, withoutNewer(shapeOfText(ours.text))]).toEqual([path, withoutNewer(shapeOfText(theirs.text))]);
    }
    const made = await both({ method: 'POST', path: '/api/v2/silences', body: silenceOf() });
    expect([made.ours.status, shapeOfText(made.ours.text)]).toEqual([
      made.theirs.status,
      shapeOfText(made.theirs.text),
    ]);
    const ids = { ours: JSON.parse(made.ours.text).silenceID, theirs: JSON.parse(made.theirs.text).silenceID };
    for (const [base, id] of [
      [alertmanager.url, ids.theirs],
      [`${tocsin.url}/alertmanager`, ids.ours],
    ]) {
      const groups = JSON.parse((await ask(base, { path: '/api/v2/alerts/groups' })).text);
      expect(groups[0].alerts[0].status).toMatchObject({ state: 'suppressed', silencedBy: [id] });
      const ended = await ask(base, { method: 'DELETE', path: `/api/v2/silence/${id}` });
      expect([ended.status, ended.text]).toEqual([200, '']);
    }
  });
});

describe('Grafana, as an Alertmanager data source of type prometheus', () => {
  it('asks for status, alerts, groups, silences and one silence, and posts one', async () => {
    await fireEverywhere();
    const query = 'active=true&silenced=true&inhibited=true';
    for (const path of [
      '/api/v2/status',
      `/api/v2/alerts?${query}`,
      `/api/v2/alerts/groups?${query}&filter=alertname%3D%22Down%22`,
      '/api/v2/silences?filter=alertname%3D%22Down%22',
    ]) {
      const { theirs, ours } = await both({ path, headers: { accept: '*/*' } });
      expect([path, ours.status, withoutNewer(shapeOfText(ours.text))]).toEqual([
        path,
        200,
        withoutNewer(shapeOfText(theirs.text)),
      ]);
    }
    const made = await both({ method: 'POST', path: '/api/v2/silences', body: silenceOf({ createdBy: 'grafana' }) });
    const shown = {
      theirs: await ask(alertmanager.url, { path: `/api/v2/silence/${JSON.parse(made.theirs.text).silenceID}` }),
      ours: await ask(`${tocsin.url}/alertmanager`, {
        path: `/api/v2/silence/${JSON.parse(made.ours.text).silenceID}`,
      }),
    };
    expect([shown.ours.status, shapeOfText(shown.ours.text)]).toEqual([
      shown.theirs.status,
      shapeOfText(shown.theirs.text),
    ]);
  });

  it('may ask from the browser', async () => {
    const response = await fetch(`${tocsin.url}/alertmanager/api/v2/silences`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://grafana.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  });
});

/** What came after 0.25: mutedBy (0.28), and texts that an absent field may leave out. */
function withoutNewer(shape: unknown): unknown {
  const text = JSON.stringify(shape, (key, value) =>
    ['mutedBy', 'name', 'silencedBy', 'peers'].includes(key) ? undefined : value,
  );
  return JSON.parse(text);
}

let fired: Promise<unknown> | null = null;
/** One alert at both, once. */
function fireEverywhere(): Promise<unknown> {
  fired ??= (async () => {
    const labels = { alertname: 'Down', instance: 'a' };
    await alertmanager.add(['alertname=Down', 'instance=a'], { summary: 'down' });
    const response = await fetch(`${tocsin.url}/v1/alertmanager`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.source}` },
      body: JSON.stringify({
        version: '4',
        groupKey: '{}:{}',
        receiver: 'tocsin',
        status: 'firing',
        truncatedAlerts: 0,
        groupLabels: {},
        commonLabels: {},
        commonAnnotations: {},
        externalURL: 'http://a',
        alerts: [
          {
            status: 'firing',
            labels,
            annotations: { summary: 'down' },
            startsAt: new Date().toISOString(),
            endsAt: '0001-01-01T00:00:00Z',
            fingerprint: '',
          },
        ],
      }),
    });
    expect(response.status).toBe(202);
    await until('both show it in a group', async () => {
      const { theirs, ours } = await both({ path: '/api/v2/alerts/groups' });
      return theirs.text.includes('Down') && ours.text.includes('Down');
    });
  })();
  return fired;
}
