import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Policy } from '#shared/config/policy.ts';
import { buildCommit } from '#shared/incident/build-commit.ts';
import type { DecisionContext, IncidentCommand } from '#shared/incident/commands.ts';
import { decideIncident } from '#shared/incident/decide.ts';
import type { Incident } from '#shared/incident/incident.ts';
import type { Severity } from '#shared/incident/severity.ts';
import { assert } from '#shared/kernel/assert.ts';
import { fromEpochMillis, type Instant, toEpochMillis } from '#shared/kernel/instant.ts';
import { owePages } from '#shared/notification/page-ledger.ts';
import type { Clock, SlackResponder, VendorOutcome } from '#shared/runtime/ports.ts';
import { commitWrites, pointerOf } from '#shared/store/commit-writes.ts';
import { loadIncident } from '#shared/store/incident-store.ts';
import { type MemoryTable, makeMemoryTable } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';
import { apiEvent } from './api-event.ts';
import { alert, aPolicy, dora, noon, routedAs, source } from './decision-builders.ts';
import { makeFakeIds, makeFakeLog, makeFakeMetrics, makeFakeQueues, makeFakeSecrets } from './fake-ports.ts';

/** The doors over a table in memory and a clock that stands still until a test moves it. */

export interface HeldClock extends Clock {
  advance(seconds: number): void;
}

/** Unlike the fake clock of fake-ports.ts a sleep ends only when the test has moved the clock past it. */
export function makeHeldClock(start: Instant): HeldClock {
  let millis = toEpochMillis(start);
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => fromEpochMillis(millis),
    sleep: (pause) => new Promise((wake) => sleepers.push({ until: millis + pause, wake })),
    advance: (seconds) => {
      millis += seconds * 1000;
      for (const { until, wake } of sleepers) if (until <= millis) wake();
    },
  };
}

export interface FakeResponder extends SlackResponder {
  readonly told: { readonly url: string; readonly body: Readonly<Record<string, unknown>> }[];
  outcome: VendorOutcome<null>;
}

export function makeFakeResponder(): FakeResponder {
  const responder: FakeResponder = {
    told: [],
    outcome: { outcome: 'ok', value: null },
    respond: async (url, body) => {
      responder.told.push({ url, body });
      return responder.outcome;
    },
  };
  return responder;
}

/** Each under the name of its secret; none of them may ever be seen in an answer. */
export const secretTexts = ['viewer-token-1', 'responder-token-1', 'admin-token-1', 'signing-secret-1', 'xoxb-bot-1'];

export const operators = {
  vera: { token: 'viewer-token-1', role: 'viewer' },
  human: { token: 'responder-token-1', role: 'responder' },
  ada: { token: 'admin-token-1', role: 'admin' },
};
export const slackSecret = { botToken: 'xoxb-bot-1', signingSecret: 'signing-secret-1' };

export function makeDoorDeps(
  override: { readonly policy?: Policy; readonly wrapTable?: (table: Table) => Table } = {},
) {
  const memory = makeMemoryTable();
  const operatorSecrets = makeFakeSecrets(operators);
  const slackSecrets = makeFakeSecrets(slackSecret);
  return {
    memory,
    table: override.wrapTable?.(memory) ?? memory,
    operatorSecrets,
    slackSecrets,
    secrets: {
      get: (name: string, options?: { readonly fresh?: boolean }) =>
        (name === 'operators' ? operatorSecrets : slackSecrets).get('operators', options),
    },
    queues: makeFakeQueues(),
    slackResponder: makeFakeResponder(),
    clock: makeHeldClock(noon),
    ids: makeFakeIds('id'),
    random: () => 0.5,
    policy: override.policy ?? aPolicy(),
    log: makeFakeLog(),
    metrics: makeFakeMetrics(),
    settings: {
      environment: 'test',
      publicUrl: 'https://tocsin.example',
      eventsTopic: 'arn:aws:sns:us-east-1:000000000000:events',
      fallbackTopic: 'arn:aws:sns:us-east-1:000000000000:fallback',
      statusPrefix: 'status/',
    },
  };
}

export type DoorDeps = ReturnType<typeof makeDoorDeps>;

export const incidentIdOf = (number: number): string => `incident${String(number).padStart(12, '0')}`;

/** An incident as an alert opens it, stored with its commit, pages, pointer and number. */
export async function openIncident(
  { memory, clock, policy }: { readonly memory: MemoryTable; readonly clock: Clock; readonly policy: Policy },
  number = 42,
  severity: Severity = 'SEV1',
  override: Parameters<typeof routedAs>[1] = {},
): Promise<Incident> {
  const routed = routedAs(severity, { incidentKey: `group:main:hook:${number}`, ...override });
  const command: IncidentCommand = {
    type: 'ApplyAlerts',
    routed,
    joined: [{ summary: alert('a'), fresh: true }],
    resolved: [],
    suppressed: [],
    number,
  };
  return save(
    { memory, policy },
    null,
    command,
    { now: clock.now(), actor: source, policy, overrides: [], commandId: null },
    number,
  );
}

/** A command that somebody else has carried out meanwhile. */
export async function carryOutElsewhere(deps: DoorDeps, number: number, command: IncidentCommand): Promise<Incident> {
  const before = await loadIncident(deps.memory, incidentIdOf(number));
  assert(before, 'the incident is there');
  const context = { now: deps.clock.now(), actor: dora, policy: deps.policy, overrides: [], commandId: null };
  return save(deps, before, command, context, number);
}

async function save(
  { memory, policy }: { readonly memory: MemoryTable; readonly policy: Policy },
  before: Incident | null,
  command: IncidentCommand,
  context: DecisionContext,
  number: number,
): Promise<Incident> {
  const decision = decideIncident(command, before, context);
  assert(decision.outcome === 'accepted', `${command.type} was ${decision.outcome}`);
  const ids = { incidentId: incidentIdOf(number), correlationId: 'seed' };
  const { after, commit } = buildCommit(before, decision.events, context, ids);
  const pointerBefore = before === null ? null : pointerOf(before, policy);
  await memory.write(commitWrites({ before, after, commit, pages: owePages(commit, after), pointerBefore, policy }));
  return after;
}

/** A request of the API, with the token of an operator. */
export function request(
  method: string,
  resource: string,
  override: Partial<APIGatewayProxyEvent> & { readonly as?: keyof typeof operators } = {},
): APIGatewayProxyEvent {
  const { as = 'human', headers, ...event } = override;
  const Authorization = `Bearer ${operators[as].token}`;
  return apiEvent({ httpMethod: method, resource, path: resource, headers: { Authorization, ...headers }, ...event });
}

export const bodyOf = (answer: APIGatewayProxyResult) => JSON.parse(answer.body);

/** The answer as a whole: status, type and document. */
export const documentOf = (answer: APIGatewayProxyResult) => ({
  status: answer.statusCode,
  contentType: answer.headers?.['Content-Type'],
  ...bodyOf(answer),
});

export const slackForm = (override: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    command: '/incident',
    text: 'list',
    user_id: 'UDORA',
    user_name: 'dora.d',
    team_id: 'T1',
    trigger_id: 'trigger.1',
    response_url: 'https://hooks.slack.com/commands/1',
    is_enterprise_install: 'false',
    ...override,
  }).toString();

/** Signed as Slack does: HMAC-SHA256 over `v0:<seconds>:<raw body>`. */
export function slackRequest(
  deps: { readonly clock: Clock },
  path: 'commands' | 'interactions',
  body: string,
  override: { readonly secret?: string; readonly skewSeconds?: number } & Partial<APIGatewayProxyEvent> = {},
): APIGatewayProxyEvent {
  const { secret = slackSecret.signingSecret, skewSeconds = 0, ...event } = override;
  const seconds = Math.floor(toEpochMillis(deps.clock.now()) / 1000) + skewSeconds;
  const signature = createHmac('sha256', secret).update(`v0:${seconds}:`).update(body).digest('hex');
  return apiEvent({
    resource: `/v1/slack/${path}`,
    path: `/v1/slack/${path}`,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Slack-Request-Timestamp': String(seconds),
      'X-Slack-Signature': `v0=${signature}`,
    },
    body,
    ...event,
  });
}

/** What Slack posts when somebody presses a button of ours. */
export const pressOf = (button: string, value: string, override: Readonly<Record<string, unknown>> = {}): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      user: { id: 'UDORA', username: 'dora.d', team_id: 'T1' },
      team: { id: 'T1', domain: 'tocsin' },
      enterprise: null,
      is_enterprise_install: false,
      response_url: 'https://hooks.slack.com/actions/1',
      actions: [{ type: 'button', action_id: `tocsin:${button}`, value, action_ts: '1700000000.1' }],
      ...override,
    }),
  }).toString();
