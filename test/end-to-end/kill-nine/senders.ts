import { setTimeout as sleep } from 'node:timers/promises';
import { listIncidents, request } from '../support/operator.ts';
import { tokens } from '../support/tocsin.ts';
import { type PlannedGroup, type PlannedWebhook, webhookBody } from './plan.ts';

export interface SendersState {
  /** How much of the run is over: 0 to 1. Set by who kills. */
  progress: number;
  /** Nothing more is tried. */
  stopped: boolean;
  accepted: number;
  /** Webhooks that got no answer, or a 5xx, and were sent again. */
  retried: number;
  acknowledgements: number;
}

/** The webhook of a group came to a final refusal: Alertmanager would drop it. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** Sends all groups at once, each in its own order, as Alertmanager's aggregation groups do. Ends when all is accepted. */
export async function sendAll(url: string, groups: readonly PlannedGroup[], state: SendersState): Promise<void> {
  const startedAt = new Date().toISOString();
  await Promise.all(
    groups.map(async (group) => {
      for (const [index, webhook] of group.webhooks.entries()) {
        while (state.progress < webhook.at && !state.stopped) await sleep(20);
        await sendUntilAccepted(url, group, webhook, startedAt, state);
        if (index === 0 && group.acknowledged) await acknowledge(url, group, state);
      }
    }),
  );
}

/** Alertmanager's rule: again after a network error, a time-out and a 5xx; its pauses are longer. */
async function sendUntilAccepted(
  url: string,
  group: PlannedGroup,
  webhook: PlannedWebhook,
  startedAt: string,
  state: SendersState,
): Promise<void> {
  for (let pauseMillis = 100; !state.stopped; pauseMillis = Math.min(pauseMillis * 1.5, 1_000)) {
    const status = await fetch(`${url}/v1/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.source}` },
      body: webhookBody(group, webhook, startedAt),
      signal: AbortSignal.timeout(10_000),
    })
      .then((response) => response.status)
      .catch(() => null);
    if (status !== null && status < 300) {
      state.accepted += 1;
      return;
    }
    if (status !== null && status < 500) throw new Refused(`a webhook of ${group.name} was answered ${status}`);
    state.retried += 1;
    await sleep(pauseMillis);
  }
}

/** Through the operator API, with a key that makes a second try harmless. */
async function acknowledge(url: string, group: PlannedGroup, state: SendersState): Promise<void> {
  for (; !state.stopped; await sleep(300)) {
    try {
      const incident = (await listIncidents({ url })).find(({ title }) => title.startsWith(`${group.name}:`));
      if (incident === undefined) continue;
      await request({ url }, `/v1/incidents/${incident.number}/acknowledge`, {
        method: 'POST',
        headers: { 'idempotency-key': `ack-${group.name}` },
      });
      state.acknowledgements += 1;
      return;
    } catch {
      // Killed in the middle, or on its way up: asked again.
    }
  }
}
