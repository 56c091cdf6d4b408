import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type PagerDutyStandIn,
  type PagerDutyStandInOptions,
  startPagerDutyStandIn,
} from '#local/sandbox/pagerduty-stand-in.ts';
import { useTempDirs } from './temp-dir.ts';

const tempDir = useTempDirs();
const running: PagerDutyStandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.stop()));
});

async function start(options: PagerDutyStandInOptions = {}): Promise<PagerDutyStandIn> {
  const standIn = await startPagerDutyStandIn({ dataDir: tempDir(), ...options });
  running.push(standIn);
  return standIn;
}

const key = 'k'.repeat(32);
const payload = { summary: 'checkout is down', source: 'tocsin', severity: 'critical' };
const trigger = (dedup: string) => ({ routing_key: key, event_action: 'trigger', dedup_key: dedup, payload });
const acknowledge = (dedup: string) => ({ routing_key: key, event_action: 'acknowledge', dedup_key: dedup });
const resolve = (dedup: string) => ({ routing_key: key, event_action: 'resolve', dedup_key: dedup });

/** Trusts the stand-in's certificate and nothing else, as the product does. */
function send(
  standIn: PagerDutyStandIn,
  body: object,
  path = '/v2/enqueue',
): Promise<{ status: number; body: unknown }> {
  const agent = new Agent({ ca: readFileSync(standIn.caFile) });
  return new Promise((done, fail) => {
    const call = request(`https://${standIn.server}${path}`, { method: 'POST', agent, timeout: 500 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    call.on('timeout', () => call.destroy(new Error('timed out')));
    call.on('error', fail);
    call.end(JSON.stringify(body));
  });
}

const effects = (standIn: PagerDutyStandIn) => standIn.model.history.map((entry) => entry.effect);

describe('Events API v2', () => {
  it('notifies for a trigger, and answers 202 with the dedup key', async () => {
    const standIn = await start({ now: () => 5 });
    expect(await send(standIn, trigger('i1:1'))).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'i1:1' },
    });
    expect(standIn.model.notifications).toEqual([
      { at: 5, routingKey: key, dedupKey: 'i1:1', summary: 'checkout is down', severity: 'critical' },
    ]);
  });

  it('does not notify again for a trigger on an open alert, also when it is acknowledged', async () => {
    const standIn = await start();
    for (const event of [trigger('a'), trigger('a'), acknowledge('a'), trigger('a')]) await send(standIn, event);
    expect(effects(standIn)).toEqual([
      'notifies',
      'added to the open alert, nobody is notified',
      'acknowledged',
      'added to the open alert, nobody is notified',
    ]);
    expect(standIn.model.alertOf(key, 'a')).toMatchObject({ status: 'acknowledged', repeats: 2 });
    expect(standIn.model.notifications).toHaveLength(1);
  });

  it('opens a new incident, and notifies, for a trigger after the resolve', async () => {
    const standIn = await start();
    for (const event of [trigger('a'), resolve('a'), trigger('a')]) await send(standIn, event);
    expect(effects(standIn)).toEqual(['notifies', 'resolved', 'notifies']);
  });

  it('takes and drops an acknowledge or resolve without an open alert', async () => {
    const standIn = await start();
    for (const event of [acknowledge('a'), resolve('b')]) expect((await send(standIn, event)).status).toBe(202);
    expect(effects(standIn)).toEqual(Array(2).fill('dropped: no open alert with this key'));
  });

  it('keeps alerts of one dedup key but different routing keys apart', async () => {
    const standIn = await start();
    await send(standIn, trigger('a'));
    await send(standIn, { ...trigger('a'), routing_key: 'o'.repeat(32) });
    expect(standIn.model.notifications).toHaveLength(2);
  });

  it.each([
    ['a short routing key', { ...trigger('a'), routing_key: 'short' }],
    ['an unknown action', { ...trigger('a'), event_action: 'page' }],
    ['a resolve without a key', { routing_key: key, event_action: 'resolve' }],
    ['a key of 256 characters', trigger('x'.repeat(256))],
    ['a trigger without a payload', { routing_key: key, event_action: 'trigger', dedup_key: 'a' }],
    ['a summary of 1,025 characters', { ...trigger('a'), payload: { ...payload, summary: 'x'.repeat(1_025) } }],
    ['an unknown severity', { ...trigger('a'), payload: { ...payload, severity: 'SEV1' } }],
  ])('refuses %s with 400 and does nothing', async (_, event) => {
    const standIn = await start();
    const answer = await send(standIn, event);
    expect(answer).toMatchObject({ status: 400, body: { status: 'invalid event' } });
    expect(standIn.model.history).toEqual([]);
  });

  it('takes 120 events a minute and key on a sliding window, then answers 429 without taking the event', async () => {
    let now = 0;
    const standIn = await start({ now: () => now });
    for (let sent = 0; sent < 120; sent += 1) {
      now = sent * 100;
      expect((await send(standIn, trigger('a'))).status).toBe(202);
    }
    expect((await send(standIn, trigger('b'))).status).toBe(429);
    expect((await send(standIn, { ...trigger('b'), routing_key: 'o'.repeat(32) })).status).toBe(202);
    now = 60_000;
    expect((await send(standIn, trigger('b'))).status).toBe(202);
    expect((await send(standIn, trigger('c'))).status).toBe(429);
  });

  it('answers 413 above 512 KB', async () => {
    const standIn = await start();
    const event = { ...trigger('a'), payload: { ...payload, custom_details: { x: 'x'.repeat(512 * 1024) } } };
    expect((await send(standIn, event)).status).toBe(413);
  });
});

describe('faults and restarts', () => {
  it('cuts the connection after taking the event: a second send is harmless', async () => {
    const standIn = await start();
    standIn.faults.next({ kind: 'reset', carriedOut: true });
    await expect(send(standIn, trigger('a'))).rejects.toThrow();
    expect((await send(standIn, trigger('a'))).status).toBe(202);
    expect(standIn.model.notifications).toHaveLength(1);
  });

  it('stays silent without having taken the event', async () => {
    const standIn = await start();
    standIn.faults.next({ kind: 'silence', carriedOut: false });
    await expect(send(standIn, trigger('a'))).rejects.toThrow('timed out');
    expect(standIn.model.notifications).toEqual([]);
  });

  it('still knows its open alerts and shows the same certificate after a restart', async () => {
    const dataDir = tempDir();
    const first = await start({ dataDir });
    await send(first, trigger('a'));
    const certificate = readFileSync(first.caFile, 'utf8');
    // No stop: what is on disk now is all that kill -9 would leave.
    const second = await start({ dataDir });
    await send(second, trigger('a'));
    expect(second.model.notifications).toHaveLength(1);
    expect(readFileSync(second.caFile, 'utf8')).toBe(certificate);
  });
});
