import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { makeHandler } from '#functions/serve-alertmanager.ts';
import type { AlertRecord } from '#shared/alert/alert.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Labels } from '#shared/alert/labels.ts';
import type { Policy } from '#shared/config/policy.ts';
import { alertWrite } from '#shared/store/alert-store.ts';
import type { Table } from '#shared/store/table.ts';
import { apiEvent } from './api-event.ts';
import { aPolicy, noon } from './decision-builders.ts';
import { makeDoorDeps, operators } from './door-kit.ts';
import { makeFakeSecrets } from './fake-ports.ts';

/** serve-alertmanager over a table in memory, asked as a client of Alertmanager asks. */

export const sourceSecret = {
  main: { tokens: ['source-token-1'], basic: [{ username: 'main', password: 'basic-1' }] },
};

export const asSource = 'Bearer source-token-1';
export const asOperator = (name: keyof typeof operators): string => `Bearer ${operators[name].token}`;
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export interface Asked {
  /** Null: none. */
  readonly authorization?: string | null;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function makeClient(options: { readonly policy?: Policy; readonly wrapTable?: (table: Table) => Table } = {}) {
  const made = makeDoorDeps(options);
  const sources = makeFakeSecrets(sourceSecret);
  const deps = {
    ...made,
    sourceSecrets: sources,
    secrets: {
      get: (name: string, asked?: { readonly fresh?: boolean }) =>
        (name === 'sources' ? sources : made.operatorSecrets).get('sources', asked),
    },
  };
  const handle = makeHandler(deps);
  const ask = (method: string, address: string, asked: Asked = {}) => handle(eventOf(method, address, asked));
  return { deps, handle, ask, get: (address: string, asked: Asked = {}) => ask('GET', address, asked) };
}

export type Client = ReturnType<typeof makeClient>;

/** As API Gateway hands it over: `address` is below /alertmanager, with its query. */
export function eventOf(method: string, address: string, asked: Asked = {}): APIGatewayProxyEvent {
  const { authorization = asSource, body, headers = {} } = asked;
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const names = [...new Set(searchParams.keys())];
  return apiEvent({
    httpMethod: method,
    resource: '/alertmanager/{path+}',
    path: `/alertmanager${pathname}`,
    headers: {
      Accept: 'application/json',
      ...(authorization === null ? {} : { Authorization: authorization }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    multiValueQueryStringParameters: Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)])),
    body: body ?? null,
  });
}

/** The status, and the body as JSON where it is some. */
export const answerOf = ({ statusCode, body }: APIGatewayProxyResult): readonly [number, unknown] => [
  statusCode,
  body === '' ? '' : JSON.parse(body),
];

export const firing = (labels: Labels, override: Partial<AlertRecord> = {}): AlertRecord => ({
  schema: 1,
  version: 1,
  source: 'main',
  fingerprint: fingerprintOf(labels),
  status: 'firing',
  labels,
  annotations: {},
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

export async function storeAlerts({ deps }: Pick<Client, 'deps'>, ...alerts: readonly AlertRecord[]): Promise<void> {
  for (const alert of alerts) await deps.memory.write([alertWrite(null, alert, aPolicy())]);
}
