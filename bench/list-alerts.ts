import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { makeHandler } from '#functions/serve-alertmanager.ts';
import type { AlertRecord } from '#shared/alert/alert.ts';
import { alertWrite, loadAlerts } from '#shared/store/alert-store.ts';
import { listFiringAlerts } from '#shared/store/firing-alerts.ts';
import { type MemoryTable, makeMemoryTable } from '#shared/store/memory-table.ts';
import { saveSilence } from '#shared/store/silence-store.ts';
import { makeAlerts, makeRoutes, makeSilences, now, services } from './support/core-world.ts';
import { compileBenchPolicy } from './support/policy.ts';
import type { Figure, MeasureOptions, Report } from './support/report.ts';
import { median } from './support/statistics.ts';

/** GET /alertmanager/api/v2/alerts with many open alerts, over the store in memory: CPU time of the answer, and what it holds. */

const few = 1_000;
const many = 10_000;
const silences = 1_000;

const policy = compileBenchPolicy(services, makeRoutes());

interface World {
  readonly table: MemoryTable;
  readonly ask: (query: string) => Promise<APIGatewayProxyResult>;
}

const recordOf = ({ status: _, ...alert }: ReturnType<typeof makeAlerts>[number], index: number): AlertRecord => ({
  ...alert,
  schema: 1,
  version: 1,
  source: 'local',
  // The fleet of the bench repeats itself; here each alert is one of its own.
  fingerprint: index.toString(16).padStart(16, '0'),
  status: 'firing',
  resolvedAt: null,
  endReason: null,
  changedAt: now,
  annotationsAt: now,
  externalURL: 'http://alertmanager.example.com:9093',
  groups: ['group'],
  incidentIds: ['incident'],
  suppressedBy: null,
  routePath: 'root',
  unrouted: false,
});

async function makeWorld(count: number): Promise<World> {
  const table = makeMemoryTable();
  for (const alert of makeAlerts(count).map(recordOf)) await table.write([alertWrite(null, alert, policy)]);
  for (const silence of makeSilences(silences)) await saveSilence(table, null, silence, policy);
  const nothing = () => {};
  const refuse = () => Promise.reject(new Error('a list of alerts sends nothing'));
  const handle = makeHandler({
    table,
    policy,
    clock: { now: () => now, sleep: async () => {} },
    random: () => 0.5,
    ids: { next: () => 'id', uuid: () => 'id' },
    log: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: nothing },
    queues: { send: refuse, sendAll: refuse, postpone: refuse, deadLetter: refuse, probe: refuse },
    secrets: { get: async () => ({ local: { tokens: ['bench'] } }) },
  });
  return { table, ask: (query) => handle(eventOf(query)) };
}

function eventOf(query: string): APIGatewayProxyEvent {
  const parameters = new URLSearchParams(query);
  const event: Partial<APIGatewayProxyEvent> = {
    httpMethod: 'GET',
    path: '/alertmanager/api/v2/alerts',
    headers: { Authorization: 'Bearer bench', Accept: 'application/json' },
    multiValueQueryStringParameters: Object.fromEntries(
      [...parameters.keys()].map((name) => [name, parameters.getAll(name)]),
    ),
    body: null,
    isBase64Encoded: false,
  };
  return event as APIGatewayProxyEvent;
}

/** What any list must do: find the alerts and read them. */
async function readOnly({ table }: World): Promise<void> {
  const ids = await listFiringAlerts(table);
  for (let start = 0; start < ids.length; start += 100) await loadAlerts(table, ids.slice(start, start + 100));
}

async function cpuMillis(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    // The first is for the just-in-time compiler.
    if (round > 0) times.push((user + system) / 1000);
  }
  return median(times);
}

/** Takes a quarter of the fleet, and the whole is too much for one answer. */
const filtered = 'filter=severity="critical"';

export async function measureListAlerts({ quick }: MeasureOptions): Promise<Report> {
  const rounds = quick ? 5 : 21;
  const worlds = { few: await makeWorld(few), many: await makeWorld(many) };
  const reading = await cpuMillis(rounds, () => readOnly(worlds.many));
  const whole = await cpuMillis(rounds, () => worlds.many.ask(''));
  const part = await cpuMillis(rounds, () => worlds.many.ask(filtered));
  const small = await cpuMillis(rounds, () => worlds.few.ask(''));
  const answers = {
    whole: await worlds.many.ask(''),
    part: await worlds.many.ask(filtered),
    small: await worlds.few.ask(''),
  };
  const ms = (what: string, value: number, baseline: Figure['baseline'], below?: number): Figure => ({
    what,
    value,
    unit: 'ms',
    ...(baseline === undefined ? {} : { baseline }),
    ...(below === undefined ? {} : { aim: { of: 'ratio', below } }),
  });
  const asRead = { what: 'reading alone', value: reading };
  return {
    figures: [
      ms('10,000 alerts: reading them from the table in memory', reading, undefined),
      ms('GET /alerts of 10,000', whole, asRead, 8),
      ms('GET /alerts of 10,000 with a filter that takes a quarter', part, asRead, 3),
      ms('GET /alerts of 10,000, to that of 1,000', whole, { what: 'with 1,000', value: small }, 15),
      { what: 'answer with 1,000', value: answers.small.body.length / 1024, unit: 'KB' },
      { what: 'answer with 10,000, filtered', value: answers.part.body.length / 1024, unit: 'KB' },
    ],
    notes: [
      `Alerts of 8 labels, ${silences.toLocaleString('en-US')} silences, 200 routes; each alert is routed and judged anew. Unfiltered, 10,000 answer ${answers.whole.statusCode}: ${answers.whole.statusCode === 200 ? 'they fit' : answers.whole.body.trim()}`,
      'On AWS the reading takes 100 requests of 100 alerts, 16 at a time.',
    ],
    broken: brokenBy(answers),
  };
}

function brokenBy(answers: Readonly<Record<'whole' | 'part' | 'small', APIGatewayProxyResult>>): readonly string[] {
  const broken = Object.entries(answers).flatMap(([name, answer]) =>
    Buffer.byteLength(JSON.stringify(answer)) < 6 * 1024 * 1024 ? [] : [`the answer ${name} is more than Lambda takes`],
  );
  const countOf = ({ statusCode, body }: APIGatewayProxyResult) =>
    statusCode === 200 ? JSON.parse(body).length : null;
  if (countOf(answers.small) !== few) broken.push(`${few} alerts were listed as ${countOf(answers.small)}`);
  const listed = countOf(answers.whole);
  if (listed !== null && listed !== many) broken.push(`${many} alerts were listed as ${listed}: a list was cut`);
  return broken;
}
