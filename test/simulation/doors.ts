import { createHmac } from 'node:crypto';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { apiEvent } from '#test/support/api-event.ts';
import type { PersonsDoors } from './people-model.ts';
import type { SilenceDoors } from './silences-model.ts';
import type { WebhookBody } from './webhook-body.ts';
import type { World } from './world.ts';

/** The product's doors as their callers use them: what API Gateway would hand over, and what of the answer they look at. */

export const simulationSecrets = {
  sources: { local: { tokens: ['source-token'], basic: [] } },
  operators: { human: { token: 'operator-token', role: 'responder' } },
  slack: { botToken: 'bot-token', signingSecret: 'signing-secret' },
  pagerduty: { platform: 'a'.repeat(32) },
} as const;

const isTaken = (answer: APIGatewayProxyResult | null): boolean => answer !== null && answer.statusCode < 500;

export async function postWebhook(world: World, body: WebhookBody): Promise<boolean> {
  const answer = await world.containers.invoke<APIGatewayProxyResult>(
    'receive-alerts',
    apiEvent({
      headers: { Authorization: 'Bearer source-token', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  return answer !== null && answer.statusCode >= 200 && answer.statusCode < 300;
}

function callApi(
  world: World,
  request: { method: string; resource: string; parameters: Record<string, string>; key?: string; body: unknown },
): Promise<APIGatewayProxyResult | null> {
  const path = request.resource.replace(/\{(\w+)\}/g, (_, name: string) => request.parameters[name] ?? '');
  return world.containers.invoke<APIGatewayProxyResult>(
    'serve-api',
    apiEvent({
      httpMethod: request.method,
      resource: request.resource,
      path,
      pathParameters: request.parameters,
      headers: {
        Authorization: 'Bearer operator-token',
        'Content-Type': 'application/json',
        ...(request.key === undefined ? {} : { 'Idempotency-Key': request.key }),
      },
      body: JSON.stringify(request.body),
    }),
  );
}

const slackPerson = { user: 'U0ALICE', team: 'T0SIMULATION', responseUrl: 'https://hooks.slack.example/response' };

async function postAsSlack(world: World, path: string, form: Readonly<Record<string, string>>): Promise<boolean> {
  const body = new URLSearchParams(form).toString();
  const timestamp = String(Math.floor(world.time.millis / 1000));
  const signature = createHmac('sha256', simulationSecrets.slack.signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  const answer = await world.containers.invoke<APIGatewayProxyResult>(
    'respond-to-slack',
    apiEvent({
      resource: path,
      path,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Slack-Request-Timestamp': timestamp,
        'X-Slack-Signature': `v0=${signature}`,
      },
      body,
    }),
  );
  return isTaken(answer);
}

export const personsDoors = (world: World): PersonsDoors => ({
  command: async (number, action, key) =>
    isTaken(
      await callApi(world, {
        method: 'POST',
        resource: '/v1/incidents/{number}/{action}',
        parameters: { number: String(number), action },
        key,
        body: action === 'update' ? { status: 'investigating', text: 'We look into it' } : {},
      }),
    ),
  press: (action, value, actionTs) =>
    postAsSlack(world, '/v1/slack/interactions', {
      payload: JSON.stringify({
        type: 'block_actions',
        team: { id: slackPerson.team },
        user: { id: slackPerson.user, team_id: slackPerson.team, username: 'alice' },
        response_url: slackPerson.responseUrl,
        actions: [{ type: 'button', action_id: `tocsin:${action}`, action_ts: actionTs, value }],
      }),
    }),
  type: (text, triggerId) =>
    postAsSlack(world, '/v1/slack/commands', {
      command: '/incident',
      text,
      trigger_id: triggerId,
      response_url: slackPerson.responseUrl,
      user_id: slackPerson.user,
      user_name: 'alice',
      team_id: slackPerson.team,
    }),
});

export const silenceDoors = (world: World): SilenceDoors => ({
  create: async (body) => {
    const answer = await callApi(world, { method: 'POST', resource: '/v1/silences', parameters: {}, body });
    if (answer === null || answer.statusCode >= 500) return null;
    const saved: { readonly silence?: { readonly id: string } } = JSON.parse(answer.body);
    if (!saved.silence) throw new Error(`a silence was refused: ${answer.body}`);
    return saved.silence.id;
  },
  expire: async (id) =>
    isTaken(await callApi(world, { method: 'DELETE', resource: '/v1/silences/{id}', parameters: { id }, body: null })),
});
